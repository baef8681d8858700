"""A focused preview's own backend: a copy of the stack that has only what these tenants need.

Of 1,000 tenants Pulumi reads 9,000 resources and reports each, for one that is asked for. A preview writes nothing, so
it may as well read a small copy, and we add the reports of what was left out. Entries are copied as they are: secrets
stay encrypted, with the salt beside them, and nothing is written in clear. The folder has mode 0700 and goes with the
preview; where we are killed, the reaper removes it.

The whole state is read all the same, with the same report and none of the gain, where the copy could show less:

* on a backend that is not of files whose format we know: `kept_files` says which;
* with `--refresh`, with a policy pack that Pulumi asks, and where operations of a killed run are pending, which Pulumi
  names each by each;
* where the project's code speaks of aliases, which find a resource under another tenant's name, of other stacks, of the
  backend, or of starting other programs, which may be Pulumi, or where a part of it lies in a linked folder;
* where TENANTRY_WHOLE_STATE or any `PULUMI_OPTION_…` is set, which may name other targets;
* after a preview with the copy that failed, whatever the reason.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from tenantry.engine.events.event import Event, Summary, same_events
from tenantry.engine.install.versions import Version
from tenantry.engine.run.focus import TARGET_VARIABLE
from tenantry.engine.run.kept_files import BACKEND, LAYOUT, Checkpoint, read_checkpoint, tags_beside
from tenantry.engine.run.part_of_state import Parted, Resource, part_resources
from tenantry.engine.run.reaper import REMOVED_VARIABLE

WHOLE_VARIABLE = "TENANTRY_WHOLE_BACKEND"
"""The backend with the whole stack, for whatever a preview starts and has to ask for the state."""
EVERYTHING_VARIABLE = "TENANTRY_WHOLE_STATE"
"""Set it to have the whole state read: for a bug report, or for code that ties tenants in a way we don't see."""
BINDING = (
    *(b"alias", b"stackreference", b"pulumi_backend_url"),
    *(b"subprocess", b"automation", b"os.system", b"os.exec", b"os.spawn", b"popen"),
)
"""What a program may not speak of, in any case: then its preview may need what was left out, or may start a Pulumi of
its own, which would find and change the copy."""
_OPTIONS = "PULUMI_OPTION_"
_NOT_READ = ("node_modules", "__pycache__")
_VIRTUAL_ENVIRONMENT = "pyvenv.cfg"


@dataclass(frozen=True)
class PartialBackend:
    """A backend that lacks resources: the variables that lead to it, and what is not in it."""

    variables: Mapping[str, str]
    omitted: tuple[Resource, ...] = field(repr=False)

    def list_reports(self) -> tuple[Event, ...] | None:
        """Return what Pulumi would say of all that is left out; None where an entry is not as we know it."""
        try:
            return tuple(event for resource in self.omitted for event in same_events(resource))
        except (AttributeError, KeyError, TypeError, ValueError):
            return None

    def complete(self, events: tuple[Event, ...], reports: tuple[Event, ...]) -> tuple[Event, ...]:
        """Return the events of a preview with those that the whole state would have added."""
        end = next((at for at, event in enumerate(events) if isinstance(event, Summary)), len(events))
        return (*events[:end], *reports, *map(self._count, events[end:]))

    def _count(self, event: Event) -> Event:
        if not isinstance(event, Summary):
            return event
        return replace(event, changes={**event.changes, "same": event.changes.get("same", 0) + len(self.omitted)})


@contextmanager
def partial_backend(
    environ: Mapping[str, str], project: Path, stack: str, version: Version, slugs: Collection[str]
) -> Iterator[PartialBackend | None]:
    """Yield a backend with what the preview of some tenants needs; None where it has to read the whole state."""
    is_bound = _is_steered(environ) or _binds_tenants(project)
    checkpoint = None if is_bound else read_checkpoint(environ, project, stack, version)
    with ExitStack() as until_end:
        yield _make(environ[BACKEND], checkpoint, slugs, until_end) if checkpoint else None


def _make(backend: str, checkpoint: Checkpoint, slugs: Collection[str], until_end: ExitStack) -> PartialBackend | None:
    parted = _part(checkpoint, slugs)
    if parted is None:
        return None
    try:
        temporary = TemporaryDirectory(prefix="tenantry-part-", ignore_cleanup_errors=True)
        folder = Path(until_end.enter_context(temporary)).resolve()
        _write(folder, checkpoint, parted)
    except OSError:  # a full disk, which the run tells of where it needs one
        return None
    url = f"{folder.as_uri()}?metadata=skip"
    return PartialBackend({BACKEND: url, WHOLE_VARIABLE: backend, REMOVED_VARIABLE: str(folder)}, parted.omitted)


def with_whole_backend(environ: Mapping[str, str]) -> Mapping[str, str]:
    """Return the environment of a process in which Pulumi finds the whole stack."""
    whole = environ.get(WHOLE_VARIABLE)
    return {**environ, BACKEND: whole} if whole else environ


def _part(checkpoint: Checkpoint, slugs: Collection[str]) -> Parted | None:
    """Return the parts of a state; None where nothing can be left out."""
    latest = checkpoint.content["checkpoint"]["latest"]
    if latest.get("pending_operations") or (latest.get("metadata") or {}).get("integrity_error"):
        return None
    try:
        parted = part_resources(latest.get("resources") or (), slugs)
    except (KeyError, TypeError, AttributeError):  # no state as we know it
        return None
    return parted if parted.omitted else None


def _write(folder: Path, checkpoint: Checkpoint, parted: Parted) -> None:
    """Write a backend of files with one stack, whose state is a part of another's."""
    state = checkpoint.content["checkpoint"]
    part = {**state, "latest": {**state["latest"], "resources": parted.kept}}
    stacks = folder / ".pulumi" / "stacks" / checkpoint.file.parent.name
    stacks.mkdir(parents=True)
    (folder / ".pulumi" / "meta.yaml").write_text(f"{LAYOUT}\n", encoding="utf-8")
    text = json.dumps({**checkpoint.content, "checkpoint": part})
    (stacks / checkpoint.file.name).write_text(text, encoding="utf-8")
    tags = tags_beside(checkpoint.file)
    if tags.is_file():
        shutil.copyfile(tags, stacks / tags.name)


def _is_steered(environ: Mapping[str, str]) -> bool:
    """Return whether a user asks for the whole state, or sets options of Pulumi beside ours."""
    options = (name for name in environ if name.startswith(_OPTIONS) and name != TARGET_VARIABLE)
    return bool(environ.get(EVERYTHING_VARIABLE)) or any(options)


def _binds_tenants(project: Path) -> bool:
    """Return whether code of a project may tie a tenant's resources to those of others, or can't be read."""
    try:
        return any(_binds(Path(place), folders, names) for place, folders, names in os.walk(project, onerror=_raise))
    except OSError:
        return True


def _raise(error: OSError) -> None:
    raise error


def _binds(place: Path, folders: list[str], names: list[str]) -> bool:
    """Return whether the code of one folder may; take out of `folders` those that hold no code of the project."""
    folders[:] = [name for name in folders if _is_read(place / name)]
    if any((place / name).is_symlink() for name in folders):  # which we don't follow
        return True
    files = [place / name for name in names if name.endswith(".py")]
    if not all(file.is_file() for file in files):
        return True
    texts = [file.read_bytes().lower() for file in files]
    return any(word in text for text in texts for word in BINDING)


def _is_read(folder: Path) -> bool:
    return not (folder.name.startswith(".") or folder.name in _NOT_READ or (folder / _VIRTUAL_ENVIRONMENT).exists())
