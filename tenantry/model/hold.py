"""A hold: nothing of a tenant may be deleted, whatever a rule, a person or the end of a contract says."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Literal

from pydantic import Field, model_validator

from tenantry.model.written import Day, Text, Written, refusal

if TYPE_CHECKING:  # the model of a tenant imports this one
    from tenantry.model.tenant import Tenant

HoldState = Literal["held", "released"]
VANISHED = "its hold is gone from the manifest, and nobody wrote `released` into it"

PUT_BACK = (
    "Put the hold back; whoever may lift it writes `released: {by: NAME, on: DAY}` into it, and it may be taken out "
    "after an `up` that saw that"
)


class HoldRelease(Written):
    """Who lifted a hold, and when."""

    by: Text = Field(description="who decided it, such as an email address")
    on: Day = Field(description="the day from which it holds no more; until then it does")


class Hold(Written):
    """Why nothing of a tenant may be deleted. It is lifted by `released`, and only then may it be taken out."""

    reason: Text = Field(description="why, such as the claim or the order of a court")
    since: Day = Field(description="the day it began")
    by: Text = Field(description="who decided it, such as an email address")
    released: HoldRelease | None = Field(default=None, description="who lifted it; without it the hold holds")

    @model_validator(mode="after")
    def _ends_after_it_began(self) -> "Hold":
        if self.released is not None and self.released.on < self.since:
            raise refusal(f"is released before it began, on {self.since}; correct one of the days", about="released")
        return self

    def state_on(self, today: date) -> HoldState:
        """Return whether it holds on a day: a release that is written ahead is none before its day."""
        return "held" if self.released is None or today < self.released.on else "released"


def holds_of(tenants: "Iterable[Tenant]", today: date) -> dict[str, str]:
    """Return the state of each hold that a manifest has, by slug: what a stack remembers."""
    return {tenant.tenant: tenant.hold.state_on(today) for tenant in tenants if tenant.hold is not None}


def vanished_holds(before: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    """Return the tenants that were held, and whose manifests do not say any more that they are or who released them."""
    return tuple(sorted(slug for slug, state in before.items() if state != "released" and slug not in now))
