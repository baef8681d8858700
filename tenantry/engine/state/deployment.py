"""What a stack's state says about our resources, as values; the JSON behind them is Pulumi's apitype/core.go."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from tenantry.engine.events.changes import is_secret
from tenantry.engine.install.find import Engine
from tenantry.engine.run.command import Project, export_state, run_plain
from tenantry.model.kinds import BY_TOKEN, KindName
from tenantry.model.recorded import WAITING
from tenantry.text.sids import SID

_SID = re.compile(SID)


@dataclass(frozen=True)
class Secret:
    """A secret output; its value is None in a state that was exported without secrets, and never in a repr."""

    value: Any = field(default=None, repr=False)


@dataclass(frozen=True)
class StateResource:
    """One of our resources as the last run left it."""

    urn: str
    type: str
    kind: KindName
    name: str
    id: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]
    """Outputs by name; secret ones are `Secret`."""
    created: datetime | None = None
    """When it came into the state, by the clock of the machine that ran Pulumi."""

    @property
    def slug(self) -> str:
        """The tenant that it belongs to; of the fleet, its name."""
        return self.name.partition("/")[0]

    @property
    def entry(self) -> str:
        """What comes after the kind in its name, such as `web-2`; empty for kinds that a tenant has one of."""
        return self.name.removeprefix(self.slug).removeprefix(f"/{self.kind}").removeprefix("/")

    @property
    def waiting(self) -> bool:
        """Whether the object is not made yet, because its tenant is not active."""
        return self.id.startswith(WAITING)

    @property
    def sid(self) -> str | None:
        """Its id, or None while it waits."""
        return None if self.waiting else self.id

    @property
    def secrets(self) -> Mapping[str, Secret]:
        """The secret outputs by name."""
        return {name: value for name, value in self.outputs.items() if isinstance(value, Secret)}


def selected_stack(folder: Path, engine: Engine, environ: Mapping[str, str]) -> str:
    """Return the stack that is selected in a project's folder; raises CommandError if none is."""
    return run_plain(Project(folder, "", engine, environ), "stack", "--show-name").strip()


def load_state(project: Project, *, show_secrets: bool = False) -> tuple[StateResource, ...]:
    """Return our resources in the stack's state; raises CommandError. Secrets need the stack's passphrase or key."""
    return read_state(export_state(project, show_secrets=show_secrets))


def read_state(exported: Mapping[str, Any]) -> tuple[StateResource, ...]:
    """Return our resources in what `pulumi stack export` prints, in its order; a stack without any has none."""
    deployment = exported.get("deployment") or {}
    return tuple(_select_ours(deployment.get("resources") or ()))


def list_held_ids(exported: Mapping[str, Any]) -> frozenset[str]:
    """Return the ids of all resources in what `pulumi stack export` prints: a project's own and those leaving too.

    And the SIDs inside of ids: other providers of Twilio's objects write `AC…/UT…`.
    """
    deployment = exported.get("deployment") or {}
    ids = [resource["id"] for resource in deployment.get("resources") or () if resource.get("id")]
    return frozenset(ids).union(*map(_SID.findall, ids))


def _select_ours(resources: Any) -> Iterator[StateResource]:
    for resource in resources:
        kind = BY_TOKEN.get(resource["type"])
        if kind is not None and not _is_leaving(resource):
            yield _read_resource(kind, resource)


def _is_leaving(resource: Mapping[str, Any]) -> bool:
    """Return whether it is the old half of a replacement that a run did not finish: its name means the new one."""
    return bool(resource.get("delete") or resource.get("pendingReplacement"))


def _read_resource(kind: KindName, resource: Mapping[str, Any]) -> StateResource:
    return StateResource(
        urn=resource["urn"],
        type=resource["type"],
        kind=kind,
        name=resource["urn"].split("::", 3)[-1],
        id=resource.get("id", ""),
        inputs=_read_values(resource.get("inputs") or {}),
        outputs=_read_values(resource.get("outputs") or {}),
        created=datetime.fromisoformat(resource["created"]) if "created" in resource else None,
    )


def _read_values(bag: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: _read_value(value) for name, value in bag.items() if name != "__provider"}


def _read_value(value: Any) -> Any:
    match value:
        case dict() if is_secret(value):
            return Secret(json.loads(value["plaintext"]) if "plaintext" in value else None)
        case dict():
            return {name: _read_value(inner) for name, inner in value.items()}
        case list():
            return tuple(_read_value(inner) for inner in value)
        case _:
            return value
