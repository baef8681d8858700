"""What was found as lines for people, and the list of waivers."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from tenantry.manifest.files import WAIVERS
from tenantry.manifest.problem import Place, Problem, join_problems
from tenantry.policies.check import CheckResult
from tenantry.policies.waivers import Waiver
from tenantry.reports.validate.groups import Group, groups_of, join_groups
from tenantry.text.plain import plain
from tenantry.text.wrapping import PLAIN, Layout, Line, Span, lay_out, sentence, spans_of

JOINED = "What many manifests have alike is told at the first of them; --format json names every line."
COLUMNS = ("tenant", "rule", "until", "owner", "reason")


def as_text(judged: CheckResult, layout: Layout = PLAIN) -> str:
    """Return a line for each thing to correct, by file and line, then why the rules exist, then the counts.

    What many manifests have alike is one line; JSON and SARIF have all of them.
    """
    groups = join_groups(groups_of(judged.counting))
    joined_problems = join_problems(judged.files.problems)
    is_joined = len(joined_problems) < len(judged.files.problems) or any(group.places > 1 for group in groups)
    joined = [JOINED] if is_joined else []
    problems = [_Found(problem.place, problem.sentence, problem.severity == "error") for problem in joined_problems]
    found = sorted([*problems, *map(_as_found, groups)])
    lines = [*map(_write_line, found), *map(sentence, (*joined, *_write_reasons(groups)))]
    return lay_out([*lines, sentence(judged.summary, "alarm" if judged.errors else "bold")], layout)


def waivers_as_text(judged: CheckResult, today: date, layout: Layout = PLAIN) -> str:
    """Return a table of all waivers, the one that ends first at the top, then what is wrong with their files."""
    waivers = sorted(judged.waivers, key=lambda waiver: (waiver.until, waiver.place))
    rows = [COLUMNS, *(_build_row(waiver, today) for waiver in waivers)] if waivers else []
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    texts = ["  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    hang = sum(width + 2 for width in widths[:-1])
    lines = [Line((Span(text, None if number else "bold"),), hang=hang) for number, text in enumerate(texts)]
    wrong = (
        _write_line(_Found(problem.place, problem.sentence, problem.severity == "error"))
        for problem in list_waiver_problems(judged)
    )
    return lay_out([*(lines or [sentence("no waivers")]), *wrong], layout)


def list_waiver_problems(judged: CheckResult) -> tuple[Problem, ...]:
    """Return what is wrong with the files of waivers."""
    return tuple(problem for problem in judged.files.problems if problem.file.startswith(f"{WAIVERS}/"))


class _Found(NamedTuple):
    """One thing to correct."""

    place: Place
    text: str
    is_error: bool


def _as_found(group: Group) -> _Found:
    violation = group.first
    mark = "warning: " if violation.level == "advisory" else ""
    return _Found(violation.place, f"{mark}{plain(group.text)} [{violation.rule.id}]", violation.level != "advisory")


def _write_line(found: _Found) -> Line:
    place = Span(f"{found.place}:", "red" if found.is_error else "yellow", whole=True)
    return Line((place, *spans_of(f" {found.text}")))


def _write_reasons(groups: tuple[Group, ...]) -> Iterator[str]:
    rules = {group.first.rule.id: group.first.rule for group in groups}
    if rules:
        yield "why:"
        yield from (f"  {rule.id}: {plain(rule.why)}" for rule in rules.values())


def _build_row(waiver: Waiver, today: date) -> tuple[str, ...]:
    until = f"{waiver.until}{'' if waiver.holds(today) else ' (expired)'}"
    return plain(waiver.tenant), waiver.rule, until, plain(waiver.owner), plain(waiver.reason)
