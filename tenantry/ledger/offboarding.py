"""Steps of a customer's leaving that are done: what nobody can read again at Twilio."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tenantry.ledger.connection import Ledger
from tenantry.ledger.journal import record_fact
from tenantry.ledger.values import instant_of, stamp


@dataclass(frozen=True)
class DoneStep:
    """A step, who confirmed it, and by what."""

    step: str
    ref: str
    by: str
    at: datetime


def record_step(ledger: Ledger, parent: str, tenant: str, step: str, *, ref: str, by: str) -> None:
    """Record that a step is done; done again, the newer one counts."""
    with ledger.writing_facts():
        row = (parent, tenant, step, ref, by, stamp(ledger.now()))
        ledger.insert("offboarding_steps", "parent, tenant, step, ref, by, at", row)
        record_fact(ledger, "offboarding", f"{parent}/{tenant}", *row)


def done_steps(ledger: Ledger, parent: str, tenant: str) -> Mapping[str, DoneStep]:
    """Return the steps of a tenant that are done, by their names."""
    rows = ledger.rows(
        "SELECT step, ref, by, at FROM offboarding_steps WHERE parent = ? AND tenant = ? ORDER BY id", parent, tenant
    )
    return {step: DoneStep(step, ref, by, instant_of(at)) for step, ref, by, at in rows}
