"""From steps to groups: what is the same for many tenants is reported once."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, get_args

from tenantry.engine.events.changes import UNKNOWN, Change
from tenantry.engine.events.plan import Op, Step
from tenantry.engine.events.urn import COMPONENT
from tenantry.model.kinds import BY_TOKEN, STEERING, KindName
from tenantry.model.subaccount import TAKES_OVER, slug_mark
from tenantry.operations.changes.danger import Danger, find_danger, rank
from tenantry.operations.changes.values import ChangedField, Group, ResourceChange
from tenantry.text.masking import mask_secrets

TENANT = "{tenant}"
SECRET = "secret"  # noqa: S105
"""The property that says that nobody knows the secret of a key which is taken over."""
_URL = re.compile(r"https?://")
_SLUGS = re.compile(r"([A-Za-z0-9-]+)")


def group_steps(steps: Iterable[Step], *, warn: bool = True) -> tuple[Group, ...]:
    """Group steps, the most dangerous first, then what most tenants share; in a stable order.

    A tenant is in as many groups as it takes: what it shares with others stands in theirs, the rest in its own.
    With `warn` false, for what is done already, no group has a danger.
    """
    by_tenants: dict[tuple[Danger | None, tuple[str, ...]], list[ResourceChange]] = {}
    every = tuple(steps)
    quiet = _quiet_adoptions(every)
    for kind in quiet:
        by_tenants.setdefault((None, _slugs_of(step for alike in quiet.values() for step in alike)), []).append(
            describe_kind(kind, quiet[kind][0])
        )
    taken = {step.urn for alike in quiet.values() for step in alike}
    for alike in _alike(step for step in every if step.urn not in taken):
        tenants = _slugs_of(alike)
        change = describe_change(alike[0], template=len(alike) > 1)
        by_tenants.setdefault((find_danger(alike[0]) if warn else None, tenants), []).append(change)
    groups = (
        Group(danger=danger, tenants=tenants, changes=tuple(sorted(changes, key=_by_resource)))
        for (danger, tenants), changes in by_tenants.items()
    )
    return tuple(sorted(groups, key=_by_danger_and_size))


def select_shown(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Return the steps that reports show: a component is only a bracket around its resources."""
    return tuple(step for step in steps if step.type != COMPONENT)


def count_operations(steps: Iterable[Step]) -> Mapping[Op, int]:
    """Return how many steps there are of each operation, in the order of the operations."""
    numbers = Counter(step.op for step in steps)
    return {op: numbers[op] for op in get_args(Op) if numbers[op]}


def describe_change(step: Step, *, template: bool = False) -> ResourceChange:
    """Return a step as a change; as a template, with `{tenant}` for the slug in URLs, as people wrote it in a layer."""
    slug = step.slug if template else None
    fields = tuple(_field(change, slug) for change in step.changes if _is_told(step, change))
    return ResourceChange(op=step.op, resource=resource_of(step), type=step.type, fields=fields)


def describe_kind(kind: KindName, step: Step) -> ResourceChange:
    """Return what happens to all objects of a kind that are taken over as they are, from the step of one of them."""
    fields = tuple(_field(change, None) for change in step.changes if change.path == SECRET)
    return ResourceChange(op="adopt", resource=kind, type=step.type, fields=fields)


def resource_of(step: Step) -> str:
    """Return what a resource is called below its tenant: `usage_trigger/monthly-sms`, `subaccount` for the account."""
    if step.slug is None:
        return step.name
    return step.name.partition("/")[2] or BY_TOKEN.get(step.type, step.type)


def _field(change: Change, slug: str | None) -> ChangedField:
    old, new = (_value(value, slug) for value in mask_secrets(change.old, change.new))
    return ChangedField(path=change.path, change=change.kind, old=old, new=new, replaces=change.replaces)


def _is_told(step: Step, change: Change) -> bool:
    """Return whether reports show a property: none of what is deleted, nor a name that the manifest implies."""
    match step.op, change.path:
        case (("delete" | "finish" | "forget"), _):
            return False
        case _, "adopt":
            return True
        case "create", "friendly_name" if BY_TOKEN.get(step.type) == "subaccount":
            return not str(change.new).endswith(slug_mark(step.slug or ""))
        case _, path:
            return path not in STEERING


def _quiet_adoptions(steps: Iterable[Step]) -> Mapping[KindName, list[Step]]:
    """Return by kind the adoptions of several tenants that change nothing: of thousands nobody reads each SID."""
    found: dict[KindName, list[Step]] = {}
    for step in steps:
        if step.op == "adopt" and step.type in BY_TOKEN and _is_quiet(step):
            found.setdefault(BY_TOKEN[step.type], []).append(step)
    slugs = {step.slug for alike in found.values() for step in alike}
    return found if len(slugs) > 1 else {}


def _is_quiet(step: Step) -> bool:
    shown = {change.path for change in step.changes if _is_told(step, change)}
    return "adopt" in shown and shown <= {"adopt", SECRET, TAKES_OVER}


def _slugs_of(steps: Iterable[Step]) -> tuple[str, ...]:
    return tuple(sorted({step.slug for step in steps if step.slug is not None}))


def _alike(steps: Iterable[Step]) -> Iterable[list[Step]]:
    """Return the steps that do the same, but for the tenant that they do it to."""
    found: dict[str, list[Step]] = {}
    for step in select_shown(steps):
        template = json.dumps(describe_change(step, template=True).model_dump(), sort_keys=True)
        found.setdefault(template, []).append(step)
    return found.values()


def _value(value: Any, slug: str | None) -> Any:
    match value:
        case dict():
            return {key: _value(item, slug) for key, item in value.items()}
        case list():
            return [_value(item, slug) for item in value]
        case str() if slug and _URL.match(value):
            # Who wrote the word itself into a URL of Twilio's must not look like all the others.
            parts = _SLUGS.split(value.replace(TENANT, f"{{{TENANT}}}"))
            return "".join(TENANT if part == slug else part for part in parts)
        case _:
            return str(value) if value is UNKNOWN else value


def _by_resource(change: ResourceChange) -> tuple[str, str, str]:
    return (change.resource, change.type, change.op)


def _by_danger_and_size(group: Group) -> tuple[Any, ...]:
    return (rank(group.danger), not group.tenants, -len(group.tenants), group.tenants)
