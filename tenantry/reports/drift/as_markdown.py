"""The drift report as Markdown for one issue or comment, which is kept up to date by its hidden marker."""

import re
from collections.abc import Iterator

from tenantry.manifest.problem import counted
from tenantry.reports.drift.sentences import NO_STATE, folded, headline, members, summary, what
from tenantry.reports.drift.values import Group, Report
from tenantry.reports.markdown import COMMENT_LENGTH, code, details, marker, text

NAMED = 10
FOLDED = 200
"""Names that a folded block shows; JSON has all."""
ROOM_FOR_THE_REST = 500


def as_markdown(report: Report) -> str:
    """Return the report, 65,536 characters at most: the most severe causes, and how many were cut."""
    head = [marker("drift", stack=report.stack or ""), f"**Tenantry drift**: {text(summary(report))}"]
    if report.state == "none":
        head.append(text(NO_STATE))
    blocks = list(_that_fit(report, COMMENT_LENGTH - ROOM_FOR_THE_REST - len("\n\n".join(head))))
    return "\n\n".join([*head, *blocks, *_cut(report.groups[len(blocks) :])])


def _that_fit(report: Report, room: int) -> Iterator[str]:
    for group in report.groups:
        block = _block(group)
        room -= len(block) + len("\n\n")
        if room < 0:
            return
        yield block


def _cut(groups: tuple[Group, ...]) -> Iterator[str]:
    if groups:
        findings = sum(len(group.findings) for group in groups)
        yield (
            f"**Cut here**: {counted(len(groups), 'cause')} with {counted(findings, 'finding')}, all less severe or "
            "smaller than these. `tenantry drift` shows all of them."
        )


def _block(group: Group) -> str:
    names = members(group)
    lines = [f"**{group.severity}: {text(what(group))}** {code(headline(group))}", f"→ {_with_code(group.settle)}"]
    if len(names) > NAMED:
        lines.append(details(f"in {len(names)}", text(folded(names, FOLDED))))
    else:
        lines.insert(1, f"in {text(folded(names, NAMED))}")
    return "\n\n".join(lines) if len(names) > NAMED else "<br>\n".join(lines)


def _with_code(sentence: str) -> str:
    """Return one of our own sentences, its commands in the typeface of code."""
    parts = re.split(r"`([^`]*)`", sentence)
    return "".join(code(part) if number % 2 else text(part) for number, part in enumerate(parts))
