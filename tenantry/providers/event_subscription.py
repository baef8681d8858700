"""Event Streams subscriptions in a stack."""

from typing import Any, ClassVar

from tenantry.model.event_sink import DEBUGGER
from tenantry.model.event_subscription import EventSubscriptionSpec
from tenantry.providers.child import ChildProvider
from tenantry.providers.connection import Connection
from tenantry.providers.gateway import account_of, delete
from tenantry.providers.resource import TwilioResource
from tenantry.twilio.event_subscription import EventSubscriptions
from tenantry.twilio.live import Live
from tenantry.twilio.session import Session


class EventSubscriptionProvider(ChildProvider[EventSubscriptionSpec]):
    """Makes, takes over, changes and deletes subscriptions."""

    kind = "event_subscription"
    spec: ClassVar[type[Any]] = EventSubscriptionSpec
    deletable_by_parent = False

    def gateway(self, session: Session) -> EventSubscriptions:
        """Return the subscriptions on the wire."""
        return session.event_subscriptions

    def name_of(self, spec: EventSubscriptionSpec) -> str:
        """Return the subscription's description, the only name it has."""
        return spec.description

    def take(
        self,
        here: Connection,
        spec: EventSubscriptionSpec,
        listed: tuple[Live[EventSubscriptionSpec], ...],
    ) -> Live[EventSubscriptionSpec] | None:
        """Return the subscription of our sink whatever it is called: Twilio allows a sink one subscription."""
        return next((live for live in listed if live.spec.sink_sid == spec.sink_sid), None)

    def whole(
        self, here: Connection, spec: EventSubscriptionSpec, listed: Live[EventSubscriptionSpec]
    ) -> Live[EventSubscriptionSpec]:
        """Add the types, which take a call of their own."""
        types = self.gateway(here.session).types(account_of(spec), listed.sid)
        return Live(listed.sid, listed.spec.model_copy(update={"types": types}), listed.created)

    def clear(self, here: Connection, spec: EventSubscriptionSpec, leftover: Live[EventSubscriptionSpec]) -> None:
        """Delete a leftover and then its sink, which could not go while it was in use."""
        super().clear(here, spec, leftover)
        sinks, account_sid = here.session.event_sinks, account_of(spec)
        for sink in sinks.list(account_sid):
            if sink.sid == leftover.spec.sink_sid != spec.sink_sid and sink.spec.description == DEBUGGER:
                delete(here, "event_sink", sinks, account_sid, sink.sid)


class EventSubscription(TwilioResource, kind="EventSubscription", provider=EventSubscriptionProvider):
    """A subscription of a tenant."""
