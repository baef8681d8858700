"""The state that a run is handed: `tenantry up` has read it, so that no process of the run has to start Pulumi for it.

Only the holders of objects and their times are handed on: no value of a resource, and no secret.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

HANDED_VARIABLE = "TENANTRY_HANDED_STATE"
"""Names the file in which a run finds the state; `tenantry up` sets it, plain Pulumi does not."""
_FIELDS = ("urn", "type", "id", "created", "delete", "pendingReplacement")
_INPUTS = ("recovering",)


def hand_state(environ: Mapping[str, str], exported: Mapping[str, Any]) -> None:
    """Write for a run of this environment what it may need of the state that `pulumi stack export` prints."""
    Path(environ[HANDED_VARIABLE]).write_text(json.dumps({"deployment": _map_holders(exported)}), encoding="utf-8")


def handed_state(environ: Mapping[str, str]) -> dict[str, Any] | None:
    """Return what the run of this process was handed, as `pulumi stack export` prints it; None where that is nothing.

    A file that can't be read counts as none: the caller then asks Pulumi for the state.
    """
    file = environ.get(HANDED_VARIABLE)
    try:
        handed: dict[str, Any] | None = json.loads(Path(file).read_text(encoding="utf-8")) if file else None
    except (OSError, ValueError):
        return None
    return handed


def _map_holders(exported: Mapping[str, Any]) -> Mapping[str, Any]:
    deployment = exported.get("deployment") or {}
    return {
        "resources": [dict(_reduce(entry)) for entry in deployment.get("resources") or ()],
        "pending_operations": [
            {"type": entry["type"], "resource": {"urn": entry["resource"]["urn"]}}
            for entry in deployment.get("pending_operations") or ()
        ],
    }


def _reduce(resource: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for field in _FIELDS:
        if field in resource:
            yield field, resource[field]
    inputs = resource.get("inputs") or {}
    yield "inputs", {name: inputs[name] for name in _INPUTS if name in inputs}
