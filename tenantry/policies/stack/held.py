"""From the resources of a stack to the subjects of rules: the manifest, overridden by the stack's resources."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from pydantic import BaseModel

from tenantry.model.kind import Kind
from tenantry.model.kinds import KINDS, KindName
from tenantry.model.tenant import Tenant
from tenantry.policies.subject import Generation, Subject

FIELDS: Mapping[KindName, tuple[str, ...]] = {
    name: kind.settings for name, kind in KINDS.items() if kind.entry_of is not None
}
"""What rules look at, by kind: a key's secret is not among it."""


@dataclass(frozen=True)
class Held:
    """A resource that a stack holds: its kind, its name, and those of `FIELDS` that it has."""

    kind: KindName
    name: str
    props: Mapping[str, Any]

    @property
    def slug(self) -> str:
        return self.name.partition("/")[0]

    @property
    def key(self) -> str:
        """What comes after the kind in its name; a generation of a key is `{key}-{n}`."""
        return self.name.removeprefix(f"{self.slug}/{self.kind}").removeprefix("/")

    @property
    def generation(self) -> Generation | None:
        """The name and the number of a generation that is named as ours are."""
        key, number = KINDS[self.kind].split(self.key)
        return (key, number) if number is not None else None


def as_held(subjects: Iterable[Subject], held: Iterable[Held], made_on: Mapping[str, date] | None) -> Iterator[Subject]:
    """Yield the subjects as a stack holds them; `made_on` has the day on which each resource was made, by its name.

    None stands for a state that nobody looked into.

    What the stack does not tell is as the manifest says: a run may be about a part of it, and previews don't know all
    values. Suspended tenants are as their manifests say too: what is frozen stays as it is, whoever mends the manifest.
    """
    of_slug: dict[str, list[Held]] = {}
    for resource in held:
        of_slug.setdefault(resource.slug, []).append(resource)
    for subject in subjects:
        if subject.tenant.state == "closed" and made_on is not None:
            yield replace(subject, suspended_on=made_on.get(f"{subject.slug}/account_state", subject.today))
        elif not subject.is_kept or subject.tenant.state == "suspended":
            yield subject
        else:
            yield _with(subject, of_slug.get(subject.slug, []), made_on or {})


def _with(subject: Subject, held: list[Held], made_on: Mapping[str, date]) -> Subject:
    tenant = subject.tenant
    for resource in held:
        tenant = _put_over(tenant, resource)
    sinks = sum(resource.kind == "event_sink" for resource in held)
    days = {key.generation: made_on[key.name] for key in held if key.generation and key.name in made_on}
    return replace(subject, tenant=tenant, sinks=max(sinks, subject.sinks), made_on=days)


def _put_over(tenant: Tenant, held: Held) -> Tenant:
    """Return a tenant whose manifest says what a resource has; what is not named as ours are is passed over."""
    kind = KINDS[held.kind]
    key, generation = kind.split(held.key)
    if kind.entry_of is None or kind.only_key not in (None, key) or (kind.has_generations and generation is None):
        return tenant
    entry, before = kind.entry_of(kind.spec.of(held.props)), dict(kind.entries(tenant)).get(key)
    if before is None and _is_derived(kind, tenant, key, entry):
        return tenant
    if before is not None:  # what no resource has, such as `rotation`, is as the manifest says
        entry = before.model_copy(update={name: getattr(entry, name) for name in entry.model_fields_set})
    if generation is not None:
        numbers = (*(before.generations if before else ()), generation)
        entry = entry.model_copy(update={"generations": tuple(dict.fromkeys(numbers))})
    return tenant.model_copy(update=kind.with_entry(tenant, key, entry))


def _is_derived(kind: Kind, tenant: Tenant, key: str, entry: BaseModel) -> bool:
    """Return whether an entry is one that another entry brings along, such as a trigger at 80 percent of its value.

    A manifest does not name it, so rules are asked about it only where the stack has it otherwise.
    """
    for written, other in kind.entries(tenant):
        for name, derived in kind.derive(written, other):
            if name == key:
                return all(getattr(entry, field) == getattr(derived, field) for field in entry.model_fields_set)
    return False
