"""Characters without a glyph, which make two different texts look the same."""

import re

# Letters, marks and a symbol by Unicode's tables, and nothing to see: Hangul fillers, the grapheme joiner, Khmer's
# inherent vowels, variation selectors, the empty Braille pattern. Two names that differ in one look the same.
UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")


def first_unseen(text: str) -> str | None:
    """Return the first character without a glyph; None where each has one. White space counts as invisible."""
    if text.isprintable() and " " not in text and not UNSEEN.search(text):
        return None  # hardly any text has one, and a loop over its characters takes 20 times as long
    return next((sign for sign in text if sign == " " or not sign.isprintable() or UNSEEN.match(sign)), None)
