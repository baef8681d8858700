"""How long error events are kept. A tenant on hold keeps all of its own."""

from collections.abc import Mapping
from datetime import timedelta

from tenantry.ledger.connection import Ledger
from tenantry.ledger.error_events import delete_errors
from tenantry.ledger.holds import open_holds
from tenantry.operations.errors import OperationError

KEEP_DAYS = "TENANTRY_ERRORS_KEEP_DAYS"
LEAST_DAYS = 14
"""Fewer could not tell what is new since last week."""
KEEP_ERRORS = timedelta(days=30)
AT_ONCE = 1_000
"""Rows of one transaction, for which those who answer wait."""


def read_keep_days(environ: Mapping[str, str]) -> timedelta:
    """Return how long error events are kept; raises OperationError."""
    written = environ.get(KEEP_DAYS, "").strip()
    if not written:
        return KEEP_ERRORS
    if not (written.isascii() and written.isdecimal() and LEAST_DAYS <= int(written) <= 3_660):
        raise OperationError(f"{KEEP_DAYS} is '{written}'. Set it to a number of days from {LEAST_DAYS} to 3660.")
    return timedelta(days=int(written))


def forget_errors(ledger: Ledger, parent: str, keep: timedelta) -> int:
    """Delete the oldest error events that are kept no longer, at most 1,000; return how many. Raises LedgerError."""
    on_hold = [hold.tenant for hold in open_holds(ledger, parent)]
    return delete_errors(ledger, parent, ledger.now() - keep, on_hold, AT_ONCE)
