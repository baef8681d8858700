"""What we expect of each tenant: what its manifest wants, and what was last applied."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from tenantry.engine.state.deployment import StateResource
from tenantry.manifest.load import Loaded
from tenantry.manifest.problem import Place
from tenantry.manifest.yaml.tree import Node, node_at
from tenantry.model.api_key import ApiKeySpec
from tenantry.model.fleet import Standing, standing_of
from tenantry.model.kinds import KINDS, OBJECTS, KindName, find_kind
from tenantry.model.resources import FLEET, Resource, resources_of
from tenantry.model.rotation import keeps_type
from tenantry.model.tenant import Ignore, Tenant
from tenantry.operations.key_secrets import parse_key


@dataclass(frozen=True)
class ExpectedObject:
    """One object: wanted by the manifest, or applied once, or both."""

    name: str
    """The resource's name in the stack."""
    kind: KindName
    entry: str
    wanted: Resource | None
    applied: StateResource | None

    @property
    def sid(self) -> str | None:
        """The SID that we know, from the state, else from `adopt`."""
        if self.applied is not None and self.applied.sid is not None:
            return self.applied.sid
        return getattr(self.wanted.spec, "adopt", None) if self.wanted else None

    @cached_property
    def called(self) -> str:
        """The name that the object has in Twilio."""
        bag = self.wanted.spec.props() if self.wanted else self.applied.outputs if self.applied else {}
        return str(bag.get("friendly_name") or bag.get("description") or "")

    @property
    def restricted(self) -> bool:
        """Whether it is a restricted key, whose policy takes a call of its own to read."""
        if self.applied is not None and not self.applied.waiting:
            return self.kind == "api_key" and "policy" in self.applied.outputs
        return self.wanted is not None and isinstance(self.wanted.spec, ApiKeySpec) and self.wanted.spec.restricted


@dataclass(frozen=True)
class Expected:
    """One tenant."""

    slug: str
    manifest: Tenant | None
    """None for a tenant that only the state knows."""
    standing: Standing | None
    recorded: str | None
    """The standing that the stack's fleet recorded."""
    wanted: Mapping[str, Resource]
    applied: Mapping[str, StateResource]
    origin: Node | None
    today: date

    @property
    def account(self) -> ExpectedObject:
        """The tenant's account."""
        if self.slug in self.wanted or self.slug in self.applied:
            return self.object(self.slug)
        return ExpectedObject(self.slug, "subaccount", "subaccount", None, None)

    @cached_property
    def objects(self) -> tuple[ExpectedObject, ...]:
        """What is expected in the account, in the order in which it is looked for."""
        names = sorted(self.wanted.keys() | self.applied.keys())
        found = [self.object(name) for name in names]
        return tuple(item for kind in OBJECTS for item in found if item.kind == kind)

    @property
    def is_open(self) -> bool:
        """Whether its objects are to be as the manifest says; those of all others rest."""
        return self.standing in ("open", "observed")

    @property
    def is_observed(self) -> bool:
        """Whether nothing of it is ever applied, so that there is nothing but its manifest to compare with."""
        return self.standing == "observed"

    def object(self, name: str) -> ExpectedObject:
        """Return what is expected under a resource name, which is wanted or was applied."""
        wanted, applied = self.wanted.get(name), self.applied.get(name)
        if wanted is not None:
            return ExpectedObject(name, wanted.kind, wanted.entry, self._with_own_type(wanted, applied), applied)
        resource = self.applied[name]
        return ExpectedObject(name, resource.kind, _entry_of(resource), None, resource)

    def _with_own_type(self, wanted: Resource, applied: StateResource | None) -> Resource:
        """Return a resource, where it is an older generation of a delivered key with the type that it was made with."""
        if wanted.kind != "api_key" or applied is None or applied.waiting or self.manifest is None:
            return wanted
        key, policy = parse_key(applied), applied.outputs.get("policy")
        entry = self.manifest.api_keys.get(key.name)
        if entry is None or not keeps_type(entry, key.generation):
            return wanted
        if (policy is None) == (wanted.spec.props().get("policy") is None):
            return wanted
        return replace(wanted, spec=wanted.spec.model_copy(update={"policy": policy}))

    def find_ignore(self, entry: str) -> Ignore | None:
        """Return the ignore of an entry that holds today; None where there is none."""
        ignore = self._ignore(entry)
        return ignore if ignore and (ignore.until is None or self.today <= ignore.until) else None

    def find_expired_ignore(self, entry: str) -> Ignore | None:
        """Return the ignore of an entry whose last day has passed."""
        ignore = self._ignore(entry)
        return ignore if ignore and ignore.until is not None and ignore.until < self.today else None

    def place(self, entry: str, field: str | None = None) -> Place | None:
        """Return where it is written what an entry, or a field of it, is to be: in the manifest or in a layer."""
        if self.origin is None:
            return None
        name, _, key = entry.partition("/")
        kind, field = find_kind(name), field or ""
        written = kind.written if kind and kind.written else name
        inside = kind.fields.get(field, field) if kind else field
        if name == "subaccount" and inside != field:
            written = inside  # what a manifest says of an account itself is written at its top
        for path in ([written, key, inside], [written, inside], [written, key], [written], ["tenant"]):
            if (node := node_at(self.origin, path)) is not None:
                return node.key
        return self.origin.place

    def place_of_ignore(self, entry: str) -> Place | None:
        """Return where an entry of `ignore` is written."""
        node = node_at(self.origin, ["ignore", entry]) if self.origin is not None else None
        return node.key if node is not None else None

    @property
    def ignored(self) -> tuple[str, ...]:
        """The entries of the manifest's `ignore`, sorted."""
        return tuple(sorted(self.manifest.ignore)) if self.manifest else ()

    def _ignore(self, entry: str) -> Ignore | None:
        ignores = self.manifest.ignore if self.manifest else {}
        return ignores.get(entry)


