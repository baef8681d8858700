"""What was found as workflow commands, which GitHub shows at the lines of a pull request.

It shows 10 errors and 10 warnings a step, so what is mended in one place is one command.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from tenantry.manifest.problem import Problem
from tenantry.reports.check.groups import Group, groups_of
from tenantry.rules.check import Judged


def as_github(judged: Judged, root: Path) -> str:
    """Return a command for each thing to mend, then a line that counts; files are named below the project's folder."""
    problems = [_problem(problem, root) for problem in judged.files.problems]
    return "\n".join([*problems, *(_group(group, root) for group in groups_of(judged.counting)), judged.summary])


def _problem(problem: Problem, root: Path) -> str:
    message = f"{problem.path}: {problem.message}" if problem.path else problem.message
    place = ",".join(_place(*problem.place, root))
    return f"::{problem.severity} {place}::{_data(message)}"


def _group(group: Group, root: Path) -> str:
    violation = group.first
    severity = "error" if violation.level == "mandatory" else "warning"
    place = ",".join([*_place(*violation.place, root), f"title={_property(violation.rule.id)}"])
    return f"::{severity} {place}::{_data(f'{group.text}. {violation.rule.why}')}"


def _place(file: str, line: int, column: int, root: Path) -> Iterator[str]:
    yield f"file={_property(os.fsencode(root / file).decode('utf-8', 'replace'))}"
    yield f"line={line}"
    yield f"col={column}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
