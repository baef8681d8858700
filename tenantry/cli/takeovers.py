"""What the creates of a plan would find in Twilio: whose account an `adopt` is, and what can't be taken over.

Only where something is to be made that may be there, and only with credentials: all other previews ask Twilio nothing.
"""

import os
from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, cast

from tenantry.cli.record import StackRecord
from tenantry.cli.stack import Opened
from tenantry.engine.events.changes import Change
from tenantry.engine.events.event import Diagnostic
from tenantry.engine.events.plan import Plan, Step
from tenantry.engine.run.command import CommandError
from tenantry.engine.state.deployment import read_state
from tenantry.engine.state.recovery import is_recovering
from tenantry.model.kinds import BY_TOKEN
from tenantry.model.resources import Resource, resources_of
from tenantry.model.subaccount import RECOVERS, slug_mark
from tenantry.providers import RESOURCES
from tenantry.providers.account_adoption import not_ours
from tenantry.providers.adoption import adoptable
from tenantry.providers.child import ChildProvider
from tenantry.providers.connection import Connection
from tenantry.twilio.errors import CredentialsMissing, Refused, TwilioError
from tenantry.twilio.http.retry_policy import Patience
from tenantry.twilio.http.traffic import Traffic
from tenantry.twilio.session import Session
from tenantry.twilio.subaccount import LiveAccount

TAKES_OVER = "takes_over"
"""The property of a step that says whose account it takes over by right."""
UNASKED = "Whether accounts and objects that are to be made or taken over are in Twilio already was not asked: {}"
MAKING = ("create", "adopt", "replace")
THREADS = 32
QUICK = Patience(budget=20, trouble_tries=3, unconnected_tries=2)
"""A plan can do without what is asked here, so nobody waits minutes for a Twilio that can't be reached."""


@dataclass(frozen=True)
class Found:
    """A plan with what its creates would find, and what it has cost to ask."""

    plan: Plan
    traffic: Traffic = field(default_factory=Traffic)


def with_every_takeover(opened: Opened, plan: Plan, today: date) -> Found:
    """Return a plan with what any of its creates would find in Twilio; what would be refused is an error."""
    looking = _Looking(opened, StackRecord(opened.project), plan, today)
    plan, told = looking.look(looking.making)
    return Found(replace(plan, errors=(*plan.errors, *told)), looking.traffic)


def with_likely_takeovers(opened: Opened, stack: StackRecord, plan: Plan, today: date) -> Found:
    """Return a plan with what those creates would find that a manifest, a person or an unfinished run lets expect it.

    An everyday `up` asks nothing: its run looks before it makes an account, and is refused what is not ours. What would
    be refused is a warning: the run goes on with the other tenants.
    """
    looking = _Looking(opened, stack, plan, today)
    plan, told = looking.look([step for step in looking.making if looking.expects(step)])
    return Found(
        replace(plan, warnings=(*plan.warnings, *(replace(one, severity="warning") for one in told))), looking.traffic
    )


