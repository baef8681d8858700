"""Numbers of statements: counted for each text around `{sequence}`, from 1, without a gap, none of them twice."""

from __future__ import annotations

from tenantry.ledger.connection import Ledger


def take_sequence(ledger: Ledger, pattern: str) -> int:
    """Return the next number of a text around `{sequence}`, in the transaction that writes the statement.

    Where that rolls back, the number was never taken.
    """
    found = ledger.row(
        "INSERT INTO statement_sequences (pattern, last) VALUES (?, 1) "
        "ON CONFLICT (pattern) DO UPDATE SET last = statement_sequences.last + 1 RETURNING last",
        pattern,
    )
    assert found is not None  # noqa: S101  # an upsert that did not fail returns its row
    return int(found[0])
