"""The person whose records are erased: a number, which is compared and never shown, and its digest in the audit."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tenantry.operations.errors import StoppedError

KEY = "TENANTRY_AUDIT_KEY"
SHORTEST_KEY = 16
CHANNELS = ("", "whatsapp:")
"""How an address at Twilio may begin, for one and the same number."""


@dataclass(frozen=True)
class Person:
    """One number, in the form of E.164; it is in no representation of this value."""

    number: str = field(repr=False)

    @property
    def addresses(self) -> tuple[str, ...]:
        return tuple(f"{channel}{self.number}" for channel in CHANNELS)

    def digest(self, key: str) -> str:
        """Return the number's HMAC-SHA-256, by which whoever has the key finds the person in the audit."""
        return hmac.new(key.encode(), self.number.encode(), hashlib.sha256).hexdigest()


def read_person(lines: Iterable[str]) -> Person:
    """Read one number; raises StoppedError, which never repeats what was read."""
    written = [text for line in lines if (text := line.strip())]
    if len(written) != 1:
        raise StoppedError(f"The file holds {len(written)} lines, and one number is expected. Nothing was sent.")
    if not re.fullmatch(r"\+[1-9]\d{6,14}", written[0], re.ASCII):
        raise StoppedError("The file holds no number such as +14155550100 (E.164). Nothing was sent.")
    return Person(written[0])


def require_key(environ: Mapping[str, str]) -> str:
    """Return the key of the audit; raises StoppedError where there is none."""
    key = environ.get(KEY, "").strip()
    if len(key) < SHORTEST_KEY:
        raise StoppedError(
            f"{KEY} is {'too short' if key else 'not set'}, so the audit could not say whose records were erased "
            f"without the number itself. Nothing was deleted. Set it to a secret of {SHORTEST_KEY} characters or more, "
            "and keep it."
        )
    return key
