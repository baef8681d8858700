"""A preview for a comment on a pull request: within GitHub's limit, and byte-identical when nothing changed."""

from collections.abc import Iterator, Sequence

from tenantry.operations.changes.messages import join_findings
from tenantry.operations.preview.report import PreviewReport
from tenantry.operations.stack.about import About
from tenantry.reports.about import describe_scope, whose_markdown
from tenantry.reports.changes.comment import Block, comment, group_blocks
from tenantry.reports.changes.lines import many, message_lines
from tenantry.reports.changes.novelty import split_by_novelty
from tenantry.reports.preview.summary import NEW, SEEN, WAITING, list_remarks, list_waived, summarise
from tenantry.text.markdown import BESIDE_LENGTH, COMMENT_LENGTH, code, fence, marker, text

LEFT_OUT = "**Not all of it fits into a comment.**"
"""A comment that is cut has this sentence: then the log is to have all of it."""


def as_markdown(report: PreviewReport, limit: int = COMMENT_LENGTH - BESIDE_LENGTH) -> str:
    """Return the preview as Markdown: dangers, then the other changes, then what waits; whole groups that fit.

    It begins with a hidden marker that names the stack: the comment of an earlier run that has it is to be replaced.
    """
    head = [
        marker("preview", stack=report.stack),
        f"### Tenantry: preview of {code(report.stack)}",
        *_write_about(report),
        f"**{text(summarise(report))}**",
        *map(text, list_remarks(report)),
    ]
    return comment(head, _build_blocks(report), lambda blocks: _cut(report, blocks), limit)


def _write_about(report: PreviewReport) -> Iterator[str]:
    """Yield a line that says what was previewed: the commit, which tenants, whose Twilio."""
    parts = [
        *([f"commit {code(report.commit)}"] if report.commit else []),
        *([text(describe_scope(report.scope))] if report.scope else []),
        *([whose_markdown(About(report.parent, report.address))] if report.parent or report.address else []),
    ]
    if parts:
        line = " · ".join(parts)
        yield f"{line[0].upper()}{line[1:]}"


def _build_blocks(report: PreviewReport) -> Iterator[Block]:
    if report.waivers:
        yield Block("#### Rules that waivers lift", fence(list_waived(report.waivers)))
    for message in join_findings(report.messages):
        yield Block("#### Messages of this run", fence(message_lines(message)))
    new, other_groups = split_by_novelty(report.groups)
    dangerous = sum(group.danger is not None for group in other_groups)
    yield from group_blocks(other_groups[:dangerous], "Changes")
    yield from group_blocks(new, NEW)
    yield from group_blocks(other_groups[dangerous:], "Changes")
    yield from group_blocks(report.waiting, WAITING)
    yield from group_blocks(report.seen, SEEN)


def _cut(report: PreviewReport, blocks: Sequence[Block]) -> str:
    groups = [block.group for block in blocks if block.group]
    tenants = {slug for group in groups for slug in group.tenants}
    dangerous = sum(group.danger is not None for group in groups)
    return (
        f"{LEFT_OUT} Left out: {many(len(blocks), 'group')} about "
        f"{many(len(tenants), 'tenant')}, {dangerous:,} of the groups dangerous. "
        f"All of it is in the log of this run; {code(f'tenantry preview --stack {report.stack}')} shows it too."
    )
