"""From manifests and a stack's state to the export."""

from collections.abc import Iterable, Iterator, Mapping
from shlex import quote

from tenantry.engine.state.deployment import StateResource
from tenantry.ledger.suspensions import Suspension
from tenantry.manifest.sentence import did_you_mean
from tenantry.model.api_key import ApiKeyEntry
from tenantry.model.kinds import OBJECTS, KindName
from tenantry.model.recorded import GONE
from tenantry.model.resources import FLEET
from tenantry.model.rotation import due_on
from tenantry.model.tenant import ENDED_STATES, Tenant
from tenantry.operations.errors import OperationError
from tenantry.operations.export.values import (
    Export,
    ExportedFlags,
    ExportedGeneration,
    ExportedKey,
    ExportedObject,
    ExportedReason,
    ExportedTenant,
    ExportedWebhook,
)
from tenantry.operations.key_secrets import parse_key
from tenantry.operations.ledger.held import Held
from tenantry.text.printable import printable


class ExportError(OperationError):
    """The export can't be made; the text says why and what to do."""


def gather(
    stack: str, tenants: Mapping[str, Tenant], state: Iterable[StateResource], held: Held | None = None
) -> Export:
    """Return the export of a stack; raises ExportError if nothing was ever applied to it."""
    by_slug: dict[str, list[StateResource]] = {}
    for resource in state:
        by_slug.setdefault(resource.slug, []).append(resource)
    if not by_slug:
        raise ExportError(f"The stack '{stack}' holds nothing yet: apply the manifests with `tenantry up`, then export")
    fleet = by_slug.pop(FLEET, [])
    slugs = sorted(by_slug.keys() | tenants.keys())
    return Export(
        format=1,
        stack=stack,
        parent=fleet[0].outputs.get("account_sid") if fleet else None,
        tenants=tuple(
            _export_tenant(slug, tenants.get(slug), by_slug.get(slug, []), (held or Held()).of(slug)) for slug in slugs
        ),
    )


def select_tenants(export: Export, slugs: Iterable[str]) -> Export:
    """Return the export of these tenants alone; raises ExportError for one that neither manifests nor state know."""
    wanted = set(slugs)
    known = [tenant.tenant for tenant in export.tenants]
    for slug in sorted(wanted.difference(known)):
        hint = did_you_mean(slug, known) or "; `tenantry export` without --only lists all there are"
        raise ExportError(f"--only {quote(printable(slug))}: the stack '{export.stack}' has no such tenant{hint}")
    return export.model_copy(update={"tenants": tuple(tenant for tenant in export.tenants if tenant.tenant in wanted)})


def find_not_applied(export: Export) -> tuple[str, ...]:
    """Return the tenants that are to have an account and have none in the state, not even one that waits."""
    return tuple(
        tenant.tenant
        for tenant in export.tenants
        if tenant.managed and tenant.state not in ENDED_STATES and tenant.account_sid is None and not tenant.waiting
    )


def _export_tenant(
    slug: str, manifest: Tenant | None, resources: list[StateResource], held: tuple[Suspension, ...]
) -> ExportedTenant:
    account = next(_of(resources, "subaccount"), None)
    return ExportedTenant(
        tenant=slug,
        customer=manifest.customer_key if manifest else None,
        name=manifest.name if manifest else None,
        managed=manifest is not None,
        state=manifest.state if manifest else None,
        status=_find_status(resources),
        suspended_for=tuple(map(_reason, held)),
        close_after=manifest.close_after if manifest else None,
        account_sid=account.sid if account else _observed_account(manifest),
        waiting=account.waiting if account else False,
        plan=manifest.plan if manifest else None,
        profiles=manifest.profiles if manifest else (),
        labels=dict(sorted(manifest.labels.items())) if manifest else {},
        api_keys=dict(_export_api_keys(resources, manifest)),
        usage_triggers=_export_objects(resources, "usage_trigger"),
        debugger_webhook=_export_webhook(resources),
        per_request=_export_flags(resources),
        objects={kind: _export_objects(resources, kind) for kind in OBJECTS if any(_of(resources, kind))},
    )


def _observed_account(manifest: Tenant | None) -> str | None:
    """Return the account of a tenant that is only observed, of which the state has nothing."""
    is_observed = manifest is not None and manifest.is_observed
    return manifest.account.adopt if is_observed and manifest and manifest.account else None


def _reason(row: Suspension) -> ExportedReason:
    return ExportedReason(reason=row.reason, since=row.since, until=row.until, ref=row.ref, by=row.by)


def _of(resources: Iterable[StateResource], kind: KindName) -> Iterator[StateResource]:
    return (resource for resource in resources if resource.kind == kind)


def _find_status(resources: list[StateResource]) -> str | None:
    """Return what Twilio last said: the account's state speaks after the account, which was active when it was made."""
    resources_told = [
        resource
        for kind in ("subaccount", "account_state")
        for resource in _of(resources, kind)
        if not resource.waiting
    ]
    statuses = [str(resource.outputs["status"]) for resource in resources_told if "status" in resource.outputs]
    return next((status for status in statuses if status in GONE), statuses[-1] if statuses else None)


def _export_objects(resources: Iterable[StateResource], kind: KindName) -> dict[str, ExportedObject]:
    return dict(sorted((resource.entry, _export_object(resource)) for resource in _of(resources, kind)))


def _export_object(resource: StateResource) -> ExportedObject:
    return ExportedObject(sid=resource.sid, waiting=resource.waiting)


def _export_api_keys(resources: list[StateResource], manifest: Tenant | None) -> Iterator[tuple[str, ExportedKey]]:
    keys: dict[str, dict[int, StateResource]] = {}
    for resource in _of(resources, "api_key"):
        key = parse_key(resource)
        keys.setdefault(key.name, {})[key.generation] = resource
    for name, generations in sorted(keys.items()):
        entry = manifest.api_keys.get(name) if manifest else None
        yield name, _export_api_key(name, generations, entry)


def _export_api_key(name: str, generations: Mapping[int, StateResource], entry: ApiKeyEntry | None) -> ExportedKey:
    existing = [number for number, resource in generations.items() if not resource.waiting]
    telling = generations[max(existing or generations)]
    policy = telling.outputs.get("policy")
    rotation, created = entry.rotation if entry else None, telling.created if existing else None
    return ExportedKey(
        access="standard" if policy is None else tuple(sorted(policy)),
        current=max(existing, default=None),
        generations=tuple(
            ExportedGeneration(
                generation=number,
                sid=resource.sid,
                waiting=resource.waiting,
                secret_known=bool(resource.outputs.get("secret")),
                held_since=None if resource.waiting else resource.created,
            )
            for number, resource in sorted(generations.items())
        ),
        deliver_to=entry.deliver_to if entry else (),
        due_on=due_on(telling.slug, name, rotation, created) if rotation and created else None,
    )


def _export_webhook(resources: list[StateResource]) -> ExportedWebhook | None:
    sink = next(_of(resources, "event_sink"), None)
    subscription = next(_of(resources, "event_subscription"), None)
    if sink is None and subscription is None:
        return None
    return ExportedWebhook(
        sink=_export_object(sink) if sink else None, subscription=_export_object(subscription) if subscription else None
    )


def _export_flags(resources: list[StateResource]) -> ExportedFlags:
    retention = next(_of(resources, "retention"), None)
    flags = (retention.outputs.get("per_request") if retention else None) or {}
    return ExportedFlags(
        content_retention=flags.get("content_retention"), address_retention=flags.get("address_retention")
    )
