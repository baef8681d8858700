"""The limits of what a run may delete."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """The most deletions and replacements of a run: a number, and a percentage of the stack."""

    deletes: int = 50
    percent: int = 20
