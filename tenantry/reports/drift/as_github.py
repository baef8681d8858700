"""The drift report as workflow commands, which GitHub shows beside the lines of the manifests.

It shows 10 warnings a step, so each cause is one, at the first manifest that it is about.
"""

from pathlib import Path

from tenantry.operations.drift.values import Group, Report
from tenantry.reports.drift.sentences import NO_STATE, list_members, name_subject, summarise, write_headline
from tenantry.text.annotation import write_annotation
from tenantry.text.plain import plain
from tenantry.text.some import first_of

NAMED = 10


def as_github(report: Report, root: Path) -> str:
    """Return a command for each cause and a line that counts; files are named below `root`, the project's folder."""
    state = [NO_STATE] if report.state == "none" else []
    return "\n".join([*(_write_annotation(group, root) for group in report.groups), *state, plain(summarise(report))])


def _write_annotation(group: Group, root: Path) -> str:
    first = next((finding for finding in group.findings if finding.file is not None), None)
    names = first_of(list_members(group), NAMED)
    return write_annotation(
        "notice" if group.severity == "note" else "warning",
        f"{name_subject(group)}: {write_headline(group)} (in {names}). {group.settle}",
        file=root / first.file if first is not None and first.file is not None else None,
        line=first.line if first is not None else None,
        title=f"Drift, {group.severity}",
    )
