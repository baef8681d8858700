"""What was found as workflow commands, which GitHub shows at the lines of a pull request.

It shows 10 errors and 10 warnings a step, so what one edit corrects is one command.
"""

from pathlib import Path

from tenantry.manifest.problem import Problem
from tenantry.policies.check import CheckResult
from tenantry.reports.validate.groups import Group, groups_of, join_groups
from tenantry.text.annotation import write_annotation


def as_github(judged: CheckResult, root: Path) -> str:
    """Return a command for each thing to correct, then a line that counts; paths begin at the project."""
    problems = [_write_problem(problem, root) for problem in judged.files.problems]
    groups = join_groups(groups_of(judged.counting))
    return "\n".join([*problems, *(_group(group, root) for group in groups), judged.summary])


def _write_problem(problem: Problem, root: Path) -> str:
    message = f"{problem.path}: {problem.message}" if problem.path else problem.message
    file = root / problem.file
    return write_annotation(problem.severity, message, file=file, line=problem.line, col=problem.column)


def _group(group: Group, root: Path) -> str:
    violation = group.first
    file, line, column = violation.place
    return write_annotation(
        "error" if violation.level == "mandatory" else "warning",
        f"{group.text}. {violation.rule.why}",
        file=root / file,
        line=line,
        col=column,
        title=violation.rule.id,
    )
