"""What the creates of a plan would find in Twilio: whose account an `adopt` is, and what can't be taken over.

Only where something is to be made that may be there, and only with credentials: all other previews ask Twilio nothing.
"""

import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Any, cast

from tenantry.cli.stack import Opened
from tenantry.engine.changes import Change
from tenantry.engine.command import CommandError, export_state
from tenantry.engine.events import Diagnostic
from tenantry.engine.holdings import read_holdings
from tenantry.engine.plan import Plan, Step
from tenantry.engine.recovery import is_recovering
from tenantry.engine.state import KINDS, read_state
from tenantry.engine.unfinished import ALLOWANCE, read_marks, run_of
from tenantry.model.resources import Resource, resources_of
from tenantry.model.subaccount import slug_mark
from tenantry.providers import RESOURCES
from tenantry.providers.account_adoption import not_ours
from tenantry.providers.adoption import adoptable
from tenantry.providers.child import ChildProvider
from tenantry.providers.connection import Connection
from tenantry.reports.changes.danger import RECOVERS
from tenantry.twilio.errors import CredentialsMissing, Refused, TwilioError
from tenantry.twilio.session import Session
from tenantry.twilio.subaccount import LiveAccount

TAKES_OVER = "takes_over"
"""The property of a step that says whose account it takes over by right."""
UNASKED = "Whether accounts and objects that are to be made or taken over are in Twilio already was not asked: {}"
THREADS = 32


def with_takeovers(opened: Opened, plan: Plan, today: date, *, stops: bool) -> Plan:
    """Return a plan with what its creates would find in Twilio.

    What would be refused is an error where it `stops` the run, else a warning: an `up` goes on with the other tenants.
    """
    try:
        looking = _Looking(opened, plan, today)
        accounts = looking.accounts()
        told = [*looking.refused, *looking.objects()]
    except CredentialsMissing:
        return plan
    except (TwilioError, CommandError) as error:
        warning = Diagnostic("warning", "", UNASKED.format(error))
        return replace(plan, warnings=(*plan.warnings, warning))
    steps = tuple(replace(step, changes=(*step.changes, *accounts.get(step.urn, ()))) for step in plan.steps)
    if stops:
        return replace(plan, steps=steps, errors=(*plan.errors, *told))
    warnings = (replace(one, severity="warning") for one in told)
    return replace(plan, steps=steps, warnings=(*plan.warnings, *warnings))


class _Looking:
    """One look at what a plan would make."""

    def __init__(self, opened: Opened, plan: Plan, today: date) -> None:
        self._opened = opened
        self._today = today
        self._made = [step for step in plan.steps if step.op in ("create", "replace") and step.slug is not None]
        self._session: Session | None = None
        self.refused: list[Diagnostic] = []

    def accounts(self) -> Mapping[str, tuple[Change, ...]]:
        """Return which account each step takes over, by URN; raises TwilioError and CommandError."""
        made = [step for step in self._made if KINDS.get(step.type) == "subaccount"]
        if not made:
            return {}
        everyone = self._twilio().subaccounts.all()
        found = {}
        for step in made:
            try:
                if change := self._account(str(step.slug), everyone):
                    found[step.urn] = (change,)
            except Refused as refused:
                self.refused.append(Diagnostic("error", step.urn, str(refused)))
        return found

    def objects(self) -> Iterator[Diagnostic]:
        """Yield why objects can't be adopted; raises TwilioError."""
        adopting = list(self._adopting())
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
        if not self._is_ours(living[0], slug):
            raise not_ours(living[0], slug)
        return Change(TAKES_OVER, "add", None, f"{_called(living[0])}, of a run that did not end")

    def _is_ours(self, account: LiveAccount, slug: str) -> bool:
        project, made = self._opened.project, account.created
        if made is None:
            return False
        holdings = read_holdings(export_state(project))
        return bool(run_of(read_marks(project), slug, made, ALLOWANCE)) or holdings.may_have_made(slug, made, own=0)

    def _adopting(self) -> Iterator[tuple[Step, Resource]]:
        """Yield the objects that are to be adopted, each with the account that it is in."""
        made = {step.name: step for step in self._made if KINDS.get(step.type) not in (None, "subaccount")}
        tenants = self._opened.loaded.tenants
        slugs = sorted({str(step.slug) for step in made.values()} & tenants.keys())
        wanted = [one for slug in slugs for one in resources_of(tenants[slug], self._today)]
        adopting = [one for one in wanted if one.name in made and getattr(one.spec, "adopt", None)]
        held = {one.name: one.sid for one in read_state(export_state(self._opened.project))} if adopting else {}
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
            self._session = Session.from_env(os.environ)
        return self._session


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