class _Looking:
    """One look at what a plan would make."""

    def __init__(self, opened: Opened, stack: StackRecord, plan: Plan, today: date) -> None:
        self._opened = opened
        self._stack = stack
        self._plan = plan
        self._today = today
        self._session: Session | None = None
        self.making = () if plan.errors else tuple(step for step in plan.steps if step.op in MAKING and step.slug)

    @property
    def traffic(self) -> Traffic:
        """What it has cost up to now."""
        return self._session.traffic if self._session else Traffic()

    def expects(self, step: Step) -> bool:
        """Return whether what a step makes is likely to be there already."""
        return step.op == "adopt" or is_recovering(self._opened.project.environ) or self._stack.may_have(str(step.slug))

    def look(self, steps: Collection[Step]) -> tuple[Plan, tuple[Diagnostic, ...]]:
        """Return the plan with the accounts that these steps find, and what would be refused."""
        try:
            accounts, refused = self._accounts([step for step in steps if BY_TOKEN.get(step.type) == "subaccount"])
            told = (*refused, *self._objects([step for step in steps if BY_TOKEN.get(step.type) != "subaccount"]))
        except CredentialsMissing:
            return self._plan, ()
        except (TwilioError, CommandError) as error:
            warning = Diagnostic("warning", "", UNASKED.format(error))
            return replace(self._plan, warnings=(*self._plan.warnings, warning)), ()
        return replace(
            self._plan, steps=tuple(_finding(step, accounts.get(step.urn)) for step in self._plan.steps)
        ), told

    def _accounts(self, steps: Collection[Step]) -> tuple[Mapping[str, Change], tuple[Diagnostic, ...]]:
        """Return which account each step takes over, by URN, and what would be refused.

        Raises TwilioError and CommandError.
        """
        found, refusals = {}, []
        everyone = self._twilio().subaccounts.all() if steps else ()
        for step in steps:
            try:
                if change := self._account(str(step.slug), everyone):
                    found[step.urn] = change
            except Refused as refused:
                refusals.append(Diagnostic("error", step.urn, str(refused)))
        return found, tuple(refusals)

    def _objects(self, steps: Collection[Step]) -> Iterator[Diagnostic]:
        """Yield why objects can't be adopted; raises TwilioError."""
        adopting = list(self._adopting(steps))
        if not adopting:
            return
        here = Connection(self._twilio())
        with ThreadPoolExecutor(THREADS) as pool:
            refusals = pool.map(lambda each: _refusal(here, each[1]), adopting)
            for (step, _), refused in zip(adopting, refusals, strict=True):
                if refused is not None:
                    yield Diagnostic("error", step.urn, str(refused))

    def _account(self, slug: str, everyone: tuple[LiveAccount, ...]) -> Change | None:
        written = self._opened.loaded.tenants[slug].account
        if written is not None:
            account = next((one for one in everyone if one.sid == written.adopt), None)
            return Change(TAKES_OVER, "add", None, _called(account)) if account else None
        living = [one for one in everyone if one.status != "closed" and one.friendly_name.endswith(slug_mark(slug))]
        if len(living) != 1:
            return None  # of several the run tells which they are
        if is_recovering(self._opened.project.environ):
            return Change(RECOVERS, "add", None, _called(living[0]))
        if not self._stack.may_have_made(slug, living[0].created):
            raise not_ours(living[0], slug)
        return Change(TAKES_OVER, "add", None, f"{_called(living[0])}, of a run that did not end")

    def _adopting(self, steps: Collection[Step]) -> Iterator[tuple[Step, Resource]]:
        """Yield the objects that are to be adopted, each with the account that it is in."""
        made = {step.name: step for step in steps if BY_TOKEN.get(step.type)}
        tenants = self._opened.loaded.tenants
        slugs = sorted({str(step.slug) for step in made.values()} & tenants.keys())
        wanted = [one for slug in slugs for one in resources_of(tenants[slug], self._today)]
        adopting = [one for one in wanted if one.name in made and getattr(one.spec, "adopt", None)]
        held = {one.name: one.sid for one in read_state(self._stack.exported)} if adopting else {}
        sinks = {one.name: getattr(one.spec, "adopt", None) or held.get(one.name) for one in wanted}
        for one in adopting:
            slug, sink = one.name.partition("/")[0], one.name.replace("event_subscription", "event_sink")
            account = tenants[slug].account
            if account_sid := held.get(slug) or (account.adopt if account else None):
                links: dict[str, str | None] = {"account_sid": account_sid}
                if one.kind == "event_subscription":
                    links |= {"sink_sid": sinks.get(sink)}
                yield made[one.name], replace(one, spec=one.spec.model_copy(update=links))

    def _twilio(self) -> Session:
        if self._session is None:
            self._session = Session.from_env(os.environ, patience=QUICK)
        return self._session


def _finding(step: Step, account: Change | None) -> Step:
    """Return a step with the account that it would find, which is then taken over and not made."""
    if account is None:
        return step
    return replace(step, op="adopt" if step.op == "create" else step.op, changes=(*step.changes, account))


def _refusal(here: Connection, wanted: Resource) -> Refused | None:
    """Return why an object can't be adopted; None if it can."""
    provider: ChildProvider[Any] = RESOURCES[wanted.kind].provider()
    spec = cast(Any, wanted.spec)
    try:
        adoptable(provider, here, spec, spec.adopt)
    except Refused as refused:
        return refused
    return None


def _called(account: LiveAccount) -> str:
    return f"{account.sid} '{account.friendly_name}'"
