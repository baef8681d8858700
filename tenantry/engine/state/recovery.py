"""What a run knows about the runs before it: whether a person says that the state was lost, and what is unfinished."""

from __future__ import annotations

from collections.abc import Mapping

RECOVER_VARIABLE = "TENANTRY_RECOVER"
"""Says, with any value, that the state was lost: accounts may be found again by their names. `--recover` sets it."""

UNFINISHED_VARIABLE = "TENANTRY_UNFINISHED"
"""The marks of unfinished runs as `tenantry up` found them, before it set its own; plain Pulumi does not set it."""


def is_recovering(environ: Mapping[str, str]) -> bool:
    """Return whether a person says that the state was lost."""
    return bool(environ.get(RECOVER_VARIABLE))


def skips_checkpoints(environ: Mapping[str, str]) -> bool:
    """Return whether a run writes its state at its end alone, so that its own creates are never pending there."""
    return environ.get("PULUMI_SKIP_CHECKPOINTS", "").lower() in ("true", "1")
