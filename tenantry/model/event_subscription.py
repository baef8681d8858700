"""Event Streams subscriptions: which events a sink gets."""

from collections.abc import Iterator
from typing import ClassVar

from tenantry.model.event_sink import DEBUGGER, WEBHOOK_DANGERS, DebuggerWebhook
from tenantry.model.kind import Kind
from tenantry.model.recorded import TOKENS
from tenantry.model.spec import AdoptableSpec, TextSet

ERROR_LOGGED = "com.twilio.error-logs.error.logged"


class EventSubscriptionSpec(AdoptableSpec):
    """The inputs of a subscription. Twilio can change its description and its types, not its sink."""

    OURS: ClassVar[frozenset[str]] = AdoptableSpec.OURS | {"kept_types"}
    REPLACES: ClassVar[frozenset[str]] = frozenset({"account_sid", "sink_sid"})

    description: str
    sink_sid: str | None = None
    """The sink; the program fills it from the sink's id."""
    types: TextSet
    """Event types that we want. Schema versions are Twilio's choice and never drift: without one it pins the latest."""
    kept_types: TextSet | None = None
    """Further types of an object that was taken over: they stay, and are no difference."""


def expand_subscription(_key: str, entry: DebuggerWebhook) -> Iterator[tuple[None, EventSubscriptionSpec]]:
    """Yield the inputs of the subscription of the tenant's sink."""
    adopt = entry.adopt
    kept = adopt.subscription_description if adopt else None
    yield (
        None,
        EventSubscriptionSpec(
            description=DEBUGGER if kept is None else kept,
            types=(ERROR_LOGGED,),
            adopt=adopt.subscription if adopt else None,
        ),
    )


KIND = Kind(
    name="event_subscription",
    title="event subscription",
    token=f"{TOKENS}EventSubscription",
    spec=EventSubscriptionSpec,
    written="debugger_webhook",
    entry=DebuggerWebhook,
    expand=expand_subscription,
    only_key="debugger",
    only_name=DEBUGGER,
    adopts=("adopt", "subscription"),
    keeps_name=("adopt", "subscription_description"),
    extras=("types",),
    links={"sink_sid": "event_sink"},
    sid="DF",
    hosts=("events.twilio.com",),
    gateway="event_subscriptions",
    out_of_order="nothing is sent to its URL, so nobody is notified of errors of the tenant",
    dangers=WEBHOOK_DANGERS,
)
