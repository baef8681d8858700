"""What the creates of a plan would take over instead of making it: then it is shown and counted as that.

The engine calls both a creation. Only where something is to be made that may exist, and only with credentials: all
other previews ask Twilio nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol

from tenantry.engine.events.changes import Change
from tenantry.engine.events.existing import Existing, Steps
from tenantry.engine.events.plan import Plan, Step
from tenantry.engine.state.record import StackRecord
from tenantry.engine.state.recovery import is_recovering
from tenantry.model.kinds import BY_TOKEN, KINDS
from tenantry.model.tenant import Tenant
from tenantry.operations.stack.open import Opened
from tenantry.twilio.http.traffic import Traffic

MAKING = ("create", "adopt", "replace")


class FindExisting(Protocol):
    """Looks up what exists of what steps make; a front door hands in that of the providers, who make it."""

    def __call__(
        self,
        tenants: Mapping[str, Tenant],
        environ: Mapping[str, str],
        stack: StackRecord,
        steps: Steps,
        today: date,
    ) -> tuple[Existing, Traffic]:
        """Return what exists, and what it has cost to ask; where nobody can ask, that is in it and raises nothing."""


@dataclass(frozen=True)
class Forecast:
    """A plan that shows what it takes over, and what it has cost to ask."""

    plan: Plan
    traffic: Traffic = field(default_factory=Traffic)


@dataclass(frozen=True)
class Takeovers:
    """Looks for what the plans of one stack would take over."""

    opened: Opened
    stack: StackRecord
    today: date
    find_existing: FindExisting

    def foresee_all(self, plan: Plan) -> Forecast:
        """Return a plan with what any of its creates would find at Twilio; what would be refused is an error."""
        existing, traffic = self._find(_select_creates(plan))
        plan = replace(plan, errors=(*plan.errors, *existing.refused), warnings=(*plan.warnings, *existing.unseen))
        return Forecast(_take_over(plan, existing), traffic)

    def foresee_likely(self, plan: Plan, *, refresh: bool) -> Forecast:
        """Return a plan with what those creates would find that a manifest, a person or an unfinished run lets expect.

        An everyday `up` without `refresh` asks only for the keys of accounts in which it would make one: nobody notices
        from the state that it is older than a key, whose secret is then unknown. Its run looks before it makes anything
        else. What would be refused is a warning: the run goes on with the other tenants.
        """
        making = _select_creates(plan)
        expected = {step.slug for step in making.values() if refresh or self._is_expected(step)}
        likely = {
            name: step
            for name, step in making.items()
            if step.slug in expected or (step.slug not in making and KINDS[BY_TOKEN[step.type]].is_credential)
        }
        existing, traffic = self._find(likely)
        refused = tuple(replace(refusal, severity="warning") for refusal in existing.refused)
        plan = replace(plan, warnings=(*plan.warnings, *refused, *existing.unseen))
        return Forecast(_take_over(plan, existing), traffic)

    def _is_expected(self, step: Step) -> bool:
        """Return whether what a step makes is likely to exist already."""
        return step.op == "adopt" or is_recovering(self.opened.project.environ) or self.stack.may_have(str(step.slug))

    def _find(self, steps: Steps) -> tuple[Existing, Traffic]:
        if not steps:
            return Existing(), Traffic()
        tenants, environ = self.opened.loaded.tenants, self.opened.project.environ
        return self.find_existing(tenants, environ, self.stack, steps, self.today)


def _select_creates(plan: Plan) -> Steps:
    """Return the steps that make something of a tenant's, by name: a component has the name of its tenant's account."""
    if plan.errors:
        return {}
    return {step.name: step for step in plan.steps if step.op in MAKING and step.slug and step.type in BY_TOKEN}


def _take_over(plan: Plan, existing: Existing) -> Plan:
    changes = existing.changes
    steps = (_as_adoption(step, changes[step.name]) if _exists(step, existing) else step for step in plan.steps)
    return replace(plan, steps=tuple(steps))


def _exists(step: Step, existing: Existing) -> bool:
    return step.op in ("create", "adopt") and step.type in BY_TOKEN and step.name in existing.changes


def _as_adoption(step: Step, differences: Iterable[Change]) -> Step:
    """Return a create as an adoption: of what it sets in Twilio it has what differs alone."""
    fields = KINDS[BY_TOKEN[step.type]].spec.model_fields.keys() - {"adopt"}
    kept = (change for change in step.changes if change.path.partition(".")[0] not in fields)
    return replace(step, op="adopt", changes=(*kept, *differences))
