"""Which keys a rotation looks at: those that rotate, or those that a person named."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from tenantry.manifest.sentence import did_you_mean
from tenantry.model.api_key import ApiKeyEntry
from tenantry.model.rotation import overlap_of
from tenantry.model.tenant import Tenant
from tenantry.operations.errors import StoppedError
from tenantry.operations.rotation.keys import DeliveredKey

OBSERVED = "{} is only observed (`manage: observe`): no run makes or deletes a key of it, so none rotates."


@dataclass(frozen=True)
class Asked:
    """What a person asked for: names of tenants or `TENANT/KEY`; without names, every key that rotates."""

    names: tuple[str, ...] = ()
    now: bool = False
    kill: int | None = None
    canary: int | None = None
    """How many keys may have a generation that is not proven, at most."""
    dry_run: bool = False


@dataclass(frozen=True)
class RotatingKey:
    """A key of a manifest with what the state has of it."""

    held: DeliveredKey
    entry: ApiKeyEntry

    @property
    def name(self) -> str:
        """`acme/web`."""
        return f"{self.held.tenant}/{self.held.name}"

    @property
    def newest(self) -> int:
        """The highest generation that the manifest names."""
        return max(self.entry.generations)

    @property
    def older(self) -> tuple[int, ...]:
        """The generations before it that the manifest names."""
        return tuple(sorted(number for number in self.entry.generations if number < self.newest))

    @property
    def overlap(self) -> timedelta:
        """How long a generation lives beside its successor."""
        return overlap_of(self.entry)


def refuse_wrong(asked: Asked, tenants: Mapping[str, Tenant]) -> None:
    """Raise StoppedError for names that there are not or that are only observed, and for orders that need a name."""
    for name in asked.names:
        slug, _, key = name.partition("/")
        if slug not in tenants:
            raise StoppedError(f"There is no tenant '{slug}'{did_you_mean(slug, list(tenants)) or ''}.")
        if tenants[slug].is_observed:
            raise StoppedError(OBSERVED.format(slug))
        keys = tenants[slug].api_keys
        if "/" in name and key not in keys:
            hint = did_you_mean(key, list(keys)) or f"; it has {', '.join(sorted(keys)) or 'none'}"
            raise StoppedError(f"{slug} has no API key '{key}'{hint}.")
    if asked.now and not asked.names:
        raise StoppedError("--now needs a name, TENANT or TENANT/KEY: all keys at once would leave none that is older.")
    if asked.kill is not None:
        _refuse_wrong_kill(asked, tenants)


def _refuse_wrong_kill(asked: Asked, tenants: Mapping[str, Tenant]) -> None:
    if len(asked.names) != 1 or "/" not in asked.names[0]:
        raise StoppedError("--kill needs the name of one key: `tenantry rotate TENANT/KEY --kill GENERATION`.")
    slug, _, key = asked.names[0].partition("/")
    generations = tenants[slug].api_keys[key].generations
    if asked.kill not in generations:
        written = ", ".join(map(str, sorted(generations)))
        raise StoppedError(f"{asked.names[0]} has no generation {asked.kill}: its manifest names {written}.")


def choose_keys(asked: Asked, tenants: Mapping[str, Tenant]) -> Iterator[tuple[str, str]]:
    """Yield the slug and the name of each key to look at, sorted."""
    for slug, tenant in sorted(tenants.items()):
        for key, entry in sorted(() if tenant.is_observed else tenant.api_keys.items()):
            if _is_chosen(asked, slug, key, entry) and (tenant.state in (None, "active") or _is_named(asked, slug)):
                yield slug, key


def _is_chosen(asked: Asked, slug: str, key: str, entry: ApiKeyEntry) -> bool:
    if asked.names and f"{slug}/{key}" not in asked.names and slug not in asked.names:
        return False
    is_ordered = f"{slug}/{key}" in asked.names or (asked.now and slug in asked.names)
    return entry.rotation is not None or is_ordered


def _is_named(asked: Asked, slug: str) -> bool:
    return any(name.partition("/")[0] == slug for name in asked.names)


def slugs_of(chosen: Collection[tuple[str, str]]) -> frozenset[str]:
    """Return the tenants of some keys."""
    return frozenset(slug for slug, _ in chosen)
