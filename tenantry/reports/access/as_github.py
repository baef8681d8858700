"""The access report as workflow commands, which GitHub shows beside the lines of access.yaml."""

from pathlib import Path

from tenantry.operations.access.values import AccessReport
from tenantry.reports.access.words import finding_text, summary
from tenantry.text.annotation import Level, write_annotation
from tenantry.text.plain import plain

LEVELS: dict[str, Level] = {"high": "error", "low": "warning", "note": "notice"}


def as_github(report: AccessReport, root: Path) -> str:
    """Return a command for each finding and a line that counts; files are named below `root`, the project's folder."""
    commands = [
        write_annotation(
            LEVELS[finding.severity],
            f"{finding_text(finding)}. {finding.settle}",
            file=root / finding.file,
            line=finding.line,
            title=f"Access, {finding.severity}",
        )
        for finding in report.findings
    ]
    return "\n".join([*commands, plain(summary(report))])
