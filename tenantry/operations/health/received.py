"""Errors that the receiver was told of: where one runs, the ledger has them, and no Debugger is asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from tenantry.ledger.connection import Ledger
from tenantry.ledger.error_events import list_errors_since
from tenantry.ledger.leases import lease_until, sweep_lease
from tenantry.ledger.standing import read_standing
from tenantry.model.tenant_standing import parse_standing
from tenantry.twilio.alerts import LoggedAlert
from tenantry.twilio.log_records import Log

SILENT: Final = timedelta(minutes=10)
"""A receiver that runs renews its lease every few minutes."""


def runs_receiver(ledger: Ledger, parent: str) -> bool:
    """Return whether a receiver of this parent account runs now."""
    names = (sweep_lease(parent, shadow=shadow) for shadow in (False, True))
    found = [until for name in names if (until := lease_until(ledger, name)) is not None]
    return max(found, default=datetime.min.replace(tzinfo=ledger.now().tzinfo)) > ledger.now() - SILENT


def read_received_errors(ledger: Ledger, parent: str, since: datetime) -> Mapping[str, Log[LoggedAlert]]:
    """Return the errors since an instant of each account whose errors all come to the receiver, by SID.

    An account is left out where the receiver does not run, where its errors go elsewhere, and where none of its errors
    came before that instant: nobody could tell none from not told.
    """
    if not runs_receiver(ledger, parent):
        return {}
    standing = (parse_standing(row.document) for row in read_standing(ledger, parent))
    watched = {tenant.account_sid for tenant in standing if tenant.error_url is not None}
    found = list_errors_since(ledger, parent, since)
    return {
        sid: Log(tuple(LoggedAlert(at, "error", code) for at, code in errors), is_whole=True)
        for sid, errors in found.items()
        if sid in watched
    }
