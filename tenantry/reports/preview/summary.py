"""A preview in one sentence, the headings of its parts, and its waivers."""

from collections.abc import Iterator, Sequence

from tenantry.operations.changes.messages import WAY_OUT
from tenantry.operations.preview.report import PreviewReport
from tenantry.operations.preview.waivers import WaivedRule
from tenantry.reports.about import policies_text
from tenantry.reports.changes.lines import TO_DO, counted_ops, many, some
from tenantry.text.counts import format_count
from tenantry.text.plain import plain
from tenantry.text.some import and_more

WAITING = "Waiting for their tenant to be active"
NEW = "New tenants"
SEEN = "Changed in Twilio, and left as it is"


def list_remarks(report: PreviewReport) -> Iterator[str]:
    """Yield what an `up` would come to besides its changes: what policies say, and where it would stop."""
    if report.policies:
        yield policies_text(report.policies)
    if report.left_out:
        yield f"Without {some(report.left_out)}: they could not be read, and an `up` leaves them out too."
    if report.stops:
        yield plain(report.stops)


def summarise(report: PreviewReport) -> str:
    """Return one line that counts."""
    if report.failed and not report.left_out:
        return f"The preview failed; {_describe_failure(report)}"
    counts = counted_ops(report.counts, TO_DO)
    scope = report.scope
    is_partial = scope is not None and scope.tenants < scope.every
    if not counts and scope is not None and is_partial:
        return f"Nothing to change for {scope.tenants:,} of {scope.every:,} tenants; the others were not looked at."
    if not counts:
        return f"Nothing to change; {report.unchanged:,} resources are as the manifests say."
    rest = "unchanged or not looked at" if is_partial else "unchanged"
    return f"{counts}, {report.unchanged:,} {rest}; {many(report.tenants, 'tenant')}."


def _describe_failure(report: PreviewReport) -> str:
    """Return what an `up` would come to, and what to do now."""
    rules = {message.policy for message in report.messages if message.severity == "mandatory"}
    if not rules or any(message.severity == "error" for message in report.messages):
        return "its reasons are printed, and an `up` would change nothing. Put them right, and preview again."
    return (
        f"{format_count(len(rules), 'mandatory rule')} {'is' if len(rules) == 1 else 'are'} broken, and an `up` would "
        f"change nothing. {WAY_OUT}; then preview again."
    )


def describe_stray(name: str) -> str:
    """Return a warning about a resource that runs for some tenants alone pass over."""
    return (
        f"warning: {plain(name)}: a run for some tenants alone passes this resource over, because its name does not "
        "begin with its tenant's slug and a slash. Name it so in components/; an alias keeps its state."
    )


MOST = 50
"""So many waivers are listed one by one, the new ones first."""


def list_waived(rules: Sequence[WaivedRule]) -> Iterator[str]:
    """Yield a line for each waiver, the new ones first."""
    for rule in rules[:MOST]:
        mark = "NEW: " if rule.new else ""
        broken = f"; {rule.findings[0]}" if rule.findings else ""
        more = and_more(len(rule.findings) - 1)
        yield plain(
            f"{mark}{rule.tenant}: {rule.rule} ({rule.level}) is waived until {rule.until} by {rule.owner}: "
            f"{rule.reason}{broken}{more} ({rule.file}:{rule.line})"
        )
    if len(rules) > MOST:
        yield f"{and_more(len(rules) - MOST).lstrip()}: `tenantry validate --waivers` lists them"
