"""Checking a project for people: one stack, or every stack at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tenantry.manifest.load import load
from tenantry.manifest.problem import Problem, counted
from tenantry.manifest.project import read_project
from tenantry.model.project import Stack, stack_of


@dataclass(frozen=True)
class Checked:
    """What was checked, and what is wrong with it."""

    tenants: int
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> int:
        """The number of errors."""
        return sum(problem.severity == "error" for problem in self.problems)

    @property
    def summary(self) -> str:
        """The result in one line: `7 tenants, 0 errors, 1 warning`."""
        warnings = len(self.problems) - self.errors
        return f"{counted(self.tenants, 'tenant')}, {counted(self.errors, 'error')}, {counted(warnings, 'warning')}"


def check(root: Path, stack: str | None = None, *, strict: bool = False) -> Checked:
    """Check a stack; without a name, check every stack that tenantry.yaml names, and one that it does not."""
    stacks = [stack] if stack else list(_worth_checking(root))
    all_loaded = [load(root, name, strict=strict) for name in stacks]
    files = {file for loaded in all_loaded for file in loaded.files.values()}
    return Checked(len(files), tuple(sorted({problem for loaded in all_loaded for problem in loaded.problems})))


def _worth_checking(root: Path) -> Iterator[str | None]:
    """Yield a stack for each difference that stacks can make to manifests.

    The file's own values are passed over where every stack has a folder of its own.
    """
    project = read_project(root, lambda _: None).project  # load reports what this finds
    if project is None:
        yield None
        return
    named = {_settings(stack_of(project, name)): name for name in reversed(project.stacks)}
    own = stack_of(project, None)
    if _settings(own) not in named and ((root / own.tenants).exists() or not named):
        yield None
    yield from named.values()


def _settings(stack: Stack) -> tuple[str, str | None]:
    return stack.tenants, stack.webhooks
