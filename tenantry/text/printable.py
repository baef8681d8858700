"""Text that can't break a line, or control a terminal or a CI runner, and characters without a glyph."""

import re

from tenantry.text.json_text import COMMAND

_FIRST_COLON = re.compile("^( *):(?=:)")
"""GitHub's runner executes a line that begins with `::`, and a text may be the first of its line."""


def one_line(text: str) -> str:
    """Return text that can't break a line or control a terminal."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)


def printable(text: str) -> str:
    """Return text that can't break a line, or control a terminal or a CI runner: file names may contain anything."""
    shown = one_line(text)
    return COMMAND.sub(r"\\x23", _FIRST_COLON.sub(r"\1\\x3a", shown))


# Letters, marks and a symbol by Unicode's tables, and nothing to see: Hangul fillers, the grapheme joiner, Khmer's
# inherent vowels, variation selectors, the empty Braille pattern. Two names that differ in one look the same.
UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")


def first_unseen(text: str) -> str | None:
    """Return the first character without a glyph; None where each has one. White space counts as invisible."""
    if text.isprintable() and " " not in text and not UNSEEN.search(text):
        return None  # hardly any text has one, and a loop over its characters takes 20 times as long
    return next((sign for sign in text if sign == " " or not sign.isprintable() or UNSEEN.match(sign)), None)
