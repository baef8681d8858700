"""What an `up` did, for the summary of a job or a comment: within GitHub's limit for one."""

from collections.abc import Iterator, Sequence

from tenantry.operations.changes.messages import join_findings
from tenantry.operations.stack.about import About
from tenantry.operations.up.outcome import Outcome
from tenantry.reports.about import policies_text, whose_markdown
from tenantry.reports.changes.comment import Block, comment, group_blocks, put_under_tenants
from tenantry.reports.changes.lines import many, message_lines
from tenantry.reports.secrets.as_text import change_lines
from tenantry.reports.up.failures import group_failures
from tenantry.reports.up.words import ALIKE, FAILED, HEADING, NOT_DONE, UNKNOWN, ended_lines, kept_lines, summary
from tenantry.text.markdown import COMMENT_LENGTH, code, fence, marker, text
from tenantry.text.wrapping import lay_out

LEFT_OUT = "**Not all of it fits here.**"
"""A report that is cut has this sentence: then the log is to have all of it."""


def as_markdown(outcome: Outcome, limit: int = COMMENT_LENGTH) -> str:
    """Return the report as Markdown: what failed first, then what was not tried, then what was done."""
    head = [
        marker("up", stack=outcome.stack),
        f"### Tenantry: up of {code(outcome.stack)}",
        *([whose_markdown(About(outcome.parent, outcome.address))] if outcome.parent or outcome.address else []),
        f"**{text(summary(outcome))}**",
        *([policies_text(outcome.policies)] if outcome.policies else []),
        *map(text, outcome.notes),
    ]
    return comment(head, _build_blocks(outcome), _cut, limit)


def _build_blocks(outcome: Outcome) -> Iterator[Block]:
    for failed in group_failures(outcome.failed):
        alike = [ALIKE.format(failed.tenants[0])] if len(failed.tenants) > 1 else []
        yield Block(f"#### {FAILED}", put_under_tenants(failed.tenants, fence([*alike, *failed.lines])))
    if outcome.kept_keys:
        yield Block("#### Kept keys", fence(kept_lines(outcome)))
    if outcome.secrets:
        yield Block("#### Secrets", fence(lay_out(change_lines(outcome.secrets)).splitlines()))
    for orphan in outcome.leftovers:
        yield Block(f"#### {HEADING}", fence(ended_lines(orphan)))
    for message in join_findings(outcome.messages):
        yield Block("#### Messages of this run", fence(message_lines(message)))
    yield from group_blocks(outcome.unknown, UNKNOWN)
    yield from group_blocks(outcome.not_done, NOT_DONE)
    yield from group_blocks(outcome.done, "Done")


def _cut(blocks: Sequence[Block]) -> str:
    return f"{LEFT_OUT} Left out: {many(len(blocks), 'group')}. All of it is in the log of this run."
