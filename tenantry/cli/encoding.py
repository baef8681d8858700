"""Writing what others named where the locale has not all letters: it is escaped, and nothing fails."""

import sys
from io import TextIOWrapper


def escape_what_streams_lack() -> None:
    r"""Make stdout and stderr write `\U0001f600` for what their encoding lacks, wherever in a command it is written.

    Names of customers, objects and files may hold any letter, and a terminal or CI may have `cp1252` or `LANG=C`.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
