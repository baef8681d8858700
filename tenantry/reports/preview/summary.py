"""A preview in one sentence, and the headings of its parts."""

from collections.abc import Mapping

from tenantry.engine.plan import Op
from tenantry.manifest.problem import counted
from tenantry.reports.preview.values import PreviewReport

WAITING = "Waiting for their tenant to be active"
SEEN = "Changed in Twilio, and left as it is"

TO_DO: Mapping[Op, str] = {
    "create": "to create",
    "update": "to update",
    "replace": "to replace",
    "delete": "to delete",
    "import": "to import",
    "forget": "to forget (untouched in Twilio)",
    "wait": "to wait (tenant not active)",
}


def summary(report: PreviewReport) -> str:
    """Return one line that counts."""
    counts = ", ".join(f"{report.counts[op]:,} {text}" for op, text in TO_DO.items() if op in report.counts)
    if not counts:
        return f"Nothing to change; {report.unchanged:,} resources are as the manifests say."
    return f"{counts}, {report.unchanged:,} unchanged; {counted(report.tenants, 'tenant')}."
