"""What a list is filtered by, as SQL."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tenantry.fake.archive.places import place


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

    def conditions(self, moment: str) -> list[tuple[str, Any]]:
        """Conditions with one parameter each; `moment` is the date with which a place begins, none is before it."""
        found = [(f'"{column}" {"IS" if value is None else "="} ?', value) for column, value in self.equals.items()]
        for span in self.spans:
            if span.since is not None:
                found.append((f'"{span.column}" >= ?', span.since))
                if span.column == moment:
                    found.append(("place >= ?", place(max(span.since, 0), 0)))
            if span.until is not None:
                found += [(f'"{span.column}" < ?', span.until), ("place < ?", place(max(span.until, 0), 0))]
        return found
