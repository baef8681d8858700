"""Foreign text as one plain line: text of manifests, Twilio and the engine can contain control sequences."""

import re

from tenantry.text.printable import UNSEEN, one_line, printable


def plain(value: object) -> str:
    r"""Return a value as one line that can't control a terminal: characters without glyph are escaped, as `\u202e`.

    Line breaks, C0 and C1 controls, escape sequences, bidirectional and zero-width marks, separators, spaces other than
    the common one, lone surrogates and unassigned code points are escaped, and text that a CI runner takes for a
    command: `::` at the beginning, `##[` anywhere. Everything else stays as it is.
    """
    return UNSEEN.sub(_escape, printable(str(value)))


def visible(text: str) -> str:
    """Return the same for a place where no CI runner looks for a command, such as inside of one."""
    return UNSEEN.sub(_escape, one_line(text))


def _escape(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()
