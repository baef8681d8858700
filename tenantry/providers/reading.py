"""What the program of a run has read, compared with what the program of its preview read: they must not differ.

`tenantry up` itself compares files and state before it begins (tenantry/operations/up/inputs.py). Between that and the
moment when the program reads, a manifest may change, or midnight may pass. So this compares again, with the very
values from which the resources are made.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pulumi

from tenantry.engine.run.shown import SHOWN_VARIABLE, read_reading, write_reading
from tenantry.model.tenant import Tenant
from tenantry.text.some import first_of

NAMED = 5


def hold_to_shown(read: Callable[[], Mapping[str, Any]]) -> None:
    """Record what a preview reads, and refuse a run that reads something else; raises `pulumi.RunError`.

    `read` returns it as JSON. Where nobody compares, in a preview alone and in a plain `pulumi up`, it is not asked.
    """
    folder = os.environ.get(SHOWN_VARIABLE)
    if not folder:
        return
    reading = read()
    if pulumi.runtime.is_dry_run():
        write_reading(Path(folder), reading)
        return
    if differences := tuple(_list_differing(read_reading(Path(folder)), reading)):
        raise pulumi.RunError(
            f"Changed since the preview of this run: {first_of(differences, NAMED)}. Nothing was "
            "changed in Twilio. Run again, which shows what would be done now."
        )


def digests_of(tenants: Mapping[str, Tenant]) -> Mapping[str, str]:
    """Return a digest of each effective manifest, by slug."""
    return {slug: _digest(tenant) for slug, tenant in tenants.items()}


def _digest(tenant: Tenant) -> str:
    text = json.dumps(tenant.model_dump(mode="json"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _list_differing(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    """Yield the differences between two readings, in words; mappings are compared key by key."""
    for key in sorted(before.keys() | now.keys()):
        old, new = before.get(key), now.get(key)
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            names = sorted(old.keys() | new.keys())
            yield from (f"{key} {name}" for name in names if old.get(name) != new.get(name))
        elif old != new:
            yield f"{key} (was {old}, is {new})" if isinstance(new, str) and isinstance(old, str) else key
