"""A state backend in a folder of its own, for the demo and tests: the user's Pulumi is neither read nor changed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def local_backend(folder: Path) -> Mapping[str, str]:
    """Make the folder and return the environment that keeps state, home and plugins of Pulumi inside it.

    The passphrase is no secret: it protects throw-away state beside it. Without `metadata=skip` Pulumi (3.259) keeps a
    small `.attrs` file beside the state and does not write it in one piece: a killed run can leave it empty, and then
    "failed to load checkpoint: EOF" is all that Pulumi says about the stack, until the file is deleted.
    """
    state, home = folder / "state", folder / "home"
    state.mkdir(parents=True, exist_ok=True)
    home.mkdir(exist_ok=True)
    return {
        "PULUMI_BACKEND_URL": f"{state.resolve().as_uri()}?metadata=skip",
        "PULUMI_HOME": str(home.resolve()),
        "PULUMI_CONFIG_PASSPHRASE": "tenantry",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS": "true",
        "PULUMI_DIY_BACKEND_NO_LEGACY_WARNING": "true",
    }
