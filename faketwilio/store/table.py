"""A table of records, found by SID and by account without looking at any other account's."""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from typing import Generic, TypeVar

from faketwilio.store.records import Owned

R = TypeVar("R", bound=Owned)


class Table(Generic[R]):
    """Records of one kind, in the order in which they were made."""

    def __init__(self) -> None:
        self._by_sid: dict[str, R] = {}
        self._numbers: dict[str, int] = {}
        self._by_account: dict[str, list[tuple[int, str]]] = {}
        self._made = 0

    def put(self, record: R) -> R:
        """Store a new record, or the next state of one that is there: it keeps its place unless its account changes."""
        present = self._by_sid.get(record.sid)
        if present is not None and present.account_sid != record.account_sid:
            self.remove(record.sid)
            present = None
        if present is None:
            self._made += 1
            self._numbers[record.sid] = self._made
            self._by_account.setdefault(record.account_sid, []).append((self._made, record.sid))
        self._by_sid[record.sid] = record
        return record

    def get(self, sid: str) -> R | None:
        return self._by_sid.get(sid)

    def remove(self, sid: str) -> None:
        record = self._by_sid.pop(sid)
        rows = self._by_account[record.account_sid]
        del rows[bisect_left(rows, (self._numbers.pop(sid), sid))]

    def of(self, account_sid: str) -> list[R]:
        """The account's records, newest first."""
        return [self._by_sid[sid] for _, sid in reversed(self._by_account.get(account_sid, ()))]

    def listing(self, account_sid: str, keep: Callable[[R], bool] = lambda _: True) -> "Listing[R]":
        """The account's records that are kept, newest first, a page of which is read without reading the others."""
        return Listing(self._by_sid, self._numbers, self._by_account.get(account_sid, []), keep)

    def count(self, account_sid: str) -> int:
        return len(self._by_account.get(account_sid, ()))

    def all(self) -> list[R]:
        return list(self._by_sid.values())


class Listing(Generic[R]):
    """A `faketwilio.wire.paging.Listed` of a table's rows."""

    def __init__(
        self, records: dict[str, R], numbers: dict[str, int], rows: list[tuple[int, str]], keep: Callable[[R], bool]
    ) -> None:
        self._records = records
        self._numbers = numbers
        self._rows = rows
        self._keep = keep

    def name(self, item: R) -> str:
        return item.sid

    def has(self, name: str) -> bool:
        place = self._place(name)
        return self._rows[place : place + 1] == [(self._numbers.get(name), name)] and self._keep(self._records[name])

    def after(self, name: str | None, size: int) -> Sequence[R]:
        last = len(self._rows) if name is None else self._place(name)
        return self._take(range(last - 1, -1, -1), size)

    def before(self, name: str, size: int) -> Sequence[R]:
        return self._take(range(self._place(name) + 1, len(self._rows)), size)[::-1]

    def _place(self, name: str) -> int:
        return bisect_left(self._rows, (self._numbers.get(name, 0), name))

    def _take(self, places: range, size: int) -> list[R]:
        found: list[R] = []
        for record in self._find_kept(places):
            if len(found) == size:
                break
            found.append(record)
        return found

    def _find_kept(self, places: range) -> Iterator[R]:
        records = (self._records[self._rows[place][1]] for place in places)
        return filter(self._keep, records)
