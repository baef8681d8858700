"""From the resources of a stack to what rules are asked about: the manifest, with what the stack holds put over it."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from tenantry.model.api_key import ApiKeyEntry, ApiKeySpec
from tenantry.model.event_sink import DebuggerWebhook, EventSinkSpec
from tenantry.model.retention import RetentionEntry, RetentionSpec
from tenantry.model.tenant import Tenant
from tenantry.model.usage_trigger import UsageTriggerEntry, UsageTriggerSpec
from tenantry.policies.subject import Generation, Subject

FIELDS: Mapping[str, tuple[str, ...]] = {
    "ApiKey": ("friendly_name", "policy"),
    "UsageTrigger": (
        "friendly_name",
        "usage_category",
        "trigger_by",
        "trigger_value",
        "recurring",
        "callback_url",
        "callback_method",
    ),
    "EventSink": ("description", "sink_type", "sink_configuration"),
    "Retention": ("messages", "calls", "recordings", "per_request"),
}
"""What rules look at, by the kind in a type token: a key's secret is not among it."""


@dataclass(frozen=True)
class Held:
    """A resource that a stack holds: its kind as in the type token, its name, and those of `FIELDS` that it has."""

    kind: str
    name: str
    props: Mapping[str, Any]

    @property
    def slug(self) -> str:
        return self.name.partition("/")[0]

    @property
    def key(self) -> str:
        """What the manifest calls it: `{slug}/{kind}/{key}`; a generation of a key is `{key}-{n}`."""
        return self.name.rpartition("/")[2]

    @property
    def generation(self) -> Generation | None:
        """The name and the number of a key that is named as ours are."""
        found = re.fullmatch(r"(.+)-(\d+)", self.key)
        return (found[1], int(found[2])) if found else None


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
        put_over = _READERS.get(resource.kind)
        tenant = put_over(tenant, resource) if put_over else tenant
    keys = [resource for resource in held if resource.kind == "ApiKey"]
    sinks = sum(resource.kind == "EventSink" for resource in held)
    days = {key.generation: made_on[key.name] for key in keys if key.generation and key.name in made_on}
    return replace(subject, tenant=tenant, sinks=max(sinks, subject.sinks), made_on=days)


def _with_key(tenant: Tenant, held: Held) -> Tenant:
    if held.generation is None:
        return tenant
    name, number = held.generation
    spec = ApiKeySpec.of(held.props)
    before = tenant.api_keys.get(name)
    generations = tuple(dict.fromkeys((*(before.generations if before else ()), number)))
    entry = ApiKeyEntry.model_construct(access=spec.policy or "standard", generations=generations, adopt=None)
    return tenant.model_copy(update={"api_keys": {**tenant.api_keys, name: entry}})


def _with_trigger(tenant: Tenant, held: Held) -> Tenant:
    spec = UsageTriggerSpec.of(held.props)
    entry = UsageTriggerEntry.model_construct(**{**dict(spec), "recurring": spec.recurring or "alltime"})
    return tenant.model_copy(update={"usage_triggers": {**tenant.usage_triggers, held.key: entry}})


def _with_sink(tenant: Tenant, held: Held) -> Tenant:
    if held.key != "debugger":
        return tenant
    configuration = EventSinkSpec.of(held.props).sink_configuration
    webhook = DebuggerWebhook.model_construct(
        url=configuration.destination, method=configuration.method, batch_events=configuration.batch_events, adopt=None
    )
    return tenant.model_copy(update={"debugger_webhook": webhook})


def _with_retention(tenant: Tenant, held: Held) -> Tenant:
    spec = RetentionSpec.of(held.props)
    kept = {kind: rule for kind in ("messages", "calls", "recordings") if (rule := getattr(spec, kind)) is not None}
    days = {kind: {"keep_days": int(rule.keep_days)} for kind, rule in kept.items()}
    return tenant.model_copy(update={"retention": RetentionEntry.model_validate(days)})


_READERS: Mapping[str, Callable[[Tenant, Held], Tenant]] = {
    "ApiKey": _with_key,
    "UsageTrigger": _with_trigger,
    "EventSink": _with_sink,
    "Retention": _with_retention,
}
