"""Grouping: what nearly all tenants have is `defaults.yaml`, what some have alike is a plan, the rest stays.

Entries are compared whole. The result depends on the tenants alone, not on their order.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tenantry.operations.importing.drafts import TenantDraft
from tenantry.operations.importing.entries import EntryPath, shape_of
from tenantry.operations.importing.plan_names import name_plans

PERCENT = 90
"""So many of a hundred tenants must have an entry alike for it to be in `defaults.yaml`."""
FEWEST = 2
"""Of fewer tenants nothing is shared."""
MEMBERS = 5
"""So many tenants must be alike for a plan."""

Settings = Mapping[str, Any] | None
"""What an entry is set to; None is a `null`, which removes what is inherited."""
Layer = Mapping[EntryPath, Settings]


@dataclass(frozen=True)
class Layers:
    """The layers of a fleet, and how many tenants have each."""

    defaults: Layer = field(default_factory=dict)
    plans: Mapping[str, Layer] = field(default_factory=dict)
    members: Mapping[str, int] = field(default_factory=dict)


def derive_layers(drafts: Sequence[TenantDraft], *, plans_only: bool = False) -> Layers:
    """Return the layers that tenants share, deterministically; only plans where a `defaults.yaml` has other readers."""
    if len(drafts) < FEWEST:
        return Layers()
    defaults: Layer = {} if plans_only else _derive_defaults(drafts)
    rests = [_rest_of(draft, defaults) for draft in drafts]
    by_shape = {_shape(rest): rest for rest in rests if rest}
    counts = Counter(_shape(rest) for rest in rests if rest)
    classes = [shape for shape, number in counts.items() if number >= MEMBERS]
    classes.sort(key=lambda shape: (-counts[shape], shape))
    names = name_plans([by_shape[shape] for shape in classes])
    plans = dict(zip(names, (by_shape[shape] for shape in classes), strict=True))
    return Layers(defaults, plans, dict(zip(names, (counts[shape] for shape in classes), strict=True)))


def _derive_defaults(drafts: Sequence[TenantDraft]) -> Layer:
    counts = Counter((entry.path, entry.shape) for draft in drafts for entry in draft.entries)
    settings = {(entry.path, entry.shape): entry.settings for draft in drafts for entry in draft.entries}
    shared = sorted(place for place, number in counts.items() if number * 100 >= len(drafts) * PERCENT)
    return {path: settings[path, shape] for path, shape in shared}


def _rest_of(draft: TenantDraft, defaults: Layer) -> Layer:
    """Return what a tenant has otherwise than `defaults.yaml` says."""
    own = {entry.path: entry.settings for entry in draft.entries}
    other = {
        path: settings
        for path, settings in own.items()
        if path not in defaults or shape_of(settings) != shape_of(defaults[path] or {})
    }
    return {**other, **dict.fromkeys(defaults.keys() - own.keys())}


def _shape(layer: Layer) -> str:
    rows = [(path, None if settings is None else shape_of(settings)) for path, settings in layer.items()]
    return json.dumps(sorted(rows, key=lambda row: row[0]))
