"""What an archive must know of the records that it keeps, and how one becomes a row and a row one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Generic, TypeVar, get_type_hints

from faketwilio.store.records import Owned

R = TypeVar("R", bound=Owned)
LARGEST = 2**63 - 1  # that SQLite stores
KEY = frozenset({"sid", "account_sid"})


@dataclass(frozen=True)
class Kind(Generic[R]):
    """A kind of record, whose plural is its name: its fields are texts, whole numbers, dates, or null.

    A list is sorted by the first of `moments` that a record has when it is made, and that one filters quickly; no other
    date of a record is before it. Filters by the `indexed` fields are quick too.
    """

    name: str
    record: type[R]
    prefix: Callable[[Mapping[str, Any]], str]
    moments: tuple[str, ...]
    indexed: tuple[str, ...] = ()

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The fields that are stored as they are: the SID holds the others."""
        return tuple(name for name in self._hints if name not in KEY)

    @cached_property
    def dates(self) -> frozenset[str]:
        return frozenset(name for name, hint in self._hints.items() if hint in (datetime, datetime | None))

    def takes(self, name: str, value: Any) -> bool:
        """Whether a field can have that value."""
        if isinstance(value, int) and (isinstance(value, bool) or abs(value) > LARGEST):
            return False
        return isinstance(value, self._hints[name])

    def moment(self, record: R) -> int:
        """Seconds since 1970 of the moment by which this record is listed; raises ValueError if it has none."""
        for name in self.moments:
            moment: datetime | None = getattr(record, name)
            if moment is not None:
                return int(moment.timestamp())
        raise ValueError(f"a {self.record.__name__} needs one of {', '.join(self.moments)}")

    def row(self, record: R) -> list[Any]:
        """The values of its columns, dates as seconds since 1970."""
        values = [getattr(record, name) for name in self.columns]
        return [int(value.timestamp()) if isinstance(value, datetime) else value for value in values]

    def from_row(self, digits: str, account_sid: str, row: tuple[Any, ...]) -> R:
        """The record whose columns these are."""
        values = {
            name: datetime.fromtimestamp(value, UTC) if name in self.dates and value is not None else value
            for name, value in zip(self.columns, row, strict=True)
        }
        build: Callable[..., R] = self.record
        return build(sid=self.prefix(values) + digits, account_sid=account_sid, **values)

    @cached_property
    def _hints(self) -> dict[str, Any]:
        hints = get_type_hints(self.record)
        return {field.name: hints[field.name] for field in fields(self.record)}  # type: ignore[arg-type]
