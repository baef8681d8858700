"""What Twilio has of one tenant: a list call a kind, and one call more where a list does not have all.

What is not in a list is asked for by its SID before anybody calls it gone. What can't be read is kept with the reason:
it stops neither the other kinds nor the other tenants.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from tenantry.model.kinds import KINDS, OBJECTS, KindName
from tenantry.model.record_kind import RecordKind
from tenantry.operations.drift.expected import ExpectedObject
from tenantry.twilio.account_directory import LiveAccount
from tenantry.twilio.errors import NotFound, TwilioError
from tenantry.twilio.live import Live
from tenantry.twilio.matching import name_of
from tenantry.twilio.record import Record
from tenantry.twilio.session import Session

Listed = Mapping[str, Live[Any]]


class Gateway(Protocol):
    """What is asked of the gateway of a kind, which also says which object is an entry's (twilio/matching.py)."""

    def find_named(self, wanted: Any, listed: Iterable[Live[Any]]) -> tuple[Live[Any], ...]: ...
    def find(self, account_sid: str, wanted: Any, listed: Iterable[Live[Any]]) -> tuple[Live[Any], ...]: ...
    def complete(self, account_sid: str, listed: Live[Any]) -> Live[Any]: ...
    def list(self, account_sid: str) -> tuple[Live[Any], ...]: ...
    def fetch(self, account_sid: str, sid: str) -> Live[Any]: ...


@dataclass(frozen=True)
class Found:
    """The objects of one account."""

    account: LiveAccount
    listed: Mapping[KindName, Listed]
    """By kind and SID; a kind that could not be read is not in it."""
    matched: Mapping[str, Live[Any]]
    """The objects that are ours, whole, by the name of their resource."""
    unfit: Mapping[str, Live[Any]]
    """What has the name of an entry that was never applied, and can't become what that wants."""
    records: Mapping[RecordKind, Record]
    """The newest record that is too old, of each sort that has one."""
    unreadable: Mapping[str, str]
    """Why a kind, or a sort of records, could not be read."""


def look(
    session: Session, account: LiveAccount, objects: Iterable[ExpectedObject], too_old: Mapping[RecordKind, date]
) -> Found:
    """Ask for everything of one account; records of before a day are looked for where one is given."""
    looking = _Looking(session, account, tuple(objects))
    for kind in OBJECTS:
        with looking.reading(kind):
            looking.kind(kind)
    for sort, day in too_old.items():
        with looking.reading(sort):
            looking.record(sort, day)
    return Found(account, looking.listed, looking.matched, looking.unfit, looking.records, looking.unreadable)


class _Looking:
    """Collects what is found, for one thread."""

    def __init__(self, session: Session, account: LiveAccount, objects: tuple[ExpectedObject, ...]) -> None:
        self._session = session
        self._account = account
        self._objects = objects
        self._known = {item.sid for item in objects}
        self._gateways: Mapping[KindName, Gateway] = {kind: session.gateway(kind) for kind in OBJECTS}
        self.listed: dict[KindName, Listed] = {}
        self.matched: dict[str, Live[Any]] = {}
        self.unfit: dict[str, Live[Any]] = {}
        self.records: dict[RecordKind, Record] = {}
        self.unreadable: dict[str, str] = {}

    @contextmanager
    def reading(self, what: str) -> Iterator[None]:
        try:
            yield
        except TwilioError as error:
            self.unreadable[what] = str(error)

    def kind(self, kind: KindName) -> None:
        listed = {live.sid: live for live in self._gateways[kind].list(self._account.sid)}
        matched: dict[str, Live[Any]] = {}
        for item in (item for item in self._objects if item.kind == kind):
            live = self._match(item, listed)
            if live is not None:
                matched[item.name] = live
        self.matched |= matched  # only now: half a kind must not look like a whole one
        self.listed[kind] = listed

    def record(self, sort: RecordKind, day: date) -> None:
        if (record := self._session.records.newest_before(self._account.sid, sort, day)) is not None:
            self.records[sort] = record

    def _match(self, item: ExpectedObject, listed: Listed) -> Live[Any] | None:
        if item.sid is None and item.wanted is None:
            return None  # it was never made, and an `up` would not take over what has its name
        try:
            if item.sid is None:
                return self._by_name(item, listed)
            live = listed.get(item.sid) or self._gateways[item.kind].fetch(self._account.sid, item.sid)
            return self._whole(item, live)
        except NotFound:
            return None

    def _by_name(self, item: ExpectedObject, listed: Listed) -> Live[Any] | None:
        """Return the object that an `up` would take over, complete."""
        wanted = self._wanted_spec(item)
        if wanted is None:
            return None
        gateway = self._gateways[item.kind]
        free = [live for live in listed.values() if live.sid not in self._known]
        found = gateway.find(self._account.sid, wanted, free)
        if not found and (named := gateway.find_named(wanted, free)):
            self.unfit[item.name] = named[0]
        return next(iter(found), None)

    def _wanted_spec(self, item: ExpectedObject) -> Any | None:
        """Return the inputs of an object that was never applied, with the ids of those that it is linked to.

        None where one of those is not there, as the sink of a subscription.
        """
        if item.wanted is None:
            return None
        linked = {field: self.matched.get(name) for field, name in KINDS[item.kind].linked_names(item.name).items()}
        sids = {field: live.sid for field, live in linked.items() if live is not None}
        return item.wanted.spec.model_copy(update=sids) if len(sids) == len(linked) else None

    def _whole(self, item: ExpectedObject, live: Live[Any]) -> Live[Any]:
        """Add what the list lacks: the policy of a restricted key, the types of a subscription."""
        is_partial = item.restricted or (item.kind == "event_subscription" and not live.spec.types)
        return self._gateways[item.kind].complete(self._account.sid, live) if is_partial else live


def twilio_name(live: Live[Any]) -> str:
    """Return the name that an object has in Twilio."""
    return name_of(live.spec)
