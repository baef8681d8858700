"""Which steps a reviewer must not miss: what stops, ends or replaces something that a customer uses."""

from typing import Annotated

from pydantic import WithJsonSchema

from tenantry.engine.events.plan import Step
from tenantry.model.kind import DEFAULT_DANGERS
from tenantry.model.kind import Danger as KindDanger
from tenantry.model.kinds import BY_TOKEN, KINDS
from tenantry.model.kinds import DANGERS as BY_NAME

DANGERS = {name: danger.sentence for name, danger in BY_NAME.items()}
"""What each danger means for the customer, the worst first."""

Danger = Annotated[str, WithJsonSchema({"type": "string", "enum": list(DANGERS)})]
"""The name of a danger, one of `DANGERS`."""


def find_danger(step: Step) -> Danger | None:
    """Return the danger of a step; None for one that takes nothing away from a customer."""
    name = BY_TOKEN.get(step.type)
    dangers = KINDS[name].dangers if name else DEFAULT_DANGERS
    return next((danger.name for danger in dangers if _is_met(danger, step)), None)


def rank(danger: Danger | None) -> int:
    """Return where a danger stands in a list that begins with the worst; what is no danger comes last."""
    return list(DANGERS).index(danger) if danger else len(DANGERS)


def _is_met(danger: KindDanger, step: Step) -> bool:
    if step.op not in danger.ops:
        return False
    return danger.field is None or any(
        change.path == danger.field and danger.is_met(change.old, change.new) for change in step.changes
    )
