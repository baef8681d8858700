"""From pydantic's errors to problems: one for each value, with its file and line."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from tenantry.manifest.problem import Problem, format_path
from tenantry.manifest.sentence import Complaint, none_of, sentence_of
from tenantry.manifest.yaml.tree import Broken, Node, Path, child_of, entries_of, plain

Context = Mapping[str, Any] | None
"""The context of validation: `webhooks`, `tenant`, `permission_sets`; without it a value is checked alone."""

Model = TypeVar("Model", bound=BaseModel)


def problems_with(node: Node, model: type[BaseModel], context: Context) -> list[Problem]:
    """Return the problems that a model finds in a tree."""
    checked = validate(node, model, context)
    return checked if isinstance(checked, list) else []


def validate(
    node: Node, model: type[Model], context: Context, known: Mapping[str, Any] = MappingProxyType({})
) -> Model | list[Problem]:
    """Return the value of a tree, or a problem for each part that the model refuses.

    `known` are values of keys that are not checked again.
    """
    entries = {key: child for key, child in entries_of(node).items() if key not in known} if known else {}
    data = {**{key: plain(child) for key, child in entries.items()}, **known} if known else plain(node)
    try:
        return model.model_validate(data, context=dict(context) if context is not None else None)
    except ValidationError as error:
        return _problems_of(error, node, model)


def _problems_of(error: ValidationError, node: Node, model: type[BaseModel]) -> list[Problem]:
    by_path: dict[Path, list[Complaint]] = {}
    for details in error.errors(include_url=False):
        complaint = _locate(details, node, model)
        by_path.setdefault(complaint.path, []).append(complaint)
    return [
        problem
        for path, complaints in by_path.items()
        if complaints[0].node.value is not Broken.VALUE
        for problem in _write_problems(path, _drop_unlikely(complaints, by_path))
    ]


def _locate(error: ErrorDetails, root: Node, model: type[BaseModel]) -> Complaint:
    """Follow an error's location down the tree; a part that is not in the tree names an alternative of a union."""
    path: list[str | int] = []
    node, branch = root, False
    for part in error["loc"]:
        child = child_of(node, part)
        if child is None:
            branch = branch or part != "[key]"
            continue
        path.append(part)
        node, branch = child, False
    return Complaint(tuple(path), branch and error["type"] != "missing", error, node, model, root)


def _drop_unlikely(complaints: list[Complaint], by_path: dict[Path, list[Complaint]]) -> list[Complaint]:
    """Leave out alternatives that the value was probably not meant to be."""
    branches = [complaint for complaint in complaints if complaint.branch]
    if not branches:
        return complaints
    path = branches[0].path
    if any(deeper[: len(path)] == path and deeper != path for deeper in by_path):
        return []
    exact = [complaint for complaint in branches if not complaint.expected and complaint.kind != "literal_error"]
    return exact[:1] or branches


def _write_problems(path: Path, complaints: list[Complaint]) -> Iterator[Problem]:
    if len(complaints) > 1 and all(complaint.branch for complaint in complaints):
        yield Problem.at(complaints[0].node.place, format_path(path), none_of(complaints))
        return
    for complaint in complaints:
        place, sentence = sentence_of(complaint)
        yield Problem.at(place, format_path(path), sentence)
