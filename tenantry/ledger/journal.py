"""The journal: one entry for each write of facts, each with a head that follows from all before it.

Whoever noted down a head can ask later whether the ledger still has it. A ledger that was restored from an older copy
does not, and nor does one in which entries were changed.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass

from tenantry.ledger.connection import Bound, Ledger
from tenantry.ledger.errors import LedgerError
from tenantry.ledger.values import stamp

_HEAD = re.compile(r"(0|[1-9][0-9]{0,17}):([0-9a-f]{16})")
_SHOWN = 16


@dataclass(frozen=True)
class Head:
    """The end of the journal at some time: how many entries, and the digest of them all."""

    entries: int
    digest: str

    def __str__(self) -> str:
        return f"{self.entries}:{self.digest[:_SHOWN]}"


NOTHING = Head(0, "0" * 64)


def read_head(ledger: Ledger) -> Head:
    """Return the end of the journal."""
    found = ledger.row("SELECT number, head FROM journal ORDER BY number DESC LIMIT 1")
    return Head(*found) if found else NOTHING


def record_fact(ledger: Ledger, what: str, ref: str, *content: Bound) -> None:
    """Add an entry, in the transaction that writes the fact itself (`writing_facts`)."""
    head, at = read_head(ledger), stamp(ledger.now())
    digest = digest_fact(*content)
    ledger.insert(
        "journal",
        "number, what, ref, digest, head, at",
        (head.entries + 1, what, ref, digest, _derive_head(head.digest, head.entries + 1, what, ref, digest, at), at),
    )


def digest_fact(*content: Bound) -> str:
    """Return what an entry holds of a fact's content, by which a change of it is noticed."""
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def find_broken_entry(ledger: Ledger) -> int | None:
    """Return the number of the first entry that does not follow from those before it; None if all do."""
    head = NOTHING
    for number, what, ref, digest, claimed, at in ledger.each_row(
        "SELECT number, what, ref, digest, head, at FROM journal ORDER BY number"
    ):
        if (number, claimed) != (head.entries + 1, _derive_head(head.digest, number, what, ref, digest, at)):
            return head.entries + 1
        head = Head(number, claimed)
    return None


def has_head(ledger: Ledger, noted: str) -> bool:
    """Return whether a head that was noted down as `entries:digest` is in the journal; raises LedgerError."""
    parts = _HEAD.fullmatch(noted.strip())
    if parts is None:
        raise LedgerError(f"'{noted}' is no head of a ledger's journal, such as 12:0123456789abcdef.")
    entries = int(parts[1])
    if not entries:
        return NOTHING.digest.startswith(parts[2])
    found = ledger.row("SELECT head FROM journal WHERE number = ?", entries)
    return found is not None and str(found[0]).startswith(parts[2])


def _derive_head(head: str, number: int, what: str, ref: str, digest: str, at: str) -> str:
    return hashlib.sha256("\n".join((head, str(number), what, ref, digest, at)).encode()).hexdigest()
