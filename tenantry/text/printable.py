"""Text that can't break a line, or control a terminal or a CI runner."""

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
