"""Event Streams subscriptions: which events a sink gets."""

from typing import ClassVar

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
    """Of an object that was taken over, the types that it had besides: they stay, and are no difference."""
