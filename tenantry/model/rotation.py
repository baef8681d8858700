"""When a key is due: a question of its age and of its name alone, so every machine gives the same answer."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from tenantry.model.api_key import ApiKeyEntry, Rotation
from tenantry.model.tenant import Tenant

SPREAD = 3
"""A fleet that was made on one day rotates over a third of `every_days`, each key earlier than that by its hash."""
OVERLAP_DAYS: int = Rotation.model_fields["overlap_days"].default
"""How long two generations live beside each other where nobody says."""


def due_age(tenant: str, key: str, rotation: Rotation) -> int:
    """Return the age in days, `every_days` at most, at which a key gets its next generation."""
    spread = min(rotation.every_days // SPREAD, rotation.every_days - rotation.overlap_days - 1)
    digest = hashlib.sha256(f"{tenant}/{key}".encode()).digest()
    return rotation.every_days - int.from_bytes(digest[:8]) % (spread + 1)


def due_on(tenant: str, key: str, rotation: Rotation, made_at: datetime) -> date:
    """Return the day (UTC) on which a key that was made then is due."""
    return (made_at + timedelta(days=due_age(tenant, key, rotation))).date()


def with_generations(tenant: Tenant, kept: Mapping[str, frozenset[int]]) -> Tenant:
    """Return a tenant whose keys have some more generations: those that a run holds back, by key."""
    found = {key: numbers for key, numbers in kept.items() if key in tenant.api_keys}
    entries = {key: _add_generations(tenant.api_keys[key], numbers) for key, numbers in found.items()}
    return tenant.model_copy(update={"api_keys": {**tenant.api_keys, **entries}}) if entries else tenant


def _add_generations(entry: ApiKeyEntry, numbers: frozenset[int]) -> ApiKeyEntry:
    return entry.model_copy(update={"generations": tuple(sorted({*entry.generations, *numbers}))})


def is_guarded(entry: ApiKeyEntry) -> bool:
    """Return whether a generation of a key goes only when its successor is proven: it is delivered, or rotates."""
    return bool(entry.deliver_to) or entry.rotation is not None


def keeps_type(entry: ApiKeyEntry, generation: int) -> bool:
    """Return whether a generation stays standard or restricted, whatever `access` says: its successor gets that."""
    return bool(entry.deliver_to) and generation in entry.generations and generation < max(entry.generations)


def overlap_of(entry: ApiKeyEntry) -> timedelta:
    """Return how long a generation lives beside its successor."""
    return timedelta(days=entry.rotation.overlap_days if entry.rotation else OVERLAP_DAYS)
