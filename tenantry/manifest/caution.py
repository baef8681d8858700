"""Warnings, and what must hold between tenants."""

from collections.abc import Iterator, Mapping
from typing import Literal

from tenantry.manifest.node import Node, node_at, walk
from tenantry.manifest.problem import Place, Problem, dotted
from tenantry.model.project import Project
from tenantry.model.tenant import Tenant
from tenantry.model.usage_category import doubt

HTTP = "http://"
_IN_CLEAR = "is called without encryption, so anybody on the way can read and change it; write https://"


def cautions(tenant: Tenant, node: Node, *, strict: bool) -> Iterator[Problem]:
    """Yield what is allowed and probably not meant."""
    for key, trigger in tenant.usage_triggers.items():
        path = ("usage_triggers", key, "usage_category")
        sentence = doubt(trigger.usage_category)
        if sentence:
            yield _at(node, path, sentence)
        yield from in_clear(node, ("usage_triggers", key, "callback_url"), strict=strict)
    yield from in_clear(node, ("debugger_webhook", "url"), strict=strict)


def in_clear(node: Node, path: tuple[str, ...], *, strict: bool) -> Iterator[Problem]:
    """Yield a problem if there is a URL without TLS at a path: an error when strict, else a warning."""
    url = node_at(node, path)
    if url is not None and isinstance(url.value, str) and url.value.lower().startswith(HTTP):
        yield _at(node, path, _IN_CLEAR, "error" if strict else "warning")


def is_in_clear(problem: Problem) -> bool:
    """Return whether a problem is about a URL without TLS."""
    return problem.message.startswith(_IN_CLEAR)


def adopted_twice(nodes: Mapping[str, Node]) -> Iterator[Problem]:
    """Yield a problem for each entry that takes over an object which another entry takes over already."""
    first: dict[str, Place] = {}
    for node in nodes.values():
        for path, child in walk(node):
            if "adopt" not in path or not isinstance(child.value, str):
                continue
            owner = first.setdefault(child.value.lower(), child.place)
            if owner != child.place:
                sentence = f"{child.value} is taken over at {owner} already; an object belongs to one entry"
                yield Problem.at(child.place, dotted(path), sentence)


def adopted_parents(nodes: Mapping[str, Node], project: Project) -> Iterator[Problem]:
    """Yield a problem for each tenant that would take over a parent account, and so everybody's."""
    stacks = {entry.parent: name for name, entry in project.stacks.items() if entry.parent}
    for node in nodes.values():
        found = node_at(node, ("account", "adopt"))
        if found is not None and found.value in stacks:
            sentence = f"is the parent account of the stack '{stacks[str(found.value)]}'; name a subaccount below it"
            yield Problem.at(found.place, "account.adopt", sentence)


def _at(node: Node, path: tuple[str, ...], sentence: str, severity: Literal["error", "warning"] = "warning") -> Problem:
    found = node_at(node, path)
    return Problem.at((found or node).place, dotted(path), sentence, severity)
