"""Text of others as one plain line: manifests, Twilio and the engine may say anything, a terminal obeys some of it."""

import re

from tenantry.manifest.problem import printable

# Letters, marks and a symbol by Unicode's tables, and nothing to see: Hangul fillers, the grapheme joiner, Khmer's
# inherent vowels, variation selectors, the empty Braille pattern. Two names that differ in one look the same.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)


def plain(value: object) -> str:
    r"""Return a value as one line that can't steer a terminal: what has no glyph is written out, such as `\u202e`.

    Line breaks, C0 and C1 controls, escape sequences, bidirectional and zero-width marks, separators, spaces other than
    the common one, lone surrogates and unassigned code points are escaped; all else stays as it is.
    """
    return _UNSEEN.sub(_escaped, printable(str(value)))


def _escaped(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()
