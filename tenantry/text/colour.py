"""Colours of a terminal: their names, and whether to use them."""

from collections.abc import Mapping
from typing import Literal, get_args

Style = Literal["green", "yellow", "red", "magenta", "cyan", "dim", "bold", "alarm"]
Choice = Literal["auto", "always", "never"]
CHOICES: tuple[Choice, ...] = get_args(Choice)

_CODES: Mapping[Style, str] = {
    "green": "32",
    "yellow": "33",
    "red": "31",
    "magenta": "35",
    "cyan": "36",
    "dim": "2",
    "bold": "1",
    "alarm": "1;31",
}
"""Parameters of SGR (ECMA-48): the eight old colours, which every theme of a terminal makes readable."""


def paint(text: str, style: Style | None) -> str:
    """Return text in a style; text alone where there is none."""
    return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if style and text else text


def is_wanted(choice: Choice, environ: Mapping[str, str], *, is_terminal: bool) -> bool:
    """Return whether to use colours.

    The option decides first, then NO_COLOR (https://no-color.org), then FORCE_COLOR (https://force-color.org), each
    with any value that is not empty. Without them colours need a terminal that is not dumb.
    """
    if choice != "auto":
        return choice == "always"
    if environ.get("NO_COLOR"):
        return False
    return bool(environ.get("FORCE_COLOR")) or (is_terminal and environ.get("TERM") != "dumb")
