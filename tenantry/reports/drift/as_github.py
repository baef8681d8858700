"""The drift report as workflow commands, which GitHub shows beside the lines of the manifests.

It shows 10 warnings a step, so each cause is one, at the first manifest that it is about.
"""

from collections.abc import Iterator
from pathlib import Path

from tenantry.reports.drift.sentences import NO_STATE, folded, headline, members, summary, what
from tenantry.reports.drift.values import Group, Report
from tenantry.reports.plain import plain

NAMED = 10


def as_github(report: Report, root: Path) -> str:
    """Return a command for each cause and a line that counts; files are named below `root`, the project's folder."""
    state = [NO_STATE] if report.state == "none" else []
    return "\n".join([*(_annotation(group, root) for group in report.groups), *state, plain(summary(report))])


def _annotation(group: Group, root: Path) -> str:
    level = "notice" if group.severity == "note" else "warning"
    where = ",".join(f"{name}={_property(value)}" for name, value in _place(group, root))
    names = folded(members(group), NAMED)
    message = f"{what(group)}: {headline(group)} (in {names}). {group.settle}"
    return f"::{level} {where}::{_data(message)}"


def _place(group: Group, root: Path) -> Iterator[tuple[str, str]]:
    first = next((one for one in group.findings if one.file is not None), None)
    if first is not None and first.file is not None:
        yield "file", (root / first.file).as_posix()
        yield "line", str(first.line)
    yield "title", f"Drift, {group.severity}"


def _data(text: str) -> str:
    return plain(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
