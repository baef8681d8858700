"""Finding what Twilio has of a person in one account: messages, calls, and what hangs on the calls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from tenantry.model.record_kind import RecordKind
from tenantry.operations.erasure.person import Person
from tenantry.twilio.aging_records import AgingRecord, AgingRecords, RecordPage

_ENDS: Final[tuple[Literal["To", "From"], ...]] = ("To", "From")


@dataclass(frozen=True)
class PersonRecords:
    """The records of a person in one account, by kind, in the order in which they are deleted.

    A call goes last: what hangs on it is found by it.
    """

    by_kind: dict[RecordKind, tuple[AgingRecord, ...]]

    @property
    def count(self) -> int:
        return sum(map(len, self.by_kind.values()))


def collect_records(records: AgingRecords, account_sid: str, person: Person) -> PersonRecords:
    """Return what there is; raises TwilioError. A filter decides nothing: both ends of each record are compared."""
    calls = _of_person(records, account_sid, "calls", person)
    recordings = [part for call in calls for part in records.recordings_of_call(account_sid, call.sid)]
    texts = [part for item in recordings for part in records.transcriptions_of_recording(account_sid, item.sid)]
    found: dict[RecordKind, tuple[AgingRecord, ...]] = {
        "transcriptions": _own(texts, account_sid),
        "recordings": _own(recordings, account_sid),
        "messages": _of_person(records, account_sid, "messages", person),
        "calls": calls,
    }
    return PersonRecords(found)


def _of_person(
    records: AgingRecords, account_sid: str, kind: Literal["messages", "calls"], person: Person
) -> tuple[AgingRecord, ...]:
    return _own(_each_of_person(records, account_sid, kind, person), account_sid)


def _each_of_person(
    records: AgingRecords, account_sid: str, kind: Literal["messages", "calls"], person: Person
) -> Iterator[AgingRecord]:
    for address in person.addresses:
        for end in _ENDS:
            page: RecordPage | None = records.first_page_of_person(account_sid, kind, end, address)
            while page is not None:
                yield from (record for record in page.records if record.is_of_person)
                page = records.next_page(page)


def _own(found: Iterable[AgingRecord], account_sid: str) -> tuple[AgingRecord, ...]:
    """Return the records of this account, each once: who writes to himself is at both ends."""
    return tuple({record.sid: record for record in found if record.account_sid == account_sid}.values())
