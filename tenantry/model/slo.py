"""Service level objectives: what share of a tenant's traffic has to go well, over how many days."""

from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator

from tenantry.model.written import Number, Written, refusal

TWILIOS_OWN = Decimal("99.95")
"""Percent of a month that Twilio itself promises (twilio.com/legal/service-level-agreement, 2023-02)."""
LONGEST = 90


def _a_percent(value: Decimal) -> Decimal:
    if not 0 < value < 100:
        raise refusal("must be above 0 and below 100: an objective of 100 leaves no budget, so any failure breaks it")
    return value


ObjectivePercent = Annotated[
    Number,
    AfterValidator(_a_percent),
    WithJsonSchema({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 100}),
]


class Slo(Written):
    """What `tenantry health` holds a tenant to."""

    delivered_percent: ObjectivePercent | None = Field(
        default=None,
        description="messages that must be delivered, of those that were delivered, undelivered or failed; what is the "
        "recipient's doing (opted out, switched off, no such number) is not counted",
    )
    errors_percent: ObjectivePercent | None = Field(
        default=None, description="errors in Twilio's Debugger at most, for 100 messages"
    )
    window_days: Annotated[int, Field(ge=1, le=LONGEST)] = Field(
        default=30, description="days that an objective is about, up to now"
    )

    @model_validator(mode="after")
    def _has_an_objective(self) -> "Slo":
        if self.delivered_percent is None and self.errors_percent is None:
            raise refusal("has no objective: give delivered_percent or errors_percent, or remove it")
        return self
