"""A step of a rotation in the tenant's own manifest: the only file that a rotation writes, never a layer."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Literal

from tenantry.manifest.load import Loaded
from tenantry.manifest.problem import ManifestError
from tenantry.manifest.trial import Trial
from tenantry.manifest.write_back import AppendValue, Edit, FileText, RemoveValue, SetValue, WriteBackError, read_file
from tenantry.manifest.yaml.reader import parse
from tenantry.manifest.yaml.tree import Node, entries_of, node_at, plain
from tenantry.model.tenant import Tenant
from tenantry.operations.rotation.rotation_values import KeyRotation

OF_GENERATION_1 = ("adopt", "friendly_name")
"""Keys of an entry that are about generation 1 alone, and go with it."""
REFUSED = "It is due, but `generations: {}` was not written into {}: {}."
OTHERWISE = "{} would mean something else after the edit, so nothing was written. Edit it by hand."


def write_steps(root: Path, loaded: Loaded, steps: Sequence[KeyRotation], *, dry_run: bool) -> Iterator[KeyRotation]:
    """Write what is added and removed, a file at a time; yield each step.

    It is `left_out` where it may not be written, and `failed` where its file can't be.
    """
    trial = Trial(root, loaded)
    for slug, group in groupby(steps, key=lambda step: step.tenant):
        chosen = list(group)
        if any(step.action in ("added", "removed") for step in chosen):
            yield from _write_tenant(root, loaded, trial, slug, chosen, dry_run=dry_run)
        else:
            yield from chosen


def _write_tenant(
    root: Path, loaded: Loaded, trial: Trial, slug: str, steps: list[KeyRotation], *, dry_run: bool
) -> list[KeyRotation]:
    tenant, name = loaded.tenants[slug], loaded.files[slug]
    done = []
    try:
        file = read_file(root, root / name)
        for step in steps:
            changed, result = _try_step(trial, tenant, file, step)
            if changed is not None:
                file, tenant = changed
            done.append(result)
    except WriteBackError as error:
        return [_leave(step, str(error)) for step in steps]
    try:
        if not dry_run:
            file.write()
    except WriteBackError as error:
        return [_leave(step, str(error), "failed") for step in steps]
    return done


def _try_step(
    trial: Trial, tenant: Tenant, file: FileText, step: KeyRotation
) -> tuple[tuple[FileText, Tenant] | None, KeyRotation]:
    """Return the file and the tenant after a step, and the step; without them where the step may not be written."""
    if step.action not in ("added", "removed"):
        return None, step
    edited = file.edit(edits_of(parse(file.text, file.name).node, step))
    try:
        found = trial.try_file(step.tenant, edited)
    except ManifestError as error:
        problems = "; ".join(problem.sentence for problem in error.problems)
        return None, _leave(step, REFUSED.format(list(step.generations), file.name, problems))
    if _sort_generations(found, step.key) != _intend(tenant, step):
        return None, _leave(step, OTHERWISE.format(file.name))
    return (edited, found), step.model_copy(update={"file": file.name})


def edits_of(own: Node | None, step: KeyRotation) -> Iterator[Edit]:
    """Yield the edits of a tenant's own file: of its list of generations where it has one, else a list of its own."""
    path = ("api_keys", step.key, "generations")
    written = node_at(own, path) if own is not None else None
    numbers = plain(written) if written is not None and isinstance(written.value, tuple) else None
    if numbers is None:
        yield SetValue(path, list(step.generations))
    elif step.added is not None:
        yield AppendValue(path, step.added)
    else:
        yield from (
            RemoveValue((*path, index)) for index in reversed(range(len(numbers))) if numbers[index] in step.removed
        )
    entry = entries_of(node_at(own, path[:-1])) if own is not None else {}
    if 1 in step.removed:
        yield from (RemoveValue((*path[:-1], name)) for name in OF_GENERATION_1 if name in entry)


def _intend(tenant: Tenant, step: KeyRotation) -> Tenant:
    """Return the tenant as it is to be; the reader must find exactly this."""
    entry = tenant.api_keys[step.key]
    gone = {name: None for name in OF_GENERATION_1 if 1 in step.removed and hasattr(entry, name)}
    changed = entry.model_copy(update={"generations": step.generations, **gone})
    return tenant.model_copy(update={"api_keys": {**tenant.api_keys, step.key: changed}})


def _sort_generations(tenant: Tenant, key: str) -> Tenant:
    """Return a tenant whose key has its generations in order: people may write them in any."""
    entry = tenant.api_keys[key]
    ordered = entry.model_copy(update={"generations": tuple(sorted(entry.generations))})
    return tenant.model_copy(update={"api_keys": {**tenant.api_keys, key: ordered}})


def _leave(step: KeyRotation, reason: str, action: Literal["left_out", "failed"] = "left_out") -> KeyRotation:
    if step.action not in ("added", "removed"):
        return step
    before = tuple(sorted({*step.generations, *step.removed} - {step.added}))
    return step.model_copy(
        update={"action": action, "added": None, "removed": (), "generations": before, "reason": reason}
    )
