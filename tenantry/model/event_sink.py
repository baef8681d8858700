"""Event Streams sinks: where a tenant's errors are sent.

Twilio's Console Debugger webhook has no public API. The official equal is an Event Streams webhook sink and a
subscription to the error log, both in the subaccount.
"""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from tenantry.model.kind import Danger, Kind, Rank
from tenantry.model.recorded import TOKENS
from tenantry.model.spec import AdoptableSpec, Url
from tenantry.model.url import CallbackUrl
from tenantry.model.written import KEPT_NAME, LiveName, Written, refusal, sid

DEBUGGER = "tenantry:debugger"

SinkSid = Annotated[str, sid("DG", "an Event Streams sink")]
SubscriptionSid = Annotated[str, sid("DF", "an Event Streams subscription")]


class AdoptWebhook(Written):
    """The existing sink and subscription that a debugger webhook takes over."""

    sink: SinkSid = Field(description="SID of the existing webhook sink")
    subscription: SubscriptionSid | None = Field(default=None, description="SID of its subscription")
    sink_description: LiveName | None = Field(default=None, description=f"of the adopted sink; {KEPT_NAME}")
    subscription_description: LiveName | None = Field(
        default=None, description=f"of the adopted subscription; {KEPT_NAME}"
    )

    @model_validator(mode="after")
    def _describes_a_subscription_that_it_names(self) -> "AdoptWebhook":
        if self.subscription_description is not None and self.subscription is None:
            sentence = "subscription_description is of the subscription that is taken over, and none is named"
            raise refusal(f"{sentence}; write its SID in subscription, or remove it", about="subscription_description")
        return self


class DebuggerWebhook(Written):
    """The webhook that gets a tenant's errors and warnings as CloudEvents."""

    url: CallbackUrl = Field(description="a whole URL, or a path below webhooks; {tenant} is the slug")
    method: Literal["GET", "POST"] = Field(default="POST", description="how the URL is called")
    batch_events: bool = Field(default=False, description="true sends arrays of events")
    adopt: AdoptWebhook | None = Field(default=None, description="existing sink and subscription to take over")


class SinkConfiguration(BaseModel):
    """The configuration of a webhook sink."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    destination: Url
    method: Literal["GET", "POST"]
    batch_events: bool


class EventSinkSpec(AdoptableSpec):
    """The inputs of a webhook sink. Twilio can change its description, nothing else."""

    REPLACES: ClassVar[frozenset[str]] = frozenset({"account_sid", "sink_type", "sink_configuration"})

    description: str
    sink_type: Literal["webhook"] = "webhook"
    sink_configuration: SinkConfiguration


def expand_webhook(_key: str, entry: DebuggerWebhook) -> Iterator[tuple[None, EventSinkSpec]]:
    """Yield the inputs of the sink."""
    configuration = SinkConfiguration(destination=entry.url, method=entry.method, batch_events=entry.batch_events)
    adopt = entry.adopt
    kept = adopt.sink_description if adopt else None
    yield (
        None,
        EventSinkSpec(
            description=DEBUGGER if kept is None else kept,
            sink_configuration=configuration,
            adopt=adopt.sink if adopt else None,
        ),
    )


def webhook_entry(spec: EventSinkSpec) -> DebuggerWebhook:
    """Return the entry of a sink."""
    to = spec.sink_configuration
    return DebuggerWebhook.model_construct(
        url=to.destination, method=to.method, batch_events=to.batch_events, adopt=None
    )


WEBHOOK_DANGERS = (
    Danger("delete_webhook", frozenset({"delete"}), "errors of the tenant are not sent any more", Rank.ERRORS),
    Danger(
        "replace_webhook",
        frozenset({"replace"}),
        "another sink takes its place; errors of these minutes may be sent twice",
        Rank.ERRORS,
    ),
)
"""The dangers of a sink and of its subscription."""

KIND = Kind(
    name="event_sink",
    title="event sink",
    token=f"{TOKENS}EventSink",
    spec=EventSinkSpec,
    written="debugger_webhook",
    entry=DebuggerWebhook,
    expand=expand_webhook,
    entry_of=webhook_entry,
    only_key="debugger",
    only_name=DEBUGGER,
    fields={
        "sink_configuration.destination": "url",
        "sink_configuration.method": "method",
        "sink_configuration.batch_events": "batch_events",
    },
    adopts=("adopt", "sink"),
    keeps_name=("adopt", "sink_description"),
    callbacks=("url",),
    sid="DG",
    hosts=("events.twilio.com",),
    gateway="event_sinks",
    out_of_order="nothing is sent to its URL, so nobody is notified of errors of the tenant",
    dangers=WEBHOOK_DANGERS,
)
