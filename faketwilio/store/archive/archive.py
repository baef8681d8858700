"""Millions of records of one kind, a page of which costs the same wherever it is."""

import re
import sqlite3
import weakref
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar

from faketwilio.store.archive.filling import Slots, fill
from faketwilio.store.archive.found import Found
from faketwilio.store.archive.kind import Kind
from faketwilio.store.archive.places import SECOND, SidCode, place
from faketwilio.store.archive.schema import create
from faketwilio.store.archive.where import Where
from faketwilio.store.records import Owned
from faketwilio.store.sids import Sids

R = TypeVar("R", bound=Owned)
Contents = tuple[bytes, tuple[str, ...], int]
"""An archive's database, the accounts by their number, and how many records it ever had."""
SID = re.compile("[A-Z]{2}[0-9a-f]{32}")


class Archive(Generic[R]):
    """Records of one kind, by account newest first; a record's SID says where it is."""

    def __init__(self, kind: Kind[R], sids: Sids) -> None:
        self.kind = kind
        self.database = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        weakref.finalize(self, self.database.close)
        create(self.database, kind)
        self._code = SidCode(sids)
        self._numbers: dict[str, int] = {}
        self._account_sids: list[str] = []
        self._made = 0

    def dump(self) -> Contents:
        """Everything that is stored, for `restore`."""
        return bytes(self.database.serialize()), tuple(self._account_sids), self._made

    def restore(self, contents: Contents) -> None:
        """Become what was dumped; the archive must be empty, of the same kind and seed."""
        database, account_sids, self._made = contents
        self.database.deserialize(database)
        self._account_sids = list(account_sids)
        self._numbers = {sid: number for number, sid in enumerate(account_sids)}

    def add(self, record: R) -> R:
        """Store a new record; what it had as SID is replaced by the one it gets."""
        account, where = self._find_account(record.account_sid), place(self.kind.moment(record), self._number(1))
        row = self.kind.row(record)
        marks = ", ".join("?" * (len(row) + 2))
        self.database.execute(f"INSERT INTO record VALUES ({marks})", [account, where, *row])  # noqa: S608 - only marks
        return self.kind.from_row(self._code.digits(account, where), record.account_sid, tuple(row))

    def fill(
        self, samples: Sequence[R], account_sids: Sequence[str], count: int, start: datetime, end: datetime
    ) -> Iterator[str]:
        """Store so many records in each account, evenly from start until end, in turn like the samples; yields SIDs."""
        accounts = [self._find_account(sid) for sid in account_sids]
        prefixes = [self.kind.prefix(vars(sample)) for sample in samples]
        begin, length = int(start.timestamp()), int((end - start).total_seconds())
        slots = Slots(count, begin, length, self._number(count))
        fill(self.database, self.kind, samples, accounts, slots)
        return (
            prefixes[number % len(samples)] + self._code.digits(account, slots.place(number))
            for account in accounts
            for number in range(count)
        )

    def get(self, sid: str) -> R | None:
        if not SID.fullmatch(sid):
            return None
        account, where = self._code.where(sid[2:])
        if account >= len(self._account_sids):
            return None
        found = next(iter(self.read("WHERE account = ? AND place = ?", [account, where])), None)
        return found if found is not None and found.sid == sid else None

    def put(self, record: R) -> R:
        """Store the next state of a record that is there; it keeps its place in the list."""
        values = ", ".join(f'"{column}" = ?' for column in self.kind.columns)
        update = f"UPDATE record SET {values} WHERE account = ? AND place = ?"  # noqa: S608 - names are the kind's
        self.database.execute(update, [*self.kind.row(record), *self._code.where(record.sid[2:])])
        return record

    def remove(self, sid: str) -> None:
        self.database.execute("DELETE FROM record WHERE account = ? AND place = ?", self._code.where(sid[2:]))

    def remove_account(self, account_sid: str) -> None:
        self.database.execute("DELETE FROM record WHERE account = ?", [self._find_account(account_sid)])

    def find(self, account_sid: str, where: Where) -> Found[R]:
        """The account's records that fit, newest first."""
        return Found(self, self._find_account(account_sid), where)

    def count(self, account_sid: str) -> int:
        counted = self.database.execute(
            "SELECT count(*) FROM record WHERE account = ?", [self._find_account(account_sid)]
        )
        return int(counted.fetchone()[0])

    def due(self, now: datetime) -> list[R]:
        """The records whose `due` has come, those that wait longest first."""
        return list(self.read("WHERE due <= ? ORDER BY due", [int(now.timestamp())]))

    def place_of(self, sid: str) -> tuple[int, int]:
        """The account's number and the place that the SID stands for, whether or not something is there."""
        return self._code.where(sid[2:])

    def read(self, tail: str, values: Iterable[Any]) -> Iterator[R]:
        """The records that a SELECT with this SQL after its table finds."""
        columns = ", ".join(f'"{column}"' for column in self.kind.columns)
        query = f"SELECT account, place, {columns} FROM record {tail}"  # noqa: S608 - built by us
        for account, where, *row in self.database.execute(query, list(values)):
            yield self.kind.from_row(self._code.digits(account, where), self._account_sids[account], tuple(row))

    def _find_account(self, sid: str) -> int:
        if sid not in self._numbers:
            self._numbers[sid] = len(self._account_sids)
            self._account_sids.append(sid)
        return self._numbers[sid]

    def _number(self, count: int) -> int:
        """The first of so many numbers that nothing else in this archive gets; raises ValueError when they end."""
        if self._made + count > SECOND:
            raise ValueError(f"an archive holds {SECOND} records, ever")
        self._made += count
        return self._made - count
