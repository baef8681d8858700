"""Event Streams subscriptions on the wire: events.twilio.com/v1/Subscriptions, with the account's own credentials."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from tenantry.model.event_subscription import EventSubscriptionSpec
from tenantry.twilio.errors import doing
from tenantry.twilio.exact_list import Row, read_pages, read_records
from tenantry.twilio.live import Live, moment, read_spec, require_account
from tenantry.twilio.matching import Matching

if TYPE_CHECKING:
    from twilio.rest import Client


class EventSubscriptions(Matching[EventSubscriptionSpec]):
    """The subscriptions of subaccounts. Event types are a list of their own in Twilio, so they cost a call more."""

    def __init__(self, account: Callable[[str], Client]) -> None:
        self._account = account

    def is_named(self, wanted: EventSubscriptionSpec, live: EventSubscriptionSpec) -> bool:
        """Return whether it is that of the same sink, whatever it is called: Twilio allows a sink one subscription."""
        return live.sink_sid == wanted.sink_sid

    def complete(self, account_sid: str, listed: Live[EventSubscriptionSpec]) -> Live[EventSubscriptionSpec]:
        """Add the types, which take a call of their own; raises NotFound."""
        types = self.types(account_sid, listed.sid)
        return Live(listed.sid, listed.spec.model_copy(update={"types": types}), listed.created)

    def list(self, account_sid: str) -> tuple[Live[EventSubscriptionSpec], ...]:
        """Return all subscriptions of an account, each without its types."""
        with doing(f"Listing the event subscriptions of account {account_sid}"):
            records = read_records(self._account(account_sid).events.v1, "Subscriptions", "subscriptions")
            return tuple(_read_live(account_sid, record, ()) for record in records)

    def types(self, account_sid: str, sid: str) -> tuple[str, ...]:
        """Return the event types of a subscription, sorted; raises NotFound."""
        with doing(f"Listing the event types of subscription {sid} in account {account_sid}"):
            path = f"Subscriptions/{sid}/SubscribedEvents"
            return _read_types(account_sid, read_pages(self._account(account_sid).events.v1, path, "types", {}))

    def fetch(self, account_sid: str, sid: str) -> Live[EventSubscriptionSpec]:
        """Return one subscription with its types, by two calls; raises NotFound."""
        with doing(f"Reading event subscription {sid} in account {account_sid}"):
            record = self._get_subscriptions(account_sid)(sid).fetch()
            return _read_live(account_sid, record, self.types(account_sid, sid))

    def create(self, account_sid: str, spec: EventSubscriptionSpec) -> Live[EventSubscriptionSpec]:
        """Make a subscription; a sink can have one only."""
        with doing(f"Creating event subscription '{spec.description}' in account {account_sid}"):
            record = self._get_subscriptions(account_sid).create(
                description=spec.description,
                sink_sid=spec.sink_sid,
                types=[{"type": event_type} for event_type in spec.types],
            )
            return _read_live(account_sid, record, spec.types)

    def update(self, account_sid: str, sid: str, spec: EventSubscriptionSpec) -> Live[EventSubscriptionSpec]:
        """Change what differs of a subscription's description and types; its sink can't be changed."""
        with doing(f"Updating event subscription '{spec.description}' ({sid}) in account {account_sid}"):
            found = self.fetch(account_sid, sid)
            if found.spec.description != spec.description:
                self._get_subscriptions(account_sid)(sid).update(description=spec.description)
            self._change_types(account_sid, sid, found.spec.types, spec.types)
        changed = {"description": spec.description, "types": spec.types}
        return Live(sid, found.spec.model_copy(update=changed), created=found.created)

    def delete(self, account_sid: str, sid: str) -> None:
        """Delete a subscription, which leaves its sink; raises NotFound."""
        with doing(f"Deleting event subscription {sid} in account {account_sid}"):
            self._get_subscriptions(account_sid)(sid).delete()

    def _change_types(self, account_sid: str, sid: str, found: tuple[str, ...], wanted: tuple[str, ...]) -> None:
        """Add before deleting: a subscription without types is refused, and no event is to be missed."""
        events = self._get_events(account_sid, sid)
        for event_type in sorted(set(wanted) - set(found)):
            require_account(events.create(type=event_type).account_sid, account_sid)
        for event_type in sorted(set(found) - set(wanted)):
            events(event_type).delete()

    def _get_subscriptions(self, account_sid: str) -> Any:
        return self._account(account_sid).events.v1.subscriptions

    def _get_events(self, account_sid: str, sid: str) -> Any:
        return self._get_subscriptions(account_sid)(sid).subscribed_events


def _read_types(account_sid: str, rows: Iterable[Row]) -> tuple[str, ...]:
    types = set[str]()
    for row in rows:
        require_account(row.get("account_sid"), account_sid)
        types.add(row["type"])
    return tuple(sorted(types))


def _read_live(account_sid: str, record: Any, types: tuple[str, ...]) -> Live[EventSubscriptionSpec]:
    require_account(record.account_sid, account_sid)
    spec = read_spec(
        EventSubscriptionSpec,
        account_sid=account_sid,
        description=record.description or "",
        sink_sid=record.sink_sid,
        types=types,
    )
    return Live(record.sid, spec, created=moment(record.date_created))
