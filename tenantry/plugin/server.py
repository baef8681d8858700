"""The process that serves our resources to Pulumi: `pulumi.dynamic` unchanged but for our patches (patches.py)."""

from __future__ import annotations

import os
import runpy
import sys

from tenantry.engine.events.warned import warn_engine
from tenantry.engine.install.describe import DESCRIBE, describe_engines
from tenantry.engine.run.garbage import collect_less_garbage
from tenantry.engine.run.life_lock import end_with_run
from tenantry.engine.run.lifeline import die_on_signals, die_with_parent
from tenantry.engine.run.pydantic_plugins import leave_out_plugins
from tenantry.telemetry.recorder import start_telemetry


def main() -> None:
    """Serve until the engine, or whoever started us, ends; asked to describe itself, only do that."""
    if sys.argv[1:] == [DESCRIBE]:
        sys.stdout.write(f"{describe_engines()}\n")
        return
    die_on_signals()
    die_with_parent()
    end_with_run(os.environ)
    collect_less_garbage()
    leave_out_plugins(os.environ)
    # Not above: half of the garbage collections of our start would be in these imports.
    from tenantry.plugin.patches import PatchNameError, apply_patches

    try:
        apply_patches("plugin", os.environ)
    except PatchNameError as error:
        sys.exit(f"tenantry: {error}")
    warn_engine()
    if complaint := start_telemetry(os.environ, "tenantry-plugin", is_part=True):
        sys.stderr.write(f"tenantry: {complaint}\n")
    # Not an import: pulumi.dynamic.__main__ starts serving when it is imported.
    runpy.run_module("pulumi.dynamic", run_name="__main__")


if __name__ == "__main__":
    main()
