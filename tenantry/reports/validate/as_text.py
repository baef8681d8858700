"""What was found as lines for people, and the list of waivers."""

from collections.abc import Iterator
from datetime import date

from tenantry.manifest.files import WAIVERS
from tenantry.manifest.problem import Problem
from tenantry.policies.check import Judged
from tenantry.policies.waivers import Waiver
from tenantry.reports.validate.groups import Group, groups_of
from tenantry.text.plain import plain

COLUMNS = ("tenant", "rule", "until", "owner", "reason")


def as_text(judged: Judged) -> str:
    """Return a line for each thing to mend, by file and line, then why the rules are there, then a line that counts."""
    groups = groups_of(judged.counting)
    problems = [(one.place, str(one)) for one in judged.files.problems]
    found = sorted([*problems, *((group.first.place, _line(group)) for group in groups)])
    return "\n".join([*(text for _, text in found), *_why(groups), judged.summary])


def waivers_as_text(judged: Judged, today: date) -> str:
    """Return a table of all waivers, the one that ends first at the top, then what is wrong with their files."""
    waivers = sorted(judged.waivers, key=lambda waiver: (waiver.until, waiver.place))
    rows = [COLUMNS, *(_row(waiver, today) for waiver in waivers)] if waivers else []
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    wrong = map(str, waiver_problems(judged))
    return "\n".join([*(lines or ["no waivers"]), *wrong])


def waiver_problems(judged: Judged) -> tuple[Problem, ...]:
    """Return what is wrong with the files of waivers."""
    return tuple(problem for problem in judged.files.problems if problem.file.startswith(f"{WAIVERS}/"))


def _line(group: Group) -> str:
    violation = group.first
    mark = "warning: " if violation.level == "advisory" else ""
    return f"{violation.place}: {mark}{plain(group.text)} [{violation.rule.id}]"


def _why(groups: tuple[Group, ...]) -> Iterator[str]:
    rules = {group.first.rule.id: group.first.rule for group in groups}
    if rules:
        yield "why:"
        yield from (f"  {rule.id}: {plain(rule.why)}" for rule in rules.values())


def _row(waiver: Waiver, today: date) -> tuple[str, ...]:
    until = f"{waiver.until}{'' if waiver.holds(today) else ' (expired)'}"
    return plain(waiver.tenant), waiver.rule, until, plain(waiver.owner), plain(waiver.reason)
