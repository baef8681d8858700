"""The story of a look at the status page: ask, keep the answer, or take the last one; then say whom it concerns."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tenantry.model.tenant import Tenant
from tenantry.operations.status.kept_answer import KeptAnswer, keep_answer, last_answer
from tenantry.operations.status.page import OPERATIONAL, read_components, read_incidents, read_maintenances
from tenantry.operations.status.values import StatusReport
from tenantry.twilio.errors import TwilioError
from tenantry.twilio.status_page import read_summary, status_address


def look_at_status(
    environ: Mapping[str, str], tenants: Mapping[str, Tenant], now: datetime, timeout: float = 5.0
) -> StatusReport:
    """Return what the page says; raises TwilioError only where its URL is none."""
    address = status_address(environ)
    try:
        answer, reason = KeptAnswer(now, read_summary(address, timeout)), None
        keep_answer(environ, address.base, answer)
    except TwilioError as error:
        kept, reason = last_answer(environ, address.base), str(error)
        if kept is None:
            return _report(address.base, {}, tenants, now, None, reason)
        answer = kept
    return _report(address.base, answer.summary, tenants, now, answer.asked_at, reason)


def _report(
    page: str,
    summary: Mapping[str, Any],
    tenants: Mapping[str, Tenant],
    now: datetime,
    asked_at: datetime | None,
    reason: str | None,
) -> StatusReport:
    components, users = read_components(summary, tenants)
    shown = tuple(item for item in components if item.tenants or item.status != OPERATIONAL)
    status = summary.get("status")
    words = status if isinstance(status, dict) else {}
    return StatusReport(
        format=1,
        page=page,
        answer="none" if asked_at is None else "kept" if reason else "fresh",
        reason=reason,
        asked_at=asked_at,
        age_seconds=None if asked_at is None else max(0, int((now - asked_at).total_seconds())),
        indicator=str(words.get("indicator") or "unknown"),
        description=str(words.get("description") or ""),
        incidents=read_incidents(summary, users, len(tenants)),
        maintenances=read_maintenances(summary, users, len(tenants)),
        components=shown,
        unused=len(components) - len(shown),
        tenants=len(tenants),
    )
