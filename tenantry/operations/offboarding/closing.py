"""Whether an account that is being offboarded may be closed: not before its records were read again."""

from __future__ import annotations

from collections.abc import Collection

from tenantry.ledger.address import URL
from tenantry.ledger.errors import MissingLedgerError
from tenantry.ledger.offboarding import done_steps
from tenantry.manifest.load import Loaded
from tenantry.operations.ledger.opening import Place, open_for_readings
from tenantry.twilio.credentials import SID


def find_unread(place: Place, loaded: Loaded, closing: Collection[str]) -> tuple[str, ...]:
    """Return, a sentence each, which tenants may not be closed yet; raises LedgerError.

    A tenant whose offboarding nobody began with `tenantry offboard` may be closed by the three acts alone.
    """
    stack = loaded.stack
    parent = stack.parent or place.environ.get(SID)
    if not closing or not parent or stack.ledger is None:
        return ()
    if stack.ledger.startswith("postgresql") and not place.environ.get(URL):
        return ()
    try:
        with open_for_readings(place) as ledger:
            done = {slug: done_steps(ledger, parent, slug) for slug in sorted(closing)}
    except MissingLedgerError:
        return ()
    return tuple(
        f"{slug}: it is being offboarded, and its records were not read again after their deletion. Run `tenantry "
        f"offboard {slug} --apply` first."
        for slug, steps in done.items()
        if steps and "read_again" not in steps
    )
