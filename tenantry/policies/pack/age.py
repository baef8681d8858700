"""The days on which a stack got its resources. Neither manifests nor the engine's calls to a pack have them."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tenantry.engine.install.find import find_engine
from tenantry.engine.run.command import Project, export_state


def read_days_made(root: Path, stack: str, environ: Mapping[str, str]) -> dict[str, date]:
    """Return the day (UTC) on which each resource came into a stack's state, by its name.

    Of an object that was taken over that is the day on which it was. Asks the engine for the state, which takes no lock
    and no secret. Raises NoEngineError and CommandError.
    """
    return read_days(export_state(Project(root, stack, find_engine(environ, install=None), environ)))


def read_days(exported: Mapping[str, Any]) -> dict[str, date]:
    """Return the same of an exported state; what a replacement has left to be deleted is not among it."""
    resources = (exported.get("deployment") or {}).get("resources") or ()
    return {
        resource["urn"].rpartition("::")[2]: datetime.fromisoformat(resource["created"]).date()
        for resource in resources
        if "created" in resource and not resource.get("delete")
    }
