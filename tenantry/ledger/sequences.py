"""Numbers of statements: counted for each text around `{sequence}`, from 1, without a gap, none of them twice."""

from __future__ import annotations

from dataclasses import dataclass

from tenantry.ledger.connection import Ledger

SEQUENCE = "{sequence}"


@dataclass(frozen=True)
class NumberPattern:
    """How a statement is numbered: the text around `{sequence}` with all else filled in, and the fewest digits."""

    text: str
    width: int = 1

    def __post_init__(self) -> None:
        if self.text.count(SEQUENCE) != 1:
            raise ValueError(f"a pattern of numbers has {SEQUENCE} once, not as in '{self.text}'")

    def number(self, sequence: int) -> str:
        """Return the number of a statement: `OWL-2026-000001`."""
        return self.text.replace(SEQUENCE, f"{sequence:0{self.width}}")


def take_sequence(ledger: Ledger, pattern: NumberPattern) -> int:
    """Return the next number of a sequence, in the transaction that writes the statement (`writing_facts`).

    Where that rolls back, the number was never taken.
    """
    found = ledger.row(
        "INSERT INTO statement_sequences (pattern, last) VALUES (?, 1) "
        "ON CONFLICT (pattern) DO UPDATE SET last = statement_sequences.last + 1 RETURNING last",
        pattern.text,
    )
    assert found is not None  # noqa: S101  # an upsert that did not fail returns its row
    return int(found[0])
