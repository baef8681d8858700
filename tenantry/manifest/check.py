"""Checking a project for people: one stack, or every stack at once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tenantry.manifest.customers import find_unused_customers
from tenantry.manifest.delivery import find_deliveries, find_equal_names
from tenantry.manifest.files import manifests_in
from tenantry.manifest.load import Loaded, load
from tenantry.manifest.problem import Problem
from tenantry.manifest.project import read_project
from tenantry.manifest.yaml.reader import read
from tenantry.model.project import Stack, stack_of
from tenantry.model.secret_sink import SecretSink
from tenantry.text.counts import format_count


@dataclass(frozen=True)
class Checked:
    """The number of tenants that were checked, and their problems."""

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
        counts = ((self.tenants, "tenant"), (self.errors, "error"), (warnings, "warning"))
        return ", ".join(format_count(number, noun) for number, noun in counts)


def check(root: Path, stack: str | None = None, *, strict: bool = False) -> Checked:
    """Check a stack; without a name, check every stack in tenantry.yaml, and one that is not in it."""
    stacks = load_stacks(root, stack, strict=strict)
    return summarize(stacks, *(() if stack else check_between_stacks(stacks)))


def load_stacks(root: Path, stack: str | None = None, *, strict: bool = False) -> tuple[Loaded, ...]:
    """Load a stack; without a name, one for each difference that stacks can make to manifests."""
    stacks = [stack] if stack else list(_list_stacks(root))
    reader = cache(read)  # stacks often share tenants
    return tuple(load(root, name, strict=strict, reader=reader) for name in stacks)


def summarize(stacks: Iterable[Loaded], *more: Problem) -> Checked:
    """Return the result for loaded stacks, with further problems."""
    every = tuple(stacks)
    files = {file for loaded in every for file in loaded.files.values()}
    return Checked(len(files), tuple(sorted({*more, *(problem for loaded in every for problem in loaded.problems)})))


def check_between_stacks(stacks: Iterable[Loaded]) -> Iterator[Problem]:
    """Yield what is wrong between these stacks, which are all."""
    every = tuple(stacks)
    yield from _find_idle_customers(every)
    yield from _find_names_in_two_stacks(every)


def _find_names_in_two_stacks(every: tuple[Loaded, ...]) -> Iterator[Problem]:
    """Yield a problem for each name in a sink that two stacks would write to."""
    loaded_by = {_list_settings(loaded.stack): loaded for loaded in every}
    project = every[0].project
    stacks = [stack_of(project, name) for name in project.stacks]
    deliveries = (
        delivery
        for stack in stacks
        if (loaded := loaded_by.get(_list_settings(stack))) is not None
        for delivery in find_deliveries(stack, loaded.tenants, loaded.origins)
    )
    yield from find_equal_names(deliveries, across_stacks=True)


def _find_idle_customers(every: tuple[Loaded, ...]) -> Iterator[Problem]:
    """Yield a warning for each customer's file that no tenant of these stacks, which are all, belongs to."""
    tenants = {slug: node for loaded in every for slug, node in loaded.origins.items()}
    yield from find_unused_customers(
        {name: file for loaded in every for name, file in loaded.customers.items()}, tenants
    )


def list_slugs_of_every_stack(root: Path) -> frozenset[str]:
    """Return the tenants of all stacks by the names of their files, whatever the files contain."""
    project = read_project(root, lambda _: None).project
    stacks = [stack_of(project, name) for name in (None, *project.stacks)] if project else []
    folders = {root / stack.tenants for stack in stacks}
    found = (path for folder in folders if folder.is_dir() for path in manifests_in(root, folder, nested=True))
    return frozenset(path.stem for path in found if isinstance(path, Path))


def _list_stacks(root: Path) -> Iterator[str | None]:
    """Yield a stack for each difference that stacks can make to manifests.

    The file's own values are skipped where every stack has a folder of its own.
    """
    project = read_project(root, lambda _: None).project  # load reports what this finds
    if project is None:
        yield None
        return
    named = {_list_settings(stack_of(project, name)): name for name in reversed(project.stacks)}
    own = stack_of(project, None)
    if _list_settings(own) not in named and ((root / own.tenants).exists() or not named):
        yield None
    yield from named.values()


def _list_settings(stack: Stack) -> tuple[str, str | None, frozenset[tuple[str, SecretSink]]]:
    return stack.tenants, stack.webhooks, frozenset(stack.secret_sinks.items())
