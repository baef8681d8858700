"""Event Streams subscriptions in a stack."""

from collections.abc import Iterable
from typing import Any, ClassVar

from pulumi.dynamic import ReadResult, UpdateResult

from tenantry.model.event_sink import DEBUGGER
from tenantry.model.event_subscription import EventSubscriptionSpec
from tenantry.providers.base import Props
from tenantry.providers.child import ChildProvider
from tenantry.providers.connection import Connection
from tenantry.providers.gateway import account_of, delete
from tenantry.providers.ownership import own_sids
from tenantry.providers.resource import TwilioResource
from tenantry.twilio.event_subscription import EventSubscriptions
from tenantry.twilio.live import Live
from tenantry.twilio.session import Session

KEPT = "kept_types"
"""The output with the types that are not ours."""


class EventSubscriptionProvider(ChildProvider[EventSubscriptionSpec]):
    """Makes, takes over, changes and deletes subscriptions."""

    kind = "event_subscription"
    spec: ClassVar[type[Any]] = EventSubscriptionSpec
    deletable_by_parent = False

    def gateway(self, session: Session) -> EventSubscriptions:
        """Return the gateway of subscriptions."""
        return session.event_subscriptions

    def keep_foreign(self, spec: EventSubscriptionSpec, taken: Live[EventSubscriptionSpec]) -> EventSubscriptionSpec:
        """Add the types that it has: another application may receive them, and an adoption removes nothing."""
        return _with_types(spec, taken.spec.types)

    def inherit_foreign(
        self,
        connection: Connection,
        spec: EventSubscriptionSpec,
        listed: tuple[Live[EventSubscriptionSpec], ...],
    ) -> EventSubscriptionSpec:
        """Add the types of the subscription that this one replaces, for example when its sink gets another URL."""
        replaced = own_sids(live.sid for live in listed)  # one that was adopted may keep another name than ours
        named = {live.sid for live in self.leftovers(spec, Live("", spec), listed)}
        for before in (live for live in listed if live.sid in replaced | named):
            spec = _with_types(spec, self.complete(connection, spec, before).spec.types)
        return spec

    def outputs(self, spec: EventSubscriptionSpec, live: Live[EventSubscriptionSpec]) -> Props:
        """Add the types that are not ours."""
        kept = sorted(set(live.spec.types) - set(spec.types))
        return {**spec.props(), **({KEPT: kept} if kept else {})}

    def kept_outputs(self, olds: Props) -> Props:
        """Keep which types are not ours."""
        return {KEPT: olds[KEPT]} if olds.get(KEPT) else {}

    def update(self, id_: str, olds: Props, news: Props) -> UpdateResult:
        """Change it, and leave the types that are not ours."""
        return super().update(id_, olds, {**news, **self.kept_outputs(olds)})

    def change(self, connection: Connection, spec: EventSubscriptionSpec, sid: str) -> Live[EventSubscriptionSpec]:
        """Update it; types that are not ours, and that it still has, stay."""
        if not spec.kept_types:
            return super().change(connection, spec, sid)
        live_types = set(self.gateway(connection.session).types(account_of(spec), sid)) & set(spec.kept_types)
        return super().change(connection, _with_types(spec, live_types), sid)

    def read(self, id_: str, props: Props) -> ReadResult:
        """Return it as Twilio has it, without the types that are not ours."""
        read = super().read(id_, props)
        for bag in (read.outs or {}, read.inputs or {}):
            if "types" in bag:
                bag["types"] = [event_type for event_type in bag["types"] if event_type not in props.get(KEPT, ())]
        (read.inputs or {}).pop(KEPT, None)
        return read

    def clear(self, connection: Connection, spec: EventSubscriptionSpec, leftover: Live[EventSubscriptionSpec]) -> None:
        """Delete a leftover and then its sink, which could not go while it was in use."""
        super().clear(connection, spec, leftover)
        sinks, account_sid = connection.session.event_sinks, account_of(spec)
        for sink in sinks.list(account_sid):
            if sink.sid == leftover.spec.sink_sid != spec.sink_sid and sink.spec.description == DEBUGGER:
                delete(connection, "event_sink", sinks, account_sid, sink.sid)


def _with_types(spec: EventSubscriptionSpec, types: Iterable[str]) -> EventSubscriptionSpec:
    return spec.model_copy(update={"types": tuple(sorted({*spec.types, *types}))})


class EventSubscription(TwilioResource, kind="EventSubscription", provider=EventSubscriptionProvider):
    """A subscription of a tenant."""
