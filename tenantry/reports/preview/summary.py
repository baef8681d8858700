"""A preview in one sentence, and the headings of its parts."""

from tenantry.reports.changes.lines import TO_DO, counted_ops, many
from tenantry.reports.preview.values import PreviewReport

WAITING = "Waiting for their tenant to be active"
SEEN = "Changed in Twilio, and left as it is"


def summary(report: PreviewReport) -> str:
    """Return one line that counts."""
    if report.failed:
        return "The preview failed; the reasons are told with it, and an `up` would change nothing."
    counts = counted_ops(report.counts, TO_DO)
    if not counts:
        return f"Nothing to change; {report.unchanged:,} resources are as the manifests say."
    return f"{counts}, {report.unchanged:,} unchanged; {many(report.tenants, 'tenant')}."
