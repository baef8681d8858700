"""The drift report as Markdown for one issue, which its hidden marker keeps up to date."""

import re
from collections.abc import Sequence

from tenantry.operations.drift.values import Group, Report
from tenantry.reports.changes.comment import Block, comment
from tenantry.reports.drift.sentences import NO_STATE, list_members, name_subject, summarise, write_headline
from tenantry.text.counts import format_count
from tenantry.text.markdown import COMMENT_LENGTH, code, details, marker, text
from tenantry.text.some import first_of

NAMED = 10
"""So many tenants are named in the open; more are folded."""
FOLDED = 200
"""Names that a folded block shows at most; JSON has all."""
_COMMAND = re.compile(r"`([^`]*)`")


def as_markdown(report: Report, limit: int = COMMENT_LENGTH) -> str:
    """Return the report: the most severe causes first, whole ones that fit, and how many did not."""
    head = [
        marker("drift", stack=report.stack or ""),
        f"### Tenantry: drift{f' of {code(report.stack)}' if report.stack else ''}",
        f"**{text(summarise(report))}**",
        *([_with_code(NO_STATE)] if report.state == "none" else []),
    ]
    groups = {_build_block(group): group for group in report.groups}
    return comment(head, groups, lambda blocks: _cut([groups[block] for block in blocks]), limit)


def _cut(groups: Sequence[Group]) -> str:
    causes = format_count(len(groups), "cause")
    findings = format_count(sum(len(group.findings) for group in groups), "finding")
    return f"**Not all fits here.** Left out: {causes} with {findings}. All of it: {code('tenantry drift')}."


def _build_block(group: Group) -> Block:
    names = list_members(group)
    lines = [f"{text(name_subject(group))}: {code(write_headline(group))}", f"→ {_with_code(group.settle)}"]
    if len(names) <= NAMED:
        body = "<br>\n".join([lines[0], f"in {text(first_of(names, NAMED))}", lines[1]])
    else:
        body = "\n\n".join(["<br>\n".join(lines), details(f"in {len(names):,}", text(first_of(names, FOLDED)))])
    return Block(f"**{group.severity.upper()}**", body)


def _with_code(sentence: str) -> str:
    """Return one of our own sentences, its commands in the typeface of code."""
    parts = _COMMAND.split(sentence)
    return "".join(code(part) if number % 2 else _keep_spaces(part) for number, part in enumerate(parts))


def _keep_spaces(part: str) -> str:
    """Return a part of a sentence with the spaces around it, which `text` takes for a value's own."""
    before, after = part[: len(part) - len(part.lstrip())], part[len(part.rstrip()) :]
    return f"{before}{text(part.strip())}{after}" if part.strip() else part
