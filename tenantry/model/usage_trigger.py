"""Usage triggers: call a URL when a usage category reaches a value."""

from collections.abc import Iterator
from decimal import Context, Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator

from tenantry.model.kind import TOKENS, Danger, Kind, Rank
from tenantry.model.spec import AdoptableSpec, Amount, Url, decimal_text
from tenantry.model.url import CallbackUrl
from tenantry.model.written import (
    KEPT_NAME,
    LiveName,
    Number,
    Pattern,
    Text,
    Written,
    refusal,
    refuse_name_alone,
    sid,
)

TriggerSid = Annotated[str, sid("UT", "a usage trigger")]
TriggerBy = Literal["count", "usage", "price"]
Method = Literal["GET", "POST"]
BELOW = 10**15
SMALLEST = Decimal("0.000001")
_EXACT = Context(prec=100)
"""Python's default of 28 digits would round a number before it is checked."""


def _as_twilio_keeps(value: Decimal) -> Decimal:
    if value.is_signed():
        raise refusal("must not be negative: usage and prices only grow")
    if value >= BELOW:
        raise refusal(f"must be below {BELOW:,}, which is more than Twilio takes")
    if value != value.quantize(SMALLEST, context=_EXACT):
        raise refusal("has more than the 6 decimals that Twilio keeps")
    return value


TriggerValue = Annotated[
    Number,
    AfterValidator(_as_twilio_keeps),
    WithJsonSchema({"type": "number", "minimum": 0, "exclusiveMaximum": BELOW}),
]
Category = Annotated[
    Text, Pattern(r"^\S+$", "must not hold white space: a usage category is one word, such as calls-inbound")
]


class UsageTriggerEntry(Written):
    """A usage trigger of a tenant."""

    usage_category: Category = Field(description="Twilio's usage category, such as sms, calls or totalprice")
    trigger_by: TriggerBy = Field(default="usage", description="what is compared: count, usage or price")
    trigger_value: TriggerValue = Field(description="fires when this value is reached, in the unit of trigger_by")
    recurring: Literal["daily", "monthly", "yearly", "alltime"] = Field(
        default="alltime", description="fires once in each period (GMT); alltime fires once ever"
    )
    callback_url: CallbackUrl = Field(description="a whole URL, or a path below webhooks; {tenant} is the slug")
    callback_method: Method = Field(default="POST", description="how the URL is called")
    adopt: TriggerSid | None = Field(default=None, description="SID of the existing trigger to take over")
    friendly_name: LiveName | None = Field(default=None, description=f"of the adopted trigger; {KEPT_NAME}")

    @model_validator(mode="after")
    def _is_named_where_it_is_adopted(self) -> "UsageTriggerEntry":
        return refuse_name_alone(self)


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


def expand_trigger(key: str, entry: UsageTriggerEntry) -> Iterator[tuple[None, UsageTriggerSpec]]:
    """Yield the inputs of the trigger."""
    spec = UsageTriggerSpec(
        friendly_name=key if entry.friendly_name is None else entry.friendly_name,
        usage_category=entry.usage_category,
        trigger_by=entry.trigger_by,
        trigger_value=entry.trigger_value,
        recurring=None if entry.recurring == "alltime" else entry.recurring,
        callback_url=entry.callback_url,
        callback_method=entry.callback_method,
        adopt=entry.adopt,
    )
    yield None, spec


def describe_trigger(spec: UsageTriggerSpec) -> str:
    """Return what a trigger watches, and when it fires: `sms-1000`, `daily-totalprice-25`."""
    often = f"{spec.recurring}-" if spec.recurring not in (None, "monthly") else ""
    return f"{often}{spec.usage_category}-{decimal_text(spec.trigger_value).replace('.', '-')}"


def trigger_entry(spec: UsageTriggerSpec) -> UsageTriggerEntry:
    """Return the entry of a trigger."""
    return UsageTriggerEntry.model_construct(
        **{**dict(spec), "recurring": spec.recurring or "alltime", "friendly_name": None}
    )


KIND = Kind(
    name="usage_trigger",
    title="usage trigger",
    token=f"{TOKENS}UsageTrigger",
    spec=UsageTriggerSpec,
    written="usage_triggers",
    entry=UsageTriggerEntry,
    expand=expand_trigger,
    entry_of=trigger_entry,
    adopts=("adopt",),
    keeps_name=("friendly_name",),
    describe=describe_trigger,
    generated_name=r"Trigger for \S+ at \w+ of \S+",
    callbacks=("callback_url",),
    sid="UT",
    hosts=("api.twilio.com",),
    gateway="usage_triggers",
    dangers=(
        Danger(
            "delete_trigger",
            frozenset({"delete"}),
            "nobody is notified any more when usage reaches the value",
            Rank.USAGE,
        ),
        Danger(
            "replace_trigger",
            frozenset({"replace"}),
            "another trigger takes its place; it may fire again in the same period",
            Rank.USAGE,
        ),
    ),
)
