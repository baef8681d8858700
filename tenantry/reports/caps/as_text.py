"""What is known and done about caps as lines for people."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from tenantry.operations.caps.values import CapActReport, CapRow, CapsReport, FailedAccount, SweepReport, SyncReport
from tenantry.reports.alike import Reason, group_reasons
from tenantry.text.columns import align_columns
from tenantry.text.counts import format_count
from tenantry.text.plain import plain
from tenantry.text.some import first_of
from tenantry.text.wrapping import PLAIN, Layout, Line, Span, lay_out, sentence

NAMED = 10
_HEADINGS = ("tenant", "cap", "used", "limit", "suspends at", "status")


def caps_as_text(report: CapsReport, layout: Layout = PLAIN) -> str:
    """Return a table of caps, and what does not follow yet."""
    return lay_out(list(_caps_lines(report)), layout)


def act_as_text(report: CapActReport, layout: Layout = PLAIN) -> str:
    """Return what a person did, and how the account stands."""
    lines = [sentence(plain(report.done), "bold")]
    if report.problem is not None:
        lines.append(sentence(plain(report.problem), "alarm"))
        lines.append(sentence("The ledger says so already; the receiver and `tenantry sweep` try the account again."))
    elif report.status is not None:
        lines.append(sentence(f"Its account {report.account_sid} is {plain(report.status)}."))
    return lay_out(lines, layout)


def sweep_as_text(report: SweepReport, layout: Layout = PLAIN) -> str:
    """Return what a sweep found and did."""
    return lay_out(list(_sweep_lines(report)), layout)


def sync_as_text(report: SyncReport, layout: Layout = PLAIN) -> str:
    """Return what was written for the receiver."""
    caps = f"{format_count(report.caps, 'cap')} that {'suspends' if report.caps == 1 else 'suspend'}"
    lines = [sentence(f"The receiver knows {format_count(report.tenants, 'tenant')} with {caps}.", "bold")]
    if report.without_account:
        lines.append(sentence(f"Without an account yet: {first_of(report.without_account, NAMED)}."))
    return lay_out(lines, layout)


def _caps_lines(report: CapsReport) -> Iterator[Line]:
    if not report.caps:
        yield sentence(
            "The ledger knows no caps. `tenantry up` and `tenantry sync` write usage triggers below `webhooks`."
        )
        return
    rows = [_HEADINGS, *map(_cells, report.caps)]
    for number, text in enumerate(align_columns(rows, right=(2, 3, 4))):
        yield Line((Span(text, None if number else "bold"),))
    waiting = [row for row in report.caps if row.status == "awaiting"]
    for row in waiting:
        yield sentence(f"Suspend {row.tenant}: `tenantry caps approve {row.tenant} {row.cap}`.")
    yield from _failed_lines("Does not follow the ledger yet", report.not_followed)


def _cells(row: CapRow) -> tuple[str, ...]:
    suspends = "never" if row.suspends_at is None else f"{row.suspends_at} %"
    return (row.tenant, row.cap, _usage_text(row), row.override or row.limit, suspends, _status_text(row))


def _usage_text(row: CapRow) -> str:
    if row.used is None:
        return "not read"
    limit = Decimal(row.override or row.limit)
    return f"{row.used} ({Decimal(row.used) * 100 / limit:.0f} %)" if limit else row.used


def _status_text(row: CapRow) -> str:
    until = f" until {row.until:%Y-%m-%d %H:%M} UTC" if row.until else ""
    status = {"open": "open", "awaiting": f"awaits approval{until}", "suspended": f"suspended{until}"}[row.status]
    if row.override is None:
        return status
    return f"{status}; limit by {plain(row.override_by)} until {row.override_until}"


def _sweep_lines(report: SweepReport) -> Iterator[Line]:
    read = f"Read the triggers of {format_count(report.tenants, 'tenant')}"
    yield sentence(f"{read}; {report.found} had fired or are over a limit, and nobody had noticed.", "bold")
    yield sentence(
        f"Decided about {format_count(report.decided, 'event')}; "
        f"{format_count(report.followed, 'account')} follow the ledger."
    )
    if report.ended:
        yield sentence(f"Their period is over: {first_of(report.ended, NAMED)}.")
    if report.notices_sent or report.notices_failed:
        yield sentence(f"{format_count(report.notices_sent, 'notice')} sent, {report.notices_failed} failed.")
    if report.errors_deleted:
        yield sentence(f"{format_count(report.errors_deleted, 'error event')} deleted that are kept no longer.")
    yield from _failed_lines("Failed, and tried again", report.failed)
    yield sentence(f"Twilio's API: {format_count(report.calls, 'request')}.")


def _failed_lines(title: str, failed: Iterable[FailedAccount]) -> Iterator[Line]:
    for alike in group_reasons(Reason(account.tenant, account.problem) for account in failed):
        yield sentence(f"{title}: {plain(alike.line)}", "alarm")
