"""A stack as the plugin finds it: the project's folder, and a `pulumi` that tells its state and its tags alone."""

import json
import os
from pathlib import Path
from typing import Any

from provider_plugin import name_in_stack, urn_of

from tenantry.engine.state.handed import HANDED_VARIABLE, hand_state
from tenantry.engine.state.recovery import UNFINISHED_VARIABLE
from tenantry.providers import RESOURCES

PULUMI = """\
#!/bin/sh
case "$1 $2" in
    "version ") echo v3.259.0 ;;
    "stack export") cat "{folder}/state.json" ;;
    "stack tag") [ "$3" = ls ] && cat "{folder}/tags.json" || echo "$4=$5" >> "{folder}/tagged" ;;
    "stack history") cat "{folder}/history.json" ;;
    *) echo "no such command: $*" >&2; exit 1 ;;
esac
"""
BEFORE = "2020-01-01T00:00:00Z"
Record = dict[str, Any]


class Stack:
    """The stack `dev`; what a test says of it is all there is."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "project"
        self._engine = folder / "engine"
        (self.folder / "tenants").mkdir(parents=True)
        self._engine.mkdir()
        (self.folder / "tenantry.yaml").write_text("format: 1\n")
        for name in ("pulumi", "pulumi-language-python"):
            script = self._engine / name
            script.write_text(PULUMI.format(folder=self._engine))
            script.chmod(0o700)
        self._resources: list[Record] = []
        self._pending: list[Record] = []
        self.tags({})
        self.history()
        self._write()

    @property
    def environ(self) -> dict[str, str]:
        """What a plugin process of this stack starts with."""
        path = f"{self._engine}{os.pathsep}{os.environ['PATH']}"
        return {"PWD": str(self.folder), "PATH": path, "PULUMI_PROJECT": "owl"}

    def manifest(self, slug: str, text: str = "") -> None:
        """Write a tenant's manifest."""
        (self.folder / "tenants" / f"{slug}.yaml").write_text(f"tenant: {slug}\nname: {slug.title()}\n{text}")

    def holds(self, kind: str, sid: str, props: Record, **more: Any) -> None:
        """Let the state hold a resource."""
        self._resources.append(_resource(kind, props) | {"id": sid, **more})
        self._write()

    def has_component(self, slug: str, created: str = BEFORE) -> None:
        """Let the state hold the component of a tenant since then."""
        urn = f"urn:pulumi:dev::owl::tenantry:index:Tenant::{slug}"
        self._resources.append({"urn": urn, "type": "tenantry:index:Tenant", "created": created})
        self._write()

    def began(self, kind: str, props: Record, component: str = BEFORE) -> None:
        """Let the state say that a run began to make a resource and did not finish, and when its component came."""
        self.has_component(name_in_stack(kind, props).partition("/")[0], component)
        self._pending.append({"type": "creating", "resource": _resource(kind, props)})
        self._write()

    def tags(self, tags: dict[str, str]) -> None:
        """Let the stack have these tags."""
        (self._engine / "tags.json").write_text(json.dumps(tags))

    @property
    def tagged(self) -> str:
        """The tags that were set, as lines."""
        path = self._engine / "tagged"
        return path.read_text() if path.exists() else ""

    def hand_state(self) -> dict[str, str]:
        """Let `tenantry up` have read the state as it is now; return what it tells its run."""
        settings = {HANDED_VARIABLE: str(self.folder.with_name("handed.json")), UNFINISHED_VARIABLE: ""}
        hand_state(settings, json.loads((self._engine / "state.json").read_text()))
        return settings

    def history(self, *runs: Record) -> None:
        """Let Pulumi's history of the stack have these runs."""
        (self._engine / "history.json").write_text(json.dumps(runs))

    def breaks(self) -> None:
        """Let nobody read the state any more."""
        (self._engine / "state.json").unlink()

    def _write(self) -> None:
        deployment = {"resources": self._resources, "pending_operations": self._pending}
        (self._engine / "state.json").write_text(json.dumps({"deployment": deployment}))


def _resource(kind: str, props: Record) -> Record:
    return {"urn": urn_of(kind, props), "type": RESOURCES[kind].token, "inputs": props, "outputs": props}
