"""Caps: what a usage trigger leads to when it fires, a notice or the suspension of the account."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from tenantry.model.usage_category import Category
from tenantry.model.written import Written, refuse_repeats

BASE_PERCENT = 100
"""The percent of the trigger itself."""
Percent = Annotated[int, Field(ge=1, le=1000)]
Percents = Annotated[tuple[Percent, ...], Field(strict=False), AfterValidator(refuse_repeats)]
Categories = Annotated[tuple[Category, ...], Field(strict=False), AfterValidator(refuse_repeats)]


class AnyOnFire(Written):
    """What a trigger leads to, whatever it is."""


class Notify(AnyOnFire):
    """Your application gets a notice, and nothing is stopped: the default."""

    action: Literal["notify"] = Field(description="what happens; it decides which other keys there are")
    stop: Categories = Field(
        default=(), description="usage categories that your application is to stop: the notice passes them on"
    )


class Suspend(AnyOnFire):
    """The account is suspended until the next period: no calls and no messages, in or out."""

    action: Literal["suspend"] = Field(description="what happens; it decides which other keys there are")
    at_percent: Percent = Field(
        default=BASE_PERCENT,
        description="percent of trigger_value at which it happens; other than 100 it is a trigger of its own",
    )
    approval: Literal["none", "required"] = Field(
        default="none", description="required: it waits for `tenantry caps approve`"
    )
    resume: Literal["next_period"] = Field(default="next_period", description="when the account is active again")
    end_calls: bool = Field(default=False, description="end calls in progress too, which a suspension does not")


OnFire = Annotated[Notify | Suspend, Field(discriminator="action")]
