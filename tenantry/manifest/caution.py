"""Warnings, and rules between tenants."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from tenantry.manifest.problem import Place, Problem, format_path
from tenantry.manifest.yaml.tree import Node, Path, entries_of, node_at
from tenantry.model.kinds import CALLING, KINDS
from tenantry.model.permission import doubt as permission_doubt
from tenantry.model.project import Project
from tenantry.model.slo import TWILIOS_OWN
from tenantry.model.tenant import Tenant
from tenantry.model.usage_category import doubt as category_doubt

HTTP = "http://"
_ADOPTING = frozenset({"adopt", *(kind.adopts[-1] for kind in KINDS.values() if kind.adopts)})
"""The keys at which a manifest has the SID of what it takes over."""
_IN_CLEAR = "is called without encryption, so anybody on the network path can read and change it; write https://"

_ABOVE_TWILIO = f"{{}} is above the {TWILIOS_OWN} percent that Twilio itself promises, so nothing backs it; lower it"


def find_cautions(tenant: Tenant, node: Node, *, strict: bool) -> Iterator[Problem]:
    """Yield a warning for each value that is allowed and probably a mistake."""
    for key, trigger in tenant.usage_triggers.items():
        path = ("usage_triggers", key, "usage_category")
        sentence = category_doubt(trigger.usage_category)
        if sentence:
            yield _place_problem(node, path, sentence)
    percent = tenant.slo.delivered_percent if tenant.slo else None
    if percent is not None and percent > TWILIOS_OWN:
        yield _place_problem(node, ("slo", "delivered_percent"), _ABOVE_TWILIO.format(percent))
    for key in tenant.api_keys:
        yield from find_unknown_permissions(node, ("api_keys", key, "access"))
    for callback in callback_paths(tenant):
        yield from find_unencrypted(node, callback, strict=strict)


def callback_paths(tenant: Tenant) -> Iterator[tuple[str, ...]]:
    """Yield each path where a tenant's manifest may have a URL that Twilio calls."""
    for kind in CALLING:
        for key, _ in kind.entries(tenant):
            yield from (kind.path(key, field) for field in kind.callbacks)


def find_unknown_permissions(node: Node, path: tuple[str, ...]) -> Iterator[Problem]:
    """Yield a warning for each unknown permission of a list; sets (@name) are checked where they are defined."""
    permissions = node_at(node, path)
    for index, item in enumerate(permissions.value if permissions and isinstance(permissions.value, tuple) else ()):
        if isinstance(item.value, str) and item.value.startswith("/") and (sentence := permission_doubt(item.value)):
            yield Problem.at(item.place, format_path((*path, index)), sentence, "warning")


def find_offsets(node: Node) -> Iterator[Problem]:
    """Yield a problem for each trigger_value with a plus sign: a number in YAML, but an offset in Twilio."""
    for key, trigger in entries_of(entries_of(node).get("usage_triggers")).items():
        value = entries_of(trigger).get("trigger_value")
        if value is not None and not isinstance(value.value, str) and value.text.startswith("+"):
            path, number = ("usage_triggers", key, "trigger_value"), value.text[1:]
            sentence = f"{value.text} is an offset in Twilio, from the usage when the trigger is made; write {number}"
            yield Problem.at(value.place, format_path(path), sentence)


def find_unencrypted(node: Node, path: tuple[str, ...], *, strict: bool) -> Iterator[Problem]:
    """Yield a problem if there is a URL without TLS at a path: an error when strict, else a warning."""
    url = node_at(node, path)
    if url is not None and isinstance(url.value, str) and url.value.lower().startswith(HTTP):
        yield _place_problem(node, path, _IN_CLEAR, "error" if strict else "warning")


def is_unencrypted(problem: Problem) -> bool:
    """Return whether a problem is about a URL without TLS."""
    return problem.message.startswith(_IN_CLEAR)


def find_double_adoptions(nodes: Mapping[str, Node]) -> Iterator[Problem]:
    """Yield a problem for each entry that adopts an object which another entry already adopts."""
    first: dict[str, Place] = {}
    for node in nodes.values():
        for path, child in _find_adopted(node, is_inside=False):
            owner = first.setdefault(str(child.value).lower(), child.place)
            if owner != child.place:
                sentence = f"{child.value} is taken over at {owner} already; an object belongs to one entry"
                yield Problem.at(child.place, format_path(path), sentence)


def _find_adopted(node: Node, *, is_inside: bool) -> Iterator[tuple[Path, Node]]:
    """Yield each SID that is taken over, with its path; `is_inside` tells that the node is below an `adopt`."""
    match node.value:
        case dict() as entries:
            children: Iterable[tuple[str | int, Node]] = entries.items()
        case tuple() as items:
            children = enumerate(items)
        case _:
            return
    for part, child in children:
        is_below = is_inside or part == "adopt"
        if isinstance(child.value, dict | tuple):
            for path, found in _find_adopted(child, is_inside=is_below):
                yield (part, *path), found
        elif is_below and part in _ADOPTING and isinstance(child.value, str):
            yield (part,), child


def find_adopted_parents(nodes: Mapping[str, Node], project: Project) -> Iterator[Problem]:
    """Yield a problem for each tenant that would adopt a parent account, and with it all tenants."""
    stacks = {entry.parent.lower(): name for name, entry in project.stacks.items() if entry.parent}
    for node in nodes.values():
        found = node_at(node, ("account", "adopt"))
        owner = stacks.get(str(found.value).lower()) if found is not None else None
        if found is not None and owner is not None:
            sentence = f"is the parent account of the stack '{owner}'; name a subaccount below it"
            yield Problem.at(found.place, "account.adopt", sentence)


def _place_problem(
    node: Node, path: tuple[str, ...], sentence: str, severity: Literal["error", "warning"] = "warning"
) -> Problem:
    found = node_at(node, path)
    return Problem.at((found or node).place, format_path(path), sentence, severity)
