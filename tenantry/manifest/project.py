"""Read tenantry.yaml, and check the rules between its stacks."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tenantry.manifest.complaint import validate
from tenantry.manifest.delivery import find_illegal_names
from tenantry.manifest.files import PROJECT, find_misnamed, is_there
from tenantry.manifest.layers import Report, merge_all
from tenantry.manifest.numbers import find_numbers_counted_twice
from tenantry.manifest.problem import ManifestError, Place, Problem
from tenantry.manifest.sentence import did_you_mean
from tenantry.manifest.yaml.reader import read
from tenantry.manifest.yaml.tree import Node, entries_of, node_at
from tenantry.model.project import Project, Stack, stack_of
from tenantry.model.stack_name import short_name


@dataclass(frozen=True)
class ProjectFile:
    """tenantry.yaml as it was read; `project` is None where it can't be used."""

    project: Project | None
    node: Node | None

    def place(self, *paths: tuple[str, ...]) -> Place:
        """Return the place of the first of these values that the file has, or the beginning of the file."""
        found = (node_at(self.node, path) for path in paths if self.node is not None)
        return next((node.place for node in found if node is not None), Place(PROJECT))


def read_project(root: Path, report: Report) -> ProjectFile:
    """Read the project's file and report what is wrong with it."""
    for problem in find_misnamed(root, root / PROJECT):
        report(problem)
    if not is_there(root / PROJECT):
        sentence = f"there is none in {root.absolute()}; run `tenantry init` in a new folder, or name a project with -C"
        report(Problem.at(Place(PROJECT), "", sentence))
        return ProjectFile(None, None)
    source = read(root, root / PROJECT)
    for problem in source.problems:
        report(problem)
    return _validate(root, source.node, report) if source.node is not None else ProjectFile(None, None)


def require_stack(root: Path, name: str | None) -> Stack:
    """Return a stack's settings by tenantry.yaml alone; raises ManifestError with all problems of that file."""
    problems: list[Problem] = []
    file = read_project(root, problems.append)
    if file.project is None or any(problem.severity == "error" for problem in problems):
        raise ManifestError(sorted(problems))
    return stack_of(file.project, name)


def _validate(root: Path, node: Node, report: Report) -> ProjectFile:
    merge_all([node], report)  # it has no layers below it, so each null in it removes nothing
    for problem in (*_find_repeated_parents(node), *_find_repeated_names(node)):
        report(problem)
    project = validate(node, Project, None)
    if isinstance(project, Project):
        file = ProjectFile(project, node)
        numbers, names = find_numbers_counted_twice(node, project), find_illegal_names(node, project)
        for problem in (*_find_nested_folders(root, file, project), *numbers, *names):
            report(problem)
        return file
    for problem in project:
        report(problem)
    return ProjectFile(None, node)


def _find_repeated_parents(node: Node) -> list[Problem]:
    """Report stacks with the same parent: each would take the other's tenants for unmanaged accounts."""
    first: dict[str, str] = {}
    problems = []
    for name, stack in entries_of(entries_of(node).get("stacks")).items():
        parent = entries_of(stack).get("parent")
        if parent is None or not isinstance(parent.value, str):
            continue
        owner = first.setdefault(parent.value.lower(), name)
        if owner != name:
            sentence = f"{parent.value} is the parent of the stack '{owner}' too; a parent account has one stack"
            problems.append(Problem.at(parent.place, f"stacks.{name}.parent", sentence))
    return problems


def _find_nested_folders(root: Path, file: ProjectFile, project: Project) -> Iterator[Problem]:
    """Yield a problem for each stack whose folder lies inside another's, which is read recursively."""
    folders = {name: Path(os.path.realpath(root / stack_of(project, name).tenants)) for name in project.stacks}
    for name, inner in folders.items():
        outer = next((other for other, folder in folders.items() if folder in inner.parents), None)
        if outer is not None:
            place = file.place(("stacks", name, "tenants"), ("tenants",), ("stacks", outer, "tenants"))
            yield Problem.at(
                place, f"stacks.{name}.tenants", _describe_nesting(stack_of(project, name), stack_of(project, outer))
            )


def _describe_nesting(inner: Stack, outer: Stack) -> str:
    return (
        f"the folder '{inner.tenants}' lies in '{outer.tenants}', which the stack '{outer.name}' reads with its "
        "subfolders, so its tenants would be in both stacks; put the folders side by side"
    )


def _find_repeated_names(node: Node) -> Iterator[Problem]:
    """Yield a problem for each stack with the name of an earlier one, apart from organization and project."""
    first: dict[str, str] = {}
    for name, stack in entries_of(entries_of(node).get("stacks")).items():
        owner = first.setdefault(short_name(name), name)
        if owner != name:
            sentence = f"is called {short_name(name)} in its project, as the stack '{owner}' is; name one of them here"
            yield Problem.at(stack.place, f"stacks.{name}", sentence)


def stack_doubt(file: ProjectFile, stack: str | None) -> Problem | None:
    """Return a warning for a stack that is not in tenantry.yaml though one with a similar name is."""
    known = [short_name(name) for name in file.project.stacks] if file.project else []
    hint = did_you_mean(stack, known) if stack and stack not in known else ""
    if not hint:
        return None
    sentence = f"the stack '{stack}' is not named here, so the file's own values apply{hint}"
    return Problem.at(file.place(("stacks",)), "stacks", sentence, "warning")
