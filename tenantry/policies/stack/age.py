"""The days on which a stack got its resources. Neither manifests nor the engine's calls to a pack have them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any


def read_days(exported: Mapping[str, Any]) -> dict[str, date]:
    """Return the day (UTC) on which each resource came into an exported state, by its name.

    Of an object that was taken over that is the day on which it was. What a replacement has left to be deleted is not
    among it.
    """
    resources = (exported.get("deployment") or {}).get("resources") or ()
    return {
        resource["urn"].rpartition("::")[2]: datetime.fromisoformat(resource["created"]).date()
        for resource in resources
        if "created" in resource and not resource.get("delete")
    }