def gather_expected(loaded: Loaded, state: Iterable[StateResource], today: date) -> tuple[Expected, ...]:
    """Return what is expected of every tenant that a manifest or the state knows, sorted by slug."""
    applied: dict[str, dict[str, StateResource]] = {}
    for resource in state:
        applied.setdefault(resource.slug, {})[resource.name] = resource
    recorded = _read_standings(applied.pop(FLEET, {}))
    known = sorted(loaded.tenants.keys() | applied.keys())
    return tuple(_expect(loaded, slug, applied.get(slug, {}), recorded.get(slug), today) for slug in known)


def _expect(
    loaded: Loaded, slug: str, applied: Mapping[str, StateResource], recorded: str | None, today: date
) -> Expected:
    manifest = loaded.tenants.get(slug)
    return Expected(
        slug=slug,
        manifest=manifest,
        standing=standing_of(manifest, today) if manifest else None,
        recorded=recorded,
        wanted={resource.name: resource for resource in resources_of(manifest, today, observing=True)}
        if manifest
        else {},
        applied=applied,
        origin=loaded.origins.get(slug),
        today=today,
    )


def _read_standings(fleet: Mapping[str, StateResource]) -> Mapping[str, str]:
    standing = fleet[FLEET].outputs.get("standing") if FLEET in fleet else None
    return standing if isinstance(standing, Mapping) else {}


def _entry_of(resource: StateResource) -> str:
    """Return the entry of a resource whose manifest entry is gone; a key's name ends in its generation."""
    name, _ = KINDS[resource.kind].split(resource.entry)
    return f"{resource.kind}/{name}" if name else resource.kind


def names_of(objects: Iterable[ExpectedObject], kind: KindName) -> Iterator[str]:
    """Yield the names in Twilio that objects of a kind are expected to have."""
    return (item.called for item in objects if item.kind == kind)
