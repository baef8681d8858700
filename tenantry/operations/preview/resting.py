"""Tenants whose account somebody has suspended, and whose manifest says nothing of its state: a plan leaves them out.

Providers leave such an account and all in it as it is, but they can only refuse, which fails the run. So a plan that
has steps for a tenant that names no state asks Twilio once for all accounts.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from tenantry.engine.events.event import Diagnostic, Event, ResourcePre
from tenantry.engine.events.plan import Plan, Step
from tenantry.engine.run.command import Run
from tenantry.engine.run.focus import fits
from tenantry.model.kinds import BY_TOKEN
from tenantry.model.subaccount import is_resting
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

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """A sentence for each tenant, and one for what belongs to none."""
        of_tenants = (Diagnostic("warning", event.urn, LEFT.format(event.id)) for event in self.accounts.values())
        names = [step.name for step in self.waiting if step.slug not in self.accounts]
        passed_over = PASSED_OVER.format(first_of(names, NAMED), first_of(sorted(self.accounts), NAMED))
        return (*of_tenants, *([Diagnostic("warning", "", passed_over)] if names else []))

    def exclude_from(self, opened: Opened, focus: Focus) -> Focus:
        """Return the tenants of a run without those that rest; where they are too many to be named, all as before."""
        remaining = frozenset(opened.loaded.tenants if focus is None else focus) - self.accounts.keys()
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


def find_resting(opened: Opened, run: Run, plan: Plan) -> Resting:
    """Return the tenants of a plan whose account the state has, and that are to be left as they are.

    Without credentials, or where Twilio does not answer, that is none: providers look before they act.
    """
    slugs = {step.slug for step in plan.steps if step.op != "wait"}
    stateless = {slug for slug, tenant in opened.loaded.tenants.items() if tenant.state is None and slug in slugs}
    accounts = {event.name: event for event in _find_accounts(run.events) if event.name in stateless}
    if plan.errors or not accounts:
        return Resting()
    try:
        session = Session.from_env(opened.project.environ, retry_policy=QUICK)
        stopped = {account.sid for account in session.subaccounts.all() if is_resting(account.status)}
    except (CredentialsMissing, TwilioError):
        return Resting()
    resting = {slug: event for slug, event in accounts.items() if event.id in stopped}
    resting_steps = [step for step in plan.steps if step.slug in resting or (resting and _is_nobodys(step, opened))]
    return Resting(resting, tuple(replace(step, op="wait") for step in resting_steps), session.traffic)


def _is_nobodys(step: Step, opened: Opened) -> bool:
    """Return whether a run that is for some tenants alone passes a step over."""
    return step.slug not in opened.loaded.tenants and BY_TOKEN.get(step.type) != "fleet"


def _find_accounts(events: Iterable[Event]) -> Iterator[ResourcePre]:
    return (event for event in events if isinstance(event, ResourcePre) and BY_TOKEN.get(event.type) == "subaccount")
