"""Writing for the receiver how tenants stand: after `up`, or by `tenantry sync` after plain `pulumi up`."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from tenantry.engine.state.deployment import StateResource
from tenantry.ledger.connection import Ledger
from tenantry.ledger.standing import NewStanding, read_standing, replace_standing, update_standing
from tenantry.ledger.values import StackRef
from tenantry.manifest.load import Loaded
from tenantry.model.suspension import KEPT_STATES
from tenantry.model.tenant_standing import TenantStanding, parse_standing, stand


@dataclass(frozen=True)
class Synced:
    """What was written for the receiver."""

    tenants: int
    caps: int
    """Caps that suspend."""
    without_account: tuple[str, ...]
    """The tenants that have no account yet."""


def stand_fleet(loaded: Loaded, state: Sequence[StateResource]) -> Iterator[TenantStanding]:
    """Yield how each tenant stands that has an account in the state."""
    accounts = {resource.slug: resource.sid for resource in state if resource.kind == "subaccount"}
    triggers: dict[str, dict[str, str]] = {}
    for resource in state:
        if resource.kind == "usage_trigger" and resource.sid is not None:
            triggers.setdefault(resource.slug, {})[resource.entry] = resource.sid
    for slug, tenant in loaded.tenants.items():
        sid = accounts.get(slug)
        if sid is not None and tenant.state != "released":
            yield stand(tenant, sid, loaded.stack.webhooks, triggers.get(slug, {}))


def sync_standing(
    ledger: Ledger,
    stack: StackRef,
    loaded: Loaded,
    state: Sequence[StateResource],
    commit: str | None,
    focus: Collection[str] | None = None,
) -> Synced:
    """Write how all tenants stand; raises LedgerError.

    Of a run that was for some tenants, the others stay as they were: their manifests may not be applied yet.
    """
    before = {row.tenant: parse_standing(row.document) for row in read_standing(ledger, stack.parent)}
    standings = tuple(
        before.get(standing.tenant, standing) if focus is not None and standing.tenant not in focus else standing
        for standing in stand_fleet(loaded, state)
    )
    replace_standing(ledger, stack, map(_row_of, standings), commit)
    known = {standing.tenant for standing in standings}
    missing = tuple(
        slug
        for slug, tenant in loaded.tenants.items()
        if slug not in known and tenant.state not in ("released", "closed")
    )
    return Synced(len(standings), sum(len(standing.suspending) for standing in standings), missing)


def sync_kept(ledger: Ledger, stack: StackRef, loaded: Loaded) -> None:
    """Write which tenants manifests keep suspended before `up` suspends them: nobody is to wake them meanwhile."""
    known = (parse_standing(row.document) for row in read_standing(ledger, stack.parent))
    update_standing(ledger, stack, map(_row_of, _find_changed(known, loaded)))


def _find_changed(known: Iterable[TenantStanding], loaded: Loaded) -> Iterator[TenantStanding]:
    for standing in known:
        tenant = loaded.tenants.get(standing.tenant)
        if tenant is not None and tenant.state in KEPT_STATES and standing.state != tenant.state:
            yield standing.model_copy(update={"state": tenant.state})


def _row_of(standing: TenantStanding) -> NewStanding:
    return NewStanding(standing.tenant, standing.account_sid, standing.model_dump_json())
