"""What the creates of a plan would take over instead of making it: then it is shown and counted as that.

The engine calls both a creation. Only where something is to be made that may be there, and only with credentials: all
other previews ask Twilio nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from tenantry.cli.found import UNASKED, Existing, Steps
from tenantry.cli.record import StackRecord
from tenantry.cli.stack import Opened
from tenantry.engine.events.changes import Change
from tenantry.engine.events.event import Diagnostic
from tenantry.engine.events.plan import Plan, Step
from tenantry.engine.run.command import CommandError
from tenantry.engine.state.recovery import is_recovering
from tenantry.model.kinds import BY_TOKEN, KINDS
from tenantry.twilio.errors import CredentialsMissing, TwilioError
from tenantry.twilio.http.retry_policy import Patience
from tenantry.twilio.http.traffic import Traffic
from tenantry.twilio.session import Session

MAKING = ("create", "adopt", "replace")
QUICK = Patience(budget=20, trouble_tries=3, unconnected_tries=2)
"""A plan can do without what is asked here, so nobody waits minutes for a Twilio that can't be reached."""


@dataclass(frozen=True)
class Foreseen:
    """A plan that tells what it takes over, and what it has cost to ask."""

    plan: Plan
    traffic: Traffic = field(default_factory=Traffic)


def with_every_takeover(opened: Opened, stack: StackRecord, plan: Plan, today: date) -> Foreseen:
    """Return a plan with what any of its creates would find in Twilio; what would be refused is an error.

    Without credentials the plan stays as it was.
    """
    existing, traffic = _look(opened, stack, _making(plan), today)
    plan = replace(plan, errors=(*plan.errors, *existing.refused), warnings=(*plan.warnings, *existing.unseen))
    return Foreseen(_taking_over(plan, existing), traffic)


def with_likely_takeovers(opened: Opened, stack: StackRecord, plan: Plan, today: date, *, refresh: bool) -> Foreseen:
    """Return a plan with what those creates would find that a manifest, a person or an unfinished run lets expect it.

    An everyday `up` without `refresh` asks only for the keys of accounts in which it would make one: nobody notices
    from the state that it is older than a key, whose secret is then unknown. Its run looks before it makes anything
    else. What would be refused is a warning: the run goes on with the other tenants.
    """
    making = _making(plan)
    expected = {step.slug for step in making.values() if refresh or _is_expected(opened, stack, step)}
    likely = {
        name: step
        for name, step in making.items()
        if step.slug in expected or (step.slug not in making and KINDS[BY_TOKEN[step.type]].is_credential)
    }
    existing, traffic = _look(opened, stack, likely, today)
    refused = tuple(replace(one, severity="warning") for one in existing.refused)
    plan = replace(plan, warnings=(*plan.warnings, *refused, *existing.unseen))
    return Foreseen(_taking_over(plan, existing), traffic)


def _is_expected(opened: Opened, stack: StackRecord, step: Step) -> bool:
    """Return whether what a step makes is likely to be there already."""
    return step.op == "adopt" or is_recovering(opened.project.environ) or stack.may_have(str(step.slug))


def _making(plan: Plan) -> Steps:
    """Return the steps that make something of a tenant's, by name: a component has the name of its tenant's account."""
    if plan.errors:
        return {}
    return {step.name: step for step in plan.steps if step.op in MAKING and step.slug and step.type in BY_TOKEN}


def _look(opened: Opened, stack: StackRecord, steps: Steps, today: date) -> tuple[Existing, Traffic]:
    """Return what is there already of what these steps make, and what it has cost to ask."""
    if not steps:
        return Existing(), Traffic()
    # Not above: both bring Pulumi's SDK, which most plans can do without.
    from tenantry.cli.existing import Look
    from tenantry.providers.connection import Connection

    try:
        here = Connection(Session.from_env(opened.project.environ, patience=QUICK))
    except CredentialsMissing:
        return Existing(), Traffic()
    try:
        existing = Look(opened, stack, here, today).find(steps)
    except (TwilioError, CommandError) as error:
        existing = Existing(unseen=(Diagnostic("warning", "", UNASKED.format(error)),))
    return existing, here.session.traffic


def _taking_over(plan: Plan, existing: Existing) -> Plan:
    found = existing.changes
    return replace(
        plan,
        steps=tuple(_taken_over(step, found[step.name]) if _is_found(step, existing) else step for step in plan.steps),
    )


def _is_found(step: Step, existing: Existing) -> bool:
    return step.op in ("create", "adopt") and step.type in BY_TOKEN and step.name in existing.changes


def _taken_over(step: Step, differences: Iterable[Change]) -> Step:
    """Return a create as an adoption: of what it sets in Twilio it has what differs alone."""
    fields = KINDS[BY_TOKEN[step.type]].spec.model_fields.keys() - {"adopt"}
    kept = (change for change in step.changes if change.path.partition(".")[0] not in fields)
    return replace(step, op="adopt", changes=(*kept, *differences))
