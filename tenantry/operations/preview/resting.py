"""Tenants whose account is suspended, and whose manifest says nothing of its state: a plan leaves them out.

Providers leave such an account and all in it as it is, but they can only refuse, which fails the run. So a plan that
has steps for a tenant that names no state asks Twilio once for all accounts. Those that the ledger has as suspended are
left out whatever Twilio says of them yet, and the plan says who suspended them, why, and until when.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from tenantry.engine.events.event import Diagnostic, Event, ResourcePre
from tenantry.engine.events.plan import Plan, Step
from tenantry.engine.run.command import Run
from tenantry.engine.run.focus import fits
from tenantry.model.kinds import BY_TOKEN
from tenantry.model.subaccount import is_resting
from tenantry.operations.errors import StoppedError
from tenantry.operations.ledger.held import Held, describe_held, find_contradictions, read_held
from tenantry.operations.ledger.opening import Place
from tenantry.operations.stack.focus import Focus
from tenantry.operations.stack.open import Opened
from tenantry.text.some import first_of
from tenantry.twilio.errors import CredentialsMissing, TwilioError
from tenantry.twilio.http.retry_policy import QUICK
from tenantry.twilio.http.traffic import Traffic
from tenantry.twilio.session import Session

NAMED = 10
LEFT = (
    "left as it is, with all that is in it: account {} is suspended in Twilio, and the manifest names no state. When "
    "the account is active, the next run does what is waiting; `state: active` makes it active, and `state: suspended` "
    "says that it is meant"
)
LEFT_HELD = "left as it is, with all that is in it: account {} is {}. The next run after that does what is waiting"
HELD = "{} is {}"
MORE_HELD = "{} more tenants are suspended, by the ledger; `tenantry caps` and `tenantry export` say why"
NOBODY_HELD = Held()
PASSED_OVER = (
    "{} belongs to no tenant that has a manifest, and waits too: a run that leaves {} as it is does what is left for "
    "the other tenants alone"
)


@dataclass(frozen=True)
class Resting:
    """The accounts of tenants that a plan leaves out, by slug, what it had for them, and what it has cost to ask."""

    accounts: Mapping[str, ResourcePre] = field(default_factory=dict)
    waiting: tuple[Step, ...] = ()
    traffic: Traffic = field(default_factory=Traffic)
    held: Held = field(default_factory=Held)
    """Why tenants of the run are suspended, as the ledger has it."""

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """A sentence for each tenant, and one for what belongs to none."""
        of_tenants = (*self._tell_left(), *self._tell_held())
        names = [step.name for step in self.waiting if step.slug not in self.accounts]
        passed_over = PASSED_OVER.format(first_of(names, NAMED), first_of(sorted(self.accounts), NAMED))
        return (*of_tenants, *([Diagnostic("warning", "", passed_over)] if names else []))

    def _tell_left(self) -> Iterator[Diagnostic]:
        for slug, event in self.accounts.items():
            rows = self.held.of(slug)
            text = LEFT_HELD.format(event.id, describe_held(rows)) if rows else LEFT.format(event.id)
            yield Diagnostic("warning", event.urn, text)

    def _tell_held(self) -> Iterator[Diagnostic]:
        """Yield who else is suspended, which changes nothing in this plan."""
        if self.held.problem is not None:
            yield Diagnostic("warning", "", self.held.problem)
        untouched = sorted(self.held.slugs - self.accounts.keys())
        for slug in untouched[:NAMED]:
            yield Diagnostic("warning", "", HELD.format(slug, describe_held(self.held.of(slug))))
        if more := untouched[NAMED:]:
            yield Diagnostic("warning", "", MORE_HELD.format(len(more)))

    def exclude_from(self, opened: Opened, focus: Focus) -> Focus:
        """Return the tenants of a run without those that rest; where they are too many to be named, all as before."""
        remaining = frozenset(opened.loaded.managed if focus is None else focus) - self.accounts.keys()
        return remaining if self.accounts and fits(remaining) else focus

    def hold_apart(self, plan: Plan) -> Plan:
        """Return a plan in which what is to be done for these tenants waits, and is no step."""
        waiting = {(step.urn, step.type) for step in self.waiting}
        return replace(
            plan,
            steps=tuple(step for step in plan.steps if (step.urn, step.type) not in waiting),
            waiting=(*plan.waiting, *self.waiting),
            warnings=(*plan.warnings, *self.warnings),
        )


def find_held(opened: Opened, focus: Focus) -> Held:
    """Return why tenants of a run are suspended, by the ledger; raises StoppedError where a manifest contradicts it."""
    held = read_held(Place(opened.project.folder, opened.loaded.stack, opened.project.environ))
    wanted = frozenset(opened.loaded.tenants if focus is None else focus)
    if refusals := tuple(find_contradictions(opened.loaded.tenants, held)):
        raise StoppedError("\n".join((*(f"{sentence}." for _, sentence in refusals), "Nothing was changed.")))
    return Held(tuple(row for row in held.rows if row.tenant in wanted), held.problem)


def find_resting(opened: Opened, run: Run, plan: Plan, held: Held = NOBODY_HELD) -> Resting:
    """Return the tenants of a plan whose account the state has, and that are to be left as they are.

    Without credentials, or where Twilio does not answer, only those that the ledger has as suspended: providers look
    before they act.
    """
    slugs = {step.slug for step in plan.steps if step.op != "wait"}
    stateless = {slug for slug, tenant in opened.loaded.tenants.items() if tenant.state is None and slug in slugs}
    accounts = {event.name: event for event in _find_accounts(run.events) if event.name in stateless}
    if plan.errors:
        return Resting()
    stopped, traffic = _find_stopped(opened) if accounts.keys() - held.slugs else (frozenset[str](), Traffic())
    resting = {slug: event for slug, event in accounts.items() if event.id in stopped or slug in held.slugs}
    resting_steps = [step for step in plan.steps if step.slug in resting or (resting and _is_nobodys(step, opened))]
    return Resting(resting, tuple(replace(step, op="wait") for step in resting_steps), traffic, held)


def _find_stopped(opened: Opened) -> tuple[frozenset[str], Traffic]:
    """Return the accounts that are suspended at Twilio, and what it has cost to ask."""
    try:
        session = Session.from_env(opened.project.environ, retry_policy=QUICK)
        stopped = frozenset(account.sid for account in session.subaccounts.all() if is_resting(account.status))
    except (CredentialsMissing, TwilioError):
        return frozenset(), Traffic()
    return stopped, session.traffic


def _is_nobodys(step: Step, opened: Opened) -> bool:
    """Return whether a run that is for some tenants alone passes a step over."""
    return step.slug not in opened.loaded.tenants and BY_TOKEN.get(step.type) != "fleet"


def _find_accounts(events: Iterable[Event]) -> Iterator[ResourcePre]:
    return (event for event in events if isinstance(event, ResourcePre) and BY_TOKEN.get(event.type) == "subaccount")
