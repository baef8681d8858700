"""A project that Pulumi runs, and the environment in which it and everything that it starts run."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tenantry.engine.install.find import Engine
from tenantry.engine.install.toolchain import add_uv_to_path
from tenantry.engine.run.byte_code import keep_byte_code
from tenantry.engine.run.focus import TARGET_VARIABLE, targets_of
from tenantry.engine.run.loopback import direct_loopback

CHEAPER = {
    "GOGC": "400",
    "PULUMI_PARALLEL": "128",
    "PULUMI_ENABLE_LEGACY_DIFF": "true",
    "PULUMI_ENABLE_LEGACY_REFRESH_DIFF": "true",
}
"""What a user may set otherwise. Go's own garbage collection costs a tenth of a large preview; Pulumi's own number of
operations at a time is four for each core, however long Twilio takes to answer. With the legacy diff the engine does
not ask a provider about a resource whose inputs are as they were: half of the plugin's work. Our providers never see a
difference there, for `read` returns inputs (tests/providers/provider_plugin.py holds them to it). With the legacy
refresh diff it does not ask one either how what was read differs from the state: `read_changes` compares them."""


@dataclass(frozen=True)
class Project:
    """A Pulumi project, one of its stacks, the engine that runs it, and the environment to start from, never shown."""

    folder: Path
    stack: str
    engine: Engine
    environ: Mapping[str, str] = field(repr=False)


def environment(project: Project, slugs: Iterable[str] | None = None) -> dict[str, str]:
    """Return the environment for Pulumi and everything that it starts.

    The engine is first on PATH, loopback is reached directly, and the focus is on `slugs`, or there is none at all.
    """
    kept = {name: value for name, value in project.environ.items() if name != TARGET_VARIABLE}
    path = f"{project.engine.binary.parent}{os.pathsep}{add_uv_to_path(kept)}"
    focus = {} if slugs is None else {TARGET_VARIABLE: targets_of(slugs)}
    ours = {"PATH": path, "PULUMI_SKIP_UPDATE_CHECK": "true", "NO_COLOR": "1"}
    return CHEAPER | kept | keep_byte_code(kept) | ours | direct_loopback(kept) | focus
