"""The kinds of which there can be millions, each in its archive."""

from functools import cached_property
from typing import Any

from tenantry.fake.archive import Archive, Kind
from tenantry.fake.records import Conference, Media, Message, Notification, PhoneCall, Recording, Transcription
from tenantry.fake.sids import Sids

MESSAGE = Kind(
    Message,
    lambda values: "MM" if values["num_media"] else "SM",
    ("date_sent", "due", "date_created"),
    ("to", "from_"),
)
MEDIA = Kind(Media, lambda _: "ME", ("date_created",), ("parent_sid",))
CALL = Kind(
    PhoneCall, lambda _: "CA", ("start_time", "due", "date_created"), ("to", "from_", "parent_call_sid", "status")
)
RECORDING = Kind(Recording, lambda _: "RE", ("date_created",), ("call_sid", "conference_sid"))
TRANSCRIPTION = Kind(Transcription, lambda _: "TR", ("date_created",), ("recording_sid",))
CONFERENCE = Kind(Conference, lambda _: "CF", ("date_created",), ("friendly_name", "status"))
NOTIFICATION = Kind(Notification, lambda _: "NO", ("message_date",), ("call_sid",))
PREFIXES = {
    "SM": "messages",
    "MM": "messages",
    "ME": "media",
    "CA": "calls",
    "RE": "recordings",
    "TR": "transcriptions",
    "CF": "conferences",
    "NO": "notifications",
}


class Archives:
    """The archives of one Twilio, each made when it is first needed; the seed decides its SIDs."""

    def __init__(self, seed: str) -> None:
        self._seed = seed

    def __getstate__(self) -> dict[str, Any]:
        """What `pickle` and `copy` keep: the records as SQLite serialises them."""
        names = sorted(set(PREFIXES.values()) & vars(self).keys())
        return {"seed": self._seed, "contents": {name: getattr(self, name).dump() for name in names}}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._seed = state["seed"]
        for name, contents in state["contents"].items():
            getattr(self, name).restore(contents)

    def of(self, sid: str) -> Archive[Any] | None:
        """The archive that SIDs of this kind are in; None for a kind that is kept elsewhere."""
        name = PREFIXES.get(sid[:2])
        return None if name is None else getattr(self, name)

    def remove_account(self, account_sid: str) -> None:
        """Remove everything of an account."""
        for name in set(PREFIXES.values()):
            getattr(self, name).remove_account(account_sid)

    @cached_property
    def messages(self) -> Archive[Message]:
        return Archive(MESSAGE, self._sids("messages"))

    @cached_property
    def media(self) -> Archive[Media]:
        return Archive(MEDIA, self._sids("media"))

    @cached_property
    def calls(self) -> Archive[PhoneCall]:
        return Archive(CALL, self._sids("calls"))

    @cached_property
    def recordings(self) -> Archive[Recording]:
        return Archive(RECORDING, self._sids("recordings"))

    @cached_property
    def transcriptions(self) -> Archive[Transcription]:
        return Archive(TRANSCRIPTION, self._sids("transcriptions"))

    @cached_property
    def conferences(self) -> Archive[Conference]:
        return Archive(CONFERENCE, self._sids("conferences"))

    @cached_property
    def notifications(self) -> Archive[Notification]:
        return Archive(NOTIFICATION, self._sids("notifications"))

    def _sids(self, name: str) -> Sids:
        return Sids(f"{name} of {self._seed}")
