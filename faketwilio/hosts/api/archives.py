"""The kinds of which there can be millions, each in its archive."""

from typing import Any

from faketwilio.hosts.api.records import (
    Conference,
    Media,
    Message,
    Notification,
    PhoneCall,
    Recording,
    Transcription,
)
from faketwilio.store.archive import Archive, Kind
from faketwilio.store.store import Store

MESSAGES = Kind(
    "messages",
    Message,
    lambda values: "MM" if values["num_media"] else "SM",
    ("date_sent", "due", "date_created"),
    ("to", "from_"),
)
MEDIA = Kind("media", Media, lambda _: "ME", ("date_created",), ("parent_sid",))
CALLS = Kind(
    "calls",
    PhoneCall,
    lambda _: "CA",
    ("start_time", "due", "date_created"),
    ("to", "from_", "parent_call_sid", "status"),
)
RECORDINGS = Kind("recordings", Recording, lambda _: "RE", ("date_created",), ("call_sid", "conference_sid"))
TRANSCRIPTIONS = Kind("transcriptions", Transcription, lambda _: "TR", ("date_created",), ("recording_sid",))
CONFERENCES = Kind("conferences", Conference, lambda _: "CF", ("date_created",), ("friendly_name", "status"))
NOTIFICATIONS = Kind("notifications", Notification, lambda _: "NO", ("message_date",), ("call_sid",))
BY_PREFIX: dict[str, Kind[Any]] = {
    "SM": MESSAGES,
    "MM": MESSAGES,
    "ME": MEDIA,
    "CA": CALLS,
    "RE": RECORDINGS,
    "TR": TRANSCRIPTIONS,
    "CF": CONFERENCES,
    "NO": NOTIFICATIONS,
}


def archive_of(store: Store, sid: str) -> Archive[Any] | None:
    """The archive that SIDs of this kind are in; None for a kind that is kept elsewhere."""
    kind = BY_PREFIX.get(sid[:2])
    return None if kind is None else store.archive(kind)


def remove_archived(store: Store, account_sid: str) -> None:
    """Remove all archived records of an account."""
    for kind in dict.fromkeys(BY_PREFIX.values()):
        store.archive(kind).remove_account(account_sid)
