"""Spelling suggestions, in one place, so that all of them ignore case."""

from collections.abc import Iterable
from difflib import get_close_matches


def closest(word: str, choices: Iterable[str]) -> str | None:
    """Return the choice that is spelled most like a word, ignoring case; None where none is close."""
    by_lower = {choice.lower(): choice for choice in choices}
    close = get_close_matches(word.lower(), by_lower, n=1)
    return by_lower[close[0]] if close else None
