"""All that a receiver does beside answering, once: for cron, and where no receiver runs.

sweep_once(duty, target, keep_errors) -> SweepReport
"""

from collections.abc import Callable
from datetime import timedelta

from tenantry.ledger.connection import Ledger
from tenantry.operations.caps.accounts import Followed, follow_accounts
from tenantry.operations.caps.decide import decide_waiting
from tenantry.operations.caps.duty import Duty
from tenantry.operations.caps.periods import end_periods
from tenantry.operations.caps.sweep import sweep_caps
from tenantry.operations.caps.values import FailedAccount, SweepReport
from tenantry.operations.error_events.keeping import KEEP_ERRORS, forget_errors
from tenantry.operations.notices.send import Sent, Target, send_notices
from tenantry.twilio.session import Session


def sweep_once(
    duty: Duty,
    target: Target | None,
    keep_errors: timedelta = KEEP_ERRORS,
    on_tenant: Callable[[int], None] = lambda _: None,
) -> SweepReport:
    """Sweep, decide, end what is over, let accounts follow, send notices, and delete errors that are too old.

    Raises LedgerError, TwilioError and ClockError, where nothing was decided.
    """
    with duty.open_ledger() as ledger:
        session = duty.open_session()
        duty.agree_on_time(ledger, session)
        swept = sweep_caps(ledger, session, duty.parent, on_tenant)
        decided = _decide_all(ledger, duty.parent)
        ended = end_periods(ledger, duty.parent)
        followed = _follow_all(ledger, session, duty.parent)
        sent = _send_all(ledger, duty, target)
        deleted = _forget_all(ledger, duty.parent, keep_errors)
    failed = (*swept.failed, *followed.failed)
    return SweepReport(
        tenants=swept.tenants,
        found=swept.found,
        decided=decided,
        ended=ended,
        followed=followed.done,
        failed=tuple(FailedAccount(tenant=tenant, problem=problem) for tenant, problem in failed),
        notices_sent=sent.sent,
        notices_failed=sent.failed + sent.dead,
        errors_deleted=deleted,
        calls=session.traffic.requests,
    )


def _decide_all(ledger: Ledger, parent: str) -> int:
    total = 0
    while decided := decide_waiting(ledger, parent):
        total += decided
    return total


def _follow_all(ledger: Ledger, session: Session, parent: str) -> Followed:
    total = Followed()
    while True:
        followed = follow_accounts(ledger, session, parent)
        total = Followed(total.done + followed.done, (*total.failed, *followed.failed))
        if not followed.done:
            return total


def _send_all(ledger: Ledger, duty: Duty, target: Target | None) -> Sent:
    total = Sent()
    while target is not None:
        sent = send_notices(ledger, duty.parent, target)
        total = Sent(total.sent + sent.sent, total.failed + sent.failed, total.dead + sent.dead)
        if not sent.sent:
            break
    return total


def _forget_all(ledger: Ledger, parent: str, keep: timedelta) -> int:
    total = 0
    while deleted := forget_errors(ledger, parent, keep):
        total += deleted
    return total
