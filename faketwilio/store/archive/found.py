"""A filtered list of an archive's records, read by page."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from faketwilio.store.archive.places import END
from faketwilio.store.archive.where import Where
from faketwilio.store.records import Owned

if TYPE_CHECKING:
    from faketwilio.store.archive.archive import Archive

R = TypeVar("R", bound=Owned)
Condition = tuple[str, Any]


class Found(Generic[R]):
    """A `faketwilio.wire.paging.Listed` of one account's records that fit."""

    def __init__(self, archive: "Archive[R]", account: int, where: Where) -> None:
        self._archive = archive
        self._account = account
        equal = (column for column in archive.kind.indexed if where.equals.get(column) is not None)
        # Left to itself SQLite goes through all of an account for the few records of one number.
        self._index = next((f'INDEXED BY "by_{column}"' for column in equal), "")
        self._fit: list[Condition] = [("account = ?", account), *where.conditions()]
        self._places = where.places(archive.kind.moments[0])

    def name(self, item: R) -> str:
        return item.sid

    def has(self, name: str) -> bool:
        if self._archive.get(name) is None:
            return False
        account, place = self._archive.place_of(name)
        return account == self._account and bool(self._read(range(place, place + 1), "LIMIT 1"))

    def after(self, name: str | None, size: int) -> Sequence[R]:
        last = END if name is None else self._archive.place_of(name)[1]
        return self._read(range(last), f"ORDER BY place DESC LIMIT {size}")

    def before(self, name: str, size: int) -> Sequence[R]:
        first = self._archive.place_of(name)[1] + 1
        return self._read(range(first, END), f"ORDER BY place LIMIT {size}")[::-1]

    def all(self) -> Sequence[R]:
        """Every record of the list, which may be very many."""
        return self._read(range(END), "ORDER BY place DESC")

    def _read(self, places: range, tail: str) -> list[R]:
        """The records that fit within these places; SQLite heeds but one of two limits on one side."""
        first, end = max(places.start, self._places.start), min(places.stop, self._places.stop)
        conditions = [*self._fit, ("place >= ?", first), ("place < ?", end)]
        text = " AND ".join(condition for condition, _ in conditions)
        return list(self._archive.read(f"{self._index} WHERE {text} {tail}", [value for _, value in conditions]))
