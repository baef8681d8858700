"""Rows of cells as aligned lines."""

from collections.abc import Collection, Sequence

from rich.cells import cell_len

GAP = "  "


def align_columns(rows: Sequence[Sequence[str]], right: Collection[int] = ()) -> list[str]:
    """Return a line for each row, its cells as wide as the widest of their column; those of `right` end together."""
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    return [
        GAP.join(_pad(cell, widths[number], number in right) for number, cell in enumerate(row)).rstrip()
        for row in rows
    ]


def _pad(cell: str, width: int, to_the_right: bool) -> str:
    gap = " " * (width - cell_len(cell))
    return f"{gap}{cell}" if to_the_right else f"{cell}{gap}"
