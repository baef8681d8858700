"""Where a customer that leaves stands, as lines for a terminal and for a file to sign."""

from collections.abc import Iterator

from tenantry.operations.offboarding.values import OffboardingReport
from tenantry.reports.offboarding.words import TITLES, deleted_text, summary
from tenantry.text.colour import Style
from tenantry.text.plain import plain
from tenantry.text.wrapping import PLAIN, Layout, Line, lay_out, sentence

MARKS = {"done": "[x]", "open": "[ ]", "failed": "[!]"}


def as_text(report: OffboardingReport, layout: Layout = PLAIN) -> str:
    """Return each step with what was read and what is next."""
    return lay_out(_lines(report), layout)


def _lines(report: OffboardingReport) -> Iterator[Line]:
    account = report.account_sid or "none"
    yield sentence(f"{plain(report.tenant)} leaves: account {account}, read on {report.today} (UTC)", "bold")
    yield Line()
    next_step = next((step for step in report.steps if step.state != "done"), None)
    for step in report.steps:
        style: Style | None = "dim" if step.state == "done" else "alarm" if step.state == "failed" else None
        yield sentence(f"{MARKS[step.state]} {TITLES[step.name]}: {plain(step.detail)}", style)
        if step.next is not None and (step is next_step or step.state == "failed"):
            yield sentence(f"    next: {plain(step.next)}", "yellow")
    yield Line()
    yield sentence(summary(report), "bold")
    if report.deleted:
        yield sentence(f"Deleted: {deleted_text(report)}.")
    if report.audit is not None:
        yield sentence(f"Its audit: --head {plain(report.tenant)}={report.audit}", "dim")
    yield sentence(f"The ledger's head: {report.ledger_head}", "dim")
