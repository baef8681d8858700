"""Some of many: the first names, and how many more there are."""

from collections.abc import Sequence


def and_more(number: int, noun: str = "") -> str:
    """Return how many more there are, to follow names: ` and 1,200 more`; empty if there are none."""
    return f" and {number:,} more{f' {noun}' if noun else ''}" if number > 0 else ""


def first_of(names: Sequence[str], most: int) -> str:
    """Return the first names in one line, and how many more there are: `acme, birch and 7 more`."""
    return f"{', '.join(names[:most])}{and_more(len(names) - most)}"
