"""YAML 1.2 core scalars: the meaning of unquoted text.

YAML 1.1, which PyYAML speaks, reads `no` as false, `12:30` as 750, `0100` as 64 and 2026-01-01 as a date. In the
core schema of YAML 1.2 `no`, `12:30` and 2026-01-01 are text, and `0100` is the number 100.
"""

import re
from decimal import Decimal

from tenantry.manifest.yaml.tree import Scalar

LONGEST_NUMBER = 40

_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("null", "Null", "NULL", "~"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INT = re.compile(r"[-+]?[0-9]+")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_A_NUMBER = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")


class UnreadableScalarError(ValueError):
    """A scalar that YAML allows and no manifest can use; the text says why."""


def resolve(text: str) -> Scalar:
    """Return the value of an unquoted scalar; raises UnreadableScalarError for one without a meaning."""
    if text in _WORDS:
        return _WORDS[text]
    if not text:
        raise UnreadableScalarError(
            "empty value; write a value, {} for all defaults, or null to remove what is inherited"
        )
    if text[0] not in "-+.0123456789":
        return text
    return _number(text)


def _number(text: str) -> Scalar:
    if _NOT_A_NUMBER.fullmatch(text):
        raise UnreadableScalarError(f"{text} is not a number that Twilio has; write a finite one")
    if not (_FLOAT.fullmatch(text) or _BASED.fullmatch(text)):
        return text
    if len(text) > LONGEST_NUMBER:
        raise UnreadableScalarError(f"a number of {len(text)} characters; write text in quotes, or a shorter number")
    if _INT.fullmatch(text):
        return int(text)
    if _BASED.fullmatch(text):
        return int(text, 0)
    return _read_decimal(text)


def _read_decimal(text: str) -> Decimal:
    number = Decimal(text)
    if abs(number.adjusted()) > LONGEST_NUMBER:
        raise UnreadableScalarError(
            f"{text} is out of range; write a number between 1e-{LONGEST_NUMBER} and 1e{LONGEST_NUMBER}"
        )
    return number
