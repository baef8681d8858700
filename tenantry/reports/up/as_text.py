"""What an `up` did, for a terminal."""

from collections.abc import Iterable, Iterator

from tenantry.operations.changes.messages import join_findings
from tenantry.operations.changes.values import Group
from tenantry.operations.up.outcome import Outcome
from tenantry.reports.about import policies_text
from tenantry.reports.changes.marks import legend
from tenantry.reports.changes.styled import group_lines, message_styled, tenants_line
from tenantry.reports.secrets.as_text import change_lines
from tenantry.reports.up.failures import group_failures
from tenantry.reports.up.words import ALIKE, FAILED, HEADING, NOT_DONE, UNKNOWN, kept_lines, list_ended, summary
from tenantry.text.colour import Style
from tenantry.text.plain import plain
from tenantry.text.wrapping import PLAIN, Layout, Line, Span, lay_out, sentence

_ENDINGS: dict[str, Style] = {"done": "green", "failed": "alarm", "interrupted": "yellow"}


def as_text(outcome: Outcome, layout: Layout = PLAIN) -> str:
    """Return what was done, what failed and why, what was not tried, and a summary; the preview had the properties."""
    return lay_out(_write_lines(outcome), layout)


def _write_lines(outcome: Outcome) -> Iterator[Line]:
    tried = [resource.op for failed in outcome.failed for resource in failed.resources]
    yield from legend((*outcome.done, *outcome.not_done, *outcome.unknown), tried)
    yield from _write_groups("Done", outcome.done)
    yield from _write_failures(outcome)
    yield from _write_groups(NOT_DONE, outcome.not_done)
    yield from _write_groups(UNKNOWN, outcome.unknown)
    yield from _write_leftovers(outcome)
    for message in join_findings(outcome.messages):
        yield from message_styled(message)
    yield from (sentence(plain(line), "yellow") for line in kept_lines(outcome))
    if outcome.secrets:
        yield from change_lines(outcome.secrets)
    if outcome.policies:
        yield sentence(policies_text(outcome.policies))
    yield from (sentence(plain(note)) for note in outcome.notes)
    yield sentence(summary(outcome), _ENDINGS[outcome.result])


def _write_groups(title: str, groups: Iterable[Group]) -> Iterator[Line]:
    for number, group in enumerate(groups):
        if not number:
            yield Line((Span(f"{title}:", "bold"),))
        yield from group_lines(group, fields=False)
        yield Line()


def _write_failures(outcome: Outcome) -> Iterator[Line]:
    for number, failed in enumerate(group_failures(outcome.failed)):
        if not number:
            yield Line((Span(f"{FAILED}:", "alarm"),))
        yield tenants_line(failed.tenants)
        if len(failed.tenants) > 1:
            yield sentence(f"  {ALIKE.format(plain(failed.tenants[0]))}")
        yield from (sentence(f"  {line}") for line in failed.lines)
        yield Line()


def _write_leftovers(outcome: Outcome) -> Iterator[Line]:
    if outcome.leftovers:
        yield Line((Span(f"{HEADING}:", "bold"),))
        yield from (sentence(f"  {line}") for line in list_ended(outcome.leftovers))
        yield Line()
