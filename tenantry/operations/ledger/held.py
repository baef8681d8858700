"""Why tenants are suspended, as the ledger has it: for everything that shows them, or leaves them as they are."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tenantry.ledger.errors import LedgerError
from tenantry.ledger.suspensions import Suspension, open_suspensions
from tenantry.manifest.load import load
from tenantry.manifest.problem import Problem
from tenantry.manifest.project import require_stack
from tenantry.manifest.yaml.tree import node_at
from tenantry.model.tenant import Tenant
from tenantry.operations.ledger.opening import Place, open_for_readings
from tenantry.text.printable import printable
from tenantry.twilio.credentials import SID

UNKNOWN = "Whether tenants are suspended could not be read, so only Twilio says it: {}"
CONTRADICTION = (
    "{slug} says `state: active`, and it is {held}. Each `up` would make it active. Take `state` out of its manifest; "
    "{way} lifts the reason"
)


@dataclass(frozen=True)
class Held:
    """The reasons that hold, and why they are not known."""

    rows: tuple[Suspension, ...] = ()
    problem: str | None = None

    @property
    def slugs(self) -> frozenset[str]:
        """The tenants that are suspended."""
        return frozenset(row.tenant for row in self.rows)

    def of(self, slug: str) -> tuple[Suspension, ...]:
        """Return the reasons of a tenant, the newest last."""
        return tuple(row for row in self.rows if row.tenant == slug)


def read_held(place: Place) -> Held:
    """Return the reasons that hold below a stack's parent account; none where the stack has no ledger."""
    parent = place.stack.parent or place.environ.get(SID, "").strip()
    if place.stack.ledger is None or not parent:
        return Held()
    try:
        with open_for_readings(place) as ledger:
            return Held(open_suspensions(ledger, parent))
    except LedgerError as error:
        return Held(problem=UNKNOWN.format(error))


def describe_held(rows: Iterable[Suspension]) -> str:
    """Return who suspended a tenant, why, and until when: `suspended for cap (monthly-sms 2026-03-01) by …`."""
    return "; ".join(map(_describe, rows))


def find_contradictions(tenants: Mapping[str, Tenant], held: Held) -> Iterator[tuple[str, str]]:
    """Yield each tenant that its manifest wants active while a reason holds, with a sentence."""
    for slug in sorted(held.slugs):
        tenant = tenants.get(slug)
        if tenant is not None and tenant.state == "active":
            rows = held.of(slug)
            ways = dict.fromkeys(_way_out(row) for row in rows)
            yield slug, CONTRADICTION.format(slug=slug, held=describe_held(rows), way=" and ".join(ways))


def _way_out(row: Suspension) -> str:
    if row.reason == "cap":
        return f"`tenantry caps override {row.tenant} {row.ref.partition(' ')[0]}`"
    return f"`tenantry resume {row.tenant} --reason {row.reason}`"


def _describe(row: Suspension) -> str:
    until = f", until {row.until:%Y-%m-%d %H:%M} UTC" if row.until else ""
    who = printable(f"({row.ref}) by {row.by}")
    return f"suspended for {row.reason} {who}, since {row.since:%Y-%m-%d %H:%M} UTC{until}"


def find_held_problems(root: Path, stack: str | None, environ: Mapping[str, str]) -> Iterator[Problem]:
    """Yield a problem for each manifest that says `state: active` while a reason holds in a ledger that can be read.

    Manifests are read again only where some tenant is suspended.
    """
    settings = require_stack(root, stack)
    held = read_held(Place(root, settings, environ))
    if not held.rows:
        return
    loaded = load(root, stack)
    for slug, sentence in find_contradictions(loaded.tenants, held):
        node = node_at(loaded.origins[slug], ("state",))
        yield Problem.at(node.place if node else loaded.origins[slug].place, "state", sentence)
