"""From a tenant to its resources: one list, which the program creates and the drift report checks.

Names and types are a promise: they are in users' state (`tests/test_contract.py`). Add to them, never change them.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date

from tenantry.model.account_state import AccountStateSpec
from tenantry.model.fleet import Standing, standing_of
from tenantry.model.kinds import KINDS, KindName
from tenantry.model.spec import Spec
from tenantry.model.subaccount import SubaccountSpec, account_name
from tenantry.model.tenant import Tenant

FLEET = "fleet"


@dataclass(frozen=True)
class Resource:
    """One resource of a tenant: its name in the stack, its inputs, and how Pulumi is to treat it.

    The inputs lack what only Twilio knows: the program fills `account_sid` with the account's id, and the
    subscription's `sink_sid` with the sink's id.
    """

    kind: KindName
    name: str
    entry: str
    """Its name in `ignore` and in reports: `api_key/web`, without the slug and the generation."""
    spec: Spec
    protect: bool = False
    """Pulumi refuses to delete it, whatever the program says."""
    retain_on_delete: bool = False
    """Pulumi forgets it instead of deleting it."""
    deleted_with_account: bool = False
    """It goes with its account: Pulumi does not delete it separately."""
    ignored: bool = False
    """Its drift is intended: Pulumi leaves it as it is."""


def resources_of(
    tenant: Tenant, today: date, closing: Collection[str] = (), *, observing: bool = False
) -> tuple[Resource, ...]:
    """Expand a tenant to its resources, the account first and its state last.

    `today` is the day (UTC) that `close_after` and `until` are compared with, and nothing else compares days;
    `closing` names the tenants that this run may close. A tenant that is only observed has none; with `observing`, for
    who compares and does not register, it has those that it would have.
    """
    if tenant.is_observed and not observing:
        return ()
    standing = standing_of(tenant, today, closing)
    children = tuple(_apply_standing(tenant, standing, today, child) for child in _build_children(tenant))
    return (_build_account(tenant, standing, today), *children, *_build_account_state(tenant, standing))


def _build_account(tenant: Tenant, standing: Standing, today: date) -> Resource:
    ending = tenant.state if tenant.state in ("closed", "released") else None
    adopted = tenant.account
    own_name = adopted.friendly_name if adopted else account_name(tenant.name, tenant.tenant)
    spec = SubaccountSpec(
        slug=tenant.tenant,
        friendly_name=own_name,
        active=_decide_active(tenant),
        adopt=adopted.adopt if adopted else None,
        ending=ending,
    )
    return Resource(
        "subaccount",
        tenant.tenant,
        "subaccount",
        spec,
        protect=ending is None,
        retain_on_delete=standing == "released",
        ignored=_is_ignored(tenant, "subaccount", today),
    )


def _decide_active(tenant: Tenant) -> bool | None:
    return None if tenant.state in (None, "released") else tenant.state == "active"


def _build_account_state(tenant: Tenant, standing: Standing) -> Iterator[Resource]:
    """Yield the state of an account that must not be active; an everyday run suspends, it never closes."""
    if standing in ("suspended", "due", "closed"):
        closes = standing == "closed"
        spec = AccountStateSpec(
            status="closed" if closes else "suspended", never_used=tenant.never_used if closes else None
        )
        yield _make_resource(tenant, "account_state", "", spec)


def _build_children(tenant: Tenant) -> Iterator[Resource]:
    for name, kind in KINDS.items():
        for key, generation, spec in kind.specs(tenant):
            yield _make_resource(tenant, name, key, spec, generation)


def _make_resource(tenant: Tenant, kind: KindName, key: str, spec: Spec, generation: int | None = None) -> Resource:
    """Name a resource: `{slug}/{kind}/{key}`, with `-{generation}` for a key, without a key where there is only one."""
    entry = f"{kind}/{key}" if key else kind
    number = f"-{generation}" if generation else ""
    return Resource(kind, f"{tenant.tenant}/{entry}{number}", entry, spec)


def _apply_standing(tenant: Tenant, standing: Standing, today: date, child: Resource) -> Resource:
    """Return a child with the options that follow from the standing of its tenant."""
    steering = {"frozen": standing != "open" or None, "released": standing == "released" or None}
    return replace(
        child,
        spec=child.spec.model_copy(update=steering),
        retain_on_delete=standing == "released",
        deleted_with_account=tenant.state == "closed",
        ignored=_is_ignored(tenant, child.entry, today),
    )


def _is_ignored(tenant: Tenant, entry: str, today: date) -> bool:
    meant = tenant.ignore.get(entry)
    return meant is not None and (meant.until is None or today <= meant.until)
