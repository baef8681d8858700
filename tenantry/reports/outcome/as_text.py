"""What an `up` did, for a terminal."""

from collections.abc import Iterable, Iterator

from tenantry.reports.about import policies_text
from tenantry.reports.changes.lines import NO_TENANT, group_lines, message_lines
from tenantry.reports.changes.values import Group
from tenantry.reports.leftovers.words import HEADING, ended_lines
from tenantry.reports.outcome.values import Outcome
from tenantry.reports.outcome.words import FAILED, NOT_DONE, UNKNOWN, failed_lines, summary
from tenantry.text.plain import plain


def as_text(outcome: Outcome) -> str:
    """Return what was done, what failed and why, what was not tried, and a summary; the preview had the properties."""
    lines = [
        *_groups("Done", outcome.done),
        *_failures(outcome),
        *_groups(NOT_DONE, outcome.not_done),
        *_groups(UNKNOWN, outcome.unknown),
        *_leftovers(outcome),
        *(line for message in outcome.messages for line in message_lines(message)),
        *([policies_text(outcome.policies)] if outcome.policies else []),
        *map(plain, outcome.notes),
    ]
    return "\n".join([*lines, summary(outcome)])


def _groups(title: str, groups: Iterable[Group]) -> Iterator[str]:
    for number, group in enumerate(groups):
        if not number:
            yield f"{title}:"
        yield from group_lines(group, fields=False)
        yield ""


def _failures(outcome: Outcome) -> Iterator[str]:
    for number, failed in enumerate(outcome.failed):
        if not number:
            yield f"{FAILED}:"
        yield plain(failed.tenant) if failed.tenant else NO_TENANT
        yield from (f"  {line}" for line in failed_lines(failed))
        yield ""


def _leftovers(outcome: Outcome) -> Iterator[str]:
    if outcome.leftovers:
        yield f"{HEADING}:"
        yield from (f"  {line}" for left in outcome.leftovers for line in ended_lines(left))
        yield ""
