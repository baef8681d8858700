"""What `tenantry credits` does: record purchases by hand or from a file, and say what is still owed.

record_purchases(desk, rows) -> tuple[RecordedPurchase, ...]
import_purchases(desk, path) -> tuple[RecordedPurchase, ...]
"""

from collections.abc import Sequence
from pathlib import Path

from tenantry.operations.billing.credits.check import check_purchases
from tenantry.operations.billing.credits.purchases import (
    AskedRow,
    Desk,
    PurchaseError,
    RecordedPurchase,
    write_purchases,
)
from tenantry.operations.billing.credits.read_file import read_purchases
from tenantry.operations.errors import StoppedError


def record_purchases(desk: Desk, rows: Sequence[AskedRow]) -> tuple[RecordedPurchase, ...]:
    """Record purchases, all or none; raises StoppedError with every problem of all, and LedgerError."""
    try:
        check_purchases(desk, rows)
    except PurchaseError as error:
        raise StoppedError(f"{error}\nNothing was written.") from error
    return write_purchases(desk, rows)


def import_purchases(desk: Desk, path: Path) -> tuple[RecordedPurchase, ...]:
    """Record the purchases of a CSV file, as record_purchases does."""
    try:
        rows = read_purchases(path)
    except PurchaseError as error:
        raise StoppedError(f"{error}\nNothing was written.") from error
    return record_purchases(desk, rows)
