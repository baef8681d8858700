"""Which keys are delivered, and which of their generations is the current one."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from tenantry.engine.state.deployment import StateResource
from tenantry.model.api_key import ApiKeyEntry, Rotation
from tenantry.model.tenant import ENDED_STATES, Tenant
from tenantry.operations.key_secrets import StoredKey, read_stored_keys


@dataclass(frozen=True)
class DeliveredKey:
    """A key that goes to sinks, with all its generations that exist, the lowest first."""

    tenant: str
    name: str
    sinks: tuple[str, ...]
    generations: tuple[StoredKey, ...]
    written: frozenset[int]
    """The generations that the manifest names."""
    rotation: Rotation | None = None

    @property
    def current(self) -> StoredKey | None:
        """The highest generation that exists and whose secret is known."""
        return next((stored for stored in reversed(self.generations) if stored.secret_known), None)

    @property
    def unknown(self) -> tuple[StoredKey, ...]:
        """The generations above the current one, whose secrets are unknown."""
        least = self.current.key.generation if self.current else 0
        return tuple(stored for stored in self.generations if stored.key.generation > least)

    def may_exist(self, sid: str, generation: int) -> bool:
        """Return whether a generation that a sink has may still be a live key, though it is not the current one."""
        return generation in self.written or any(stored.sid == sid for stored in self.generations)


def find_delivered_keys(
    tenants: Mapping[str, Tenant], state: Iterable[StateResource], slugs: Collection[str] | None = None
) -> tuple[DeliveredKey, ...]:
    """Return the keys that go to sinks, of these tenants or of all; none of a tenant that ended or is only observed."""
    chosen = {slug: tenant for slug, tenant in tenants.items() if _is_delivered(tenant, slugs)}
    stored: dict[tuple[str, str], list[StoredKey]] = {}
    for key in read_stored_keys(state, chosen):
        stored.setdefault((key.tenant, key.key.name), []).append(key)
    return tuple(
        make_key(slug, name, entry, stored.get((slug, name), ()))
        for slug, tenant in sorted(chosen.items())
        for name, entry in sorted(tenant.api_keys.items())
        if entry.deliver_to
    )


def make_key(slug: str, name: str, entry: ApiKeyEntry, stored: Iterable[StoredKey]) -> DeliveredKey:
    """Return a key as its manifest says it, with those generations that exist."""
    return DeliveredKey(slug, name, entry.deliver_to, tuple(stored), frozenset(entry.generations), entry.rotation)


def find_tenants_with_sinks(tenants: Mapping[str, Tenant], slugs: Collection[str] | None = None) -> Iterator[str]:
    """Yield the tenants of which a key goes to a sink."""
    return (slug for slug, tenant in tenants.items() if _is_delivered(tenant, slugs))


def _is_delivered(tenant: Tenant, slugs: Collection[str] | None) -> bool:
    is_chosen = (slugs is None or tenant.tenant in slugs) and not tenant.is_observed
    return is_chosen and tenant.state not in ENDED_STATES and any(key.deliver_to for key in tenant.api_keys.values())
