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
        """Return the subscriptions on the wire."""
        return session.event_subscriptions

    def keeping(self, spec: EventSubscriptionSpec, taken: Live[EventSubscriptionSpec]) -> EventSubscriptionSpec:
        """Add the types that it has: somebody gets delivery receipts by one, and an adoption removes nothing."""
        return _with_types(spec, taken.spec.types)

    def inheriting(
        self,
        here: Connection,
        spec: EventSubscriptionSpec,
        listed: tuple[Live[EventSubscriptionSpec], ...],
    ) -> EventSubscriptionSpec:
        """Add the types of the subscription that this one replaces, as where its sink gets another URL."""
        for before in self.leftovers(spec, Live("", spec), listed):
            spec = _with_types(spec, self.whole(here, spec, before).spec.types)
        return spec

    def outputs(self, spec: EventSubscriptionSpec, live: Live[EventSubscriptionSpec]) -> Props:
        """Add the types that are there besides ours."""
        kept = sorted(set(live.spec.types) - set(spec.types))
        return {**spec.props(), **({KEPT: kept} if kept else {})}

    def kept(self, olds: Props) -> Props:
        """Keep which types are not ours."""
        return {KEPT: olds[KEPT]} if olds.get(KEPT) else {}

    def update(self, id_: str, olds: Props, news: Props) -> UpdateResult:
        """Change it, and leave the types that are not ours."""
        return super().update(id_, olds, {**news, **self.kept(olds)})

    def change(self, here: Connection, spec: EventSubscriptionSpec, sid: str) -> Live[EventSubscriptionSpec]:
        """Update it; of the types that are not ours those stay that are still there."""
        if not spec.kept_types:
            return super().change(here, spec, sid)
        there = set(self.gateway(here.session).types(account_of(spec), sid)) & set(spec.kept_types)
        return super().change(here, _with_types(spec, there), sid)

    def read(self, id_: str, props: Props) -> ReadResult:
        """Return it as Twilio has it, without the types that are not ours."""
        read = super().read(id_, props)
        for bag in (read.outs or {}, read.inputs or {}):
            if "types" in bag:
                bag["types"] = [each for each in bag["types"] if each not in props.get(KEPT, ())]
        (read.inputs or {}).pop(KEPT, None)
        return read

    def clear(self, here: Connection, spec: EventSubscriptionSpec, leftover: Live[EventSubscriptionSpec]) -> None:
        """Delete a leftover and then its sink, which could not go while it was in use."""
        super().clear(here, spec, leftover)
        sinks, account_sid = here.session.event_sinks, account_of(spec)
        for sink in sinks.list(account_sid):
            if sink.sid == leftover.spec.sink_sid != spec.sink_sid and sink.spec.description == DEBUGGER:
                delete(here, "event_sink", sinks, account_sid, sink.sid)


def _with_types(spec: EventSubscriptionSpec, types: Iterable[str]) -> EventSubscriptionSpec:
    return spec.model_copy(update={"types": tuple(sorted({*spec.types, *types}))})


class EventSubscription(TwilioResource, kind="EventSubscription", provider=EventSubscriptionProvider):
    """A subscription of a tenant."""
