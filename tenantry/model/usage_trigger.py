"""Usage triggers: call a URL when a usage category reaches a value."""

from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from tenantry.model.spec import AdoptableSpec, Amount, Url
from tenantry.model.url import CallbackUrl
from tenantry.model.written import Number, Text, Written, refusal, sid

TriggerSid = Annotated[str, sid("UT", "a usage trigger")]
TriggerBy = Literal["count", "usage", "price"]
Method = Literal["GET", "POST"]


def _not_negative(value: Decimal) -> Decimal:
    if value < 0:
        raise refusal("must not be negative: usage and prices only grow")
    if value.normalize().as_tuple().exponent not in range(-6, 1000):
        raise refusal("has more than the 6 decimals that Twilio keeps")
    return value


class UsageTriggerEntry(Written):
    """A usage trigger of a tenant."""

    usage_category: Text = Field(description="Twilio's usage category, such as sms, calls or totalprice")
    trigger_by: TriggerBy = Field(default="usage", description="what is compared: count, usage or price")
    trigger_value: Annotated[Number, AfterValidator(_not_negative)] = Field(
        description="fires when this value is reached, in the unit of trigger_by"
    )
    recurring: Literal["daily", "monthly", "yearly", "alltime"] = Field(
        default="alltime", description="fires once in each period (GMT); alltime fires once ever"
    )
    callback_url: CallbackUrl = Field(description="a whole URL, or a path below webhooks; {tenant} is the slug")
    callback_method: Method = Field(default="POST", description="how the URL is called")
    adopt: TriggerSid | None = Field(default=None, description="SID of the existing trigger to take over")


class UsageTriggerSpec(AdoptableSpec):
    """The inputs of a usage trigger. Twilio can change its name, URL and method, nothing else."""

    REPLACES: ClassVar[frozenset[str]] = frozenset(
        {"account_sid", "usage_category", "trigger_by", "trigger_value", "recurring"}
    )

    friendly_name: str
    usage_category: str
    trigger_by: TriggerBy
    trigger_value: Amount
    recurring: Literal["daily", "monthly", "yearly"] | None = None
    """Absent for a trigger that fires once ever: Twilio reads it back as null, empty or alltime."""
    callback_url: Url
    callback_method: Method
