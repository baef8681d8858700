"""What a list is filtered by, as SQL."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from faketwilio.store.archive.places import END, place


@dataclass(frozen=True)
class Span:
    """A date from a second on, and before another; None is open."""

    column: str
    since: int | None = None
    until: int | None = None


@dataclass(frozen=True)
class Where:
    """Fields that equal a value (None: that are null), and dates within spans."""

    equals: Mapping[str, Any] = field(default_factory=dict)
    spans: tuple[Span, ...] = ()

    def conditions(self) -> list[tuple[str, Any]]:
        """Conditions on fields, with one parameter each."""
        found = [(f'"{column}" {"IS" if value is None else "="} ?', value) for column, value in self.equals.items()]
        for span in self.spans:
            if span.since is not None:
                found.append((f'"{span.column}" >= ?', span.since))
            if span.until is not None:
                found.append((f'"{span.column}" < ?', span.until))
        return found

    def places(self, moment: str) -> range:
        """Where records that fit can be; `moment` is the date with which a place begins, none is before it."""
        since = [span.since for span in self.spans if span.since is not None and span.column == moment]
        until = [span.until for span in self.spans if span.until is not None]
        return range(place(max([0, *since]), 0), place(max(min(until), 0), 0) if until else END)
