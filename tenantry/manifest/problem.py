"""Problems in manifests: what is wrong, and where."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Literal, NamedTuple

from tenantry.text.counts import format_count
from tenantry.text.own_names import leave_out_names
from tenantry.text.printable import printable
from tenantry.text.some import first_of

NOTHING_SENT = "Nothing was sent to Twilio."


class Place(NamedTuple):
    """A position in a file; line and column count from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return printable(f"{self.file}:{self.line}:{self.column}")


FEW = 5
"""In so many files the same is told of each of them; in more, once."""
NAMED = 3


@dataclass(frozen=True, order=True)
class Problem:
    """One problem and its place; problems sort by file and position."""

    file: str
    line: int
    column: int
    path: str
    """The dotted path of the key, such as `usage_triggers.monthly-sms.recurring`; empty for a whole file."""
    message: str
    severity: Literal["error", "warning"] = "error"

    @classmethod
    def at(cls, place: Place, path: str, message: str, severity: Literal["error", "warning"] = "error") -> "Problem":
        """Return a problem at a place."""
        return cls(place.file, place.line, place.column, path, message, severity)

    @property
    def place(self) -> Place:
        return Place(self.file, self.line, self.column)

    @property
    def sentence(self) -> str:
        """The problem without its place."""
        mark = "warning: " if self.severity == "warning" else ""
        return printable(f"{mark}{self.path}: {self.message}" if self.path else f"{mark}{self.message}")

    def __str__(self) -> str:
        return f"{self.place}: {self.sentence}"


class ManifestError(Exception):
    """The manifests can't be used; carries every problem of every file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join([*map(str, join_problems(self.problems)), f"{self._count()} {NOTHING_SENT}"]))

    def _count(self) -> str:
        errors = sum(problem.severity == "error" for problem in self.problems)
        verb = "has" if errors == 1 else "have"
        return f"{format_count(errors, 'error')} in the manifests {verb} to be corrected."


def join_problems(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return problems with what more than FEW files have alike once, at the first of them, for people."""
    problems = tuple(problems)
    files: dict[object, dict[str, None]] = {}
    for problem in problems:
        files.setdefault(_leave_out_own(problem), {})[problem.file] = None
    joined: dict[object, Problem] = {}
    for number, problem in enumerate(problems):
        cause = _leave_out_own(problem)
        if len(files[cause]) > FEW:
            joined.setdefault(cause, _join(problem, [file for file in files[cause] if file != problem.file]))
        else:
            joined[number] = problem
    return tuple(joined.values())


def _leave_out_own(problem: Problem) -> tuple[object, ...]:
    return (problem.severity, leave_out_names([problem.path, problem.message], PurePosixPath(problem.file).stem))


def _join(problem: Problem, files: Sequence[str]) -> Problem:
    return replace(problem, message=f"{problem.message} (alike in {first_of(files, NAMED)})")


def format_path(path: Iterable[str | int]) -> str:
    """Write a path as people read it: `api_keys.sender.access[1]`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")
