"""A heat map as values: a row a tenant, a square a column; the template draws it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

State = Literal["good", "aside", "attention", "alarm", "unknown"]
WORST: tuple[State, ...] = ("alarm", "attention", "unknown", "aside", "good")
MOST = 300
"""Rows of a map at most: more can't be looked at."""


@dataclass(frozen=True)
class HeatCell:
    """A square: how bad it is, and what it is about in words."""

    state: State
    text: str


@dataclass(frozen=True)
class HeatRow:
    """A tenant, and its squares in the order of the columns."""

    tenant: str
    figures: tuple[HeatCell, ...]
    has_section: bool = False
    """Whether the page says more about it further down."""


def heat_rows(
    found: Mapping[str, Mapping[str, Sequence[HeatCell]]], columns: Sequence[str], nothing: str
) -> tuple[HeatRow, ...]:
    """Return the rows of tenants, by column what was found there; the worst tenants first, MOST of them."""
    rows = [
        HeatRow(tenant, tuple(_join(cells.get(column, ()), nothing) for column in columns))
        for tenant, cells in found.items()
    ]
    return tuple(sorted(rows, key=lambda row: (min(_rank(cell) for cell in row.figures), row.tenant)))[:MOST]


def _join(cells: Iterable[HeatCell], nothing: str) -> HeatCell:
    found = sorted(cells, key=_rank)
    if not found:
        return HeatCell("good", nothing)
    return HeatCell(found[0].state, "; ".join(dict.fromkeys(cell.text for cell in found)))


def _rank(cell: HeatCell) -> int:
    return WORST.index(cell.state)
