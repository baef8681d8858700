"""What happens by itself as the clock goes: messages are sent, calls end, deleted recordings vanish."""

from dataclasses import replace
from datetime import timedelta

from faketwilio.hosts.api.archives import CALLS, MESSAGES, RECORDINGS
from faketwilio.hosts.api.records import Message, PhoneCall, Recording
from faketwilio.store.archive import Archive
from faketwilio.store.store import Store

UNTIL_DELIVERED = timedelta(seconds=2)
LENGTH_OF_CALL = timedelta(seconds=10)


def messages(store: Store) -> Archive[Message]:
    """The messages as they are now: queued ones were sent when they were due, and delivered two seconds later."""
    archive = store.archive(MESSAGES)
    while due := archive.due(store.clock.now()):
        for message in due:
            archive.put(_advance_message(message))
    return archive


def calls(store: Store) -> Archive[PhoneCall]:
    """The calls as they are now: queued ones started when they were due, and ended ten seconds later."""
    archive = store.archive(CALLS)
    while due := archive.due(store.clock.now()):
        for call in due:
            archive.put(_advance_call(call))
    return archive


def recordings(store: Store) -> Archive[Recording]:
    """The recordings as they are now: of deleted ones Twilio forgets the rest after 40 days."""
    archive = store.archive(RECORDINGS)
    for recording in archive.due(store.clock.now()):
        archive.remove(recording.sid)
    return archive


def _advance_message(message: Message) -> Message:
    at = message.due or message.date_updated
    if message.status == "sent":
        return replace(message, status="delivered", date_updated=at, due=None)
    if message.status == "receiving":
        return replace(message, status="received", date_sent=at, date_updated=at, due=None)
    return replace(message, status="sent", date_sent=at, date_updated=at, due=at + UNTIL_DELIVERED)


def _advance_call(call: PhoneCall) -> PhoneCall:
    at = call.due or call.date_updated
    if call.start_time is None:
        return replace(call, status="in-progress", start_time=at, date_updated=at, due=at + LENGTH_OF_CALL)
    duration = int((at - call.start_time).total_seconds())
    return replace(call, status="completed", end_time=at, date_updated=at, due=None, duration=duration)
