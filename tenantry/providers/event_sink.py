"""Event Streams sinks in a stack."""

from typing import Any, ClassVar

from tenantry.model.event_sink import EventSinkSpec
from tenantry.providers.child import ChildProvider
from tenantry.providers.connection import Connection
from tenantry.providers.resource import TwilioResource
from tenantry.twilio.errors import Refused
from tenantry.twilio.event_sink import EventSinks
from tenantry.twilio.live import Live
from tenantry.twilio.session import Session

IN_USE = 91007


class EventSinkProvider(ChildProvider[EventSinkSpec]):
    """Makes, takes over, renames and deletes webhook sinks."""

    kind = "event_sink"
    spec: ClassVar[type[Any]] = EventSinkSpec
    deletable_by_parent = False

    def gateway(self, session: Session) -> EventSinks:
        """Return the gateway of sinks."""
        return session.event_sinks

    def clear(self, connection: Connection, spec: EventSinkSpec, leftover: Live[EventSinkSpec]) -> None:
        """Delete a leftover, unless a subscription still uses it: replacing the subscription deletes the sink too."""
        try:
            super().clear(connection, spec, leftover)
        except Refused as refused:
            if refused.code != IN_USE:
                raise


class EventSink(TwilioResource, kind="EventSink", provider=EventSinkProvider):
    """A webhook sink of a tenant."""
