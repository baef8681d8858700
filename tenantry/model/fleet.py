"""The fleet: one resource per stack, which records the standing of each tenant and refuses to lose one."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from tenantry.model.hold import holds_of, vanished_holds
from tenantry.model.kind import Kind
from tenantry.model.recorded import TOKENS
from tenantry.model.spec import Spec

if TYPE_CHECKING:  # the model of a tenant imports the kinds, and the fleet is one
    from tenantry.model.tenant import Tenant

Standing = Literal["open", "suspended", "due", "closed", "released", "observed"]


ENDED = ("closed", "released", "observed")
"""The standings of tenants that nothing is lost of with their manifests: they ended, or were never ours."""


UNASKED = (
    "{slug}: this project has a ledger, and plain Pulumi can't ask it what speaks against closing: a hold that only it "
    "has, records that nobody has read again, a month that is not billed. Run `tenantry up --close {slug}`"
)


class FleetSpec(Spec):
    """The parent account and the standing of every tenant, even in a focused run."""

    OURS: ClassVar[frozenset[str]] = Spec.OURS | {"recovering", "address", "held"}

    account_sid: str | None = None
    """The parent account; absent only in a preview without credentials of a stack that names no parent."""
    standing: dict[str, Standing] = Field(default_factory=dict)
    recovering: bool | None = None
    """True from the first run with --recover to the first run without it."""
    held: dict[str, str] | None = None
    """The tenants that have a hold: `held`, or `released` while the manifest says so. Absent where none has one."""
    address: str | None = None
    """Twilio's stand-in in the last run, such as `http://127.0.0.1:8000`; absent where it was Twilio."""


def standing_of(tenant: Tenant, today: date, closing: Collection[str] = ()) -> Standing:
    """Return the standing of a tenant: `due` is ready to be closed, `closed` is to be closed by this run."""
    if tenant.is_observed:
        return "observed"
    match tenant.state:
        case None | "active":
            return "open"
        case "released" | "suspended":
            return tenant.state
        case "closed":
            if not is_due(tenant, today):
                return "suspended"
            return "closed" if tenant.tenant in closing else "due"


def is_due(tenant: Tenant, today: date) -> bool:
    """Return whether a tenant that is to be closed has reached its day."""
    return tenant.state == "closed" and tenant.close_after is not None and tenant.close_after <= today


def fleet_of(tenants: Iterable[Tenant], today: date, closing: Collection[str] = ()) -> FleetSpec:
    """Return the fleet of all tenants of a stack."""
    listed = tuple(tenants)
    standing = {tenant.tenant: standing_of(tenant, today, closing) for tenant in listed}
    return FleetSpec(standing=standing, held=holds_of(listed, today) or None)


def closing_refusals(
    tenants: Iterable[Tenant], today: date, closing: Collection[str], unasked: Collection[str] = ()
) -> tuple[str, ...]:
    """Return why tenants that were named to be closed can't be closed by this run, a sentence each.

    `unasked` are those of a stack with a ledger that nobody has asked about them.
    """
    by_slug = {tenant.tenant: tenant for tenant in tenants}
    refusals = (
        _refusal(slug, by_slug.get(slug), today) or (UNASKED.format(slug=slug) if slug in unasked else None)
        for slug in sorted(closing)
    )
    return tuple(refusal for refusal in refusals if refusal is not None)


def lost_tenants(old: FleetSpec, new: FleetSpec) -> tuple[str, ...]:
    """Return the tenants whose manifest is gone though they were neither closed nor released."""
    gone = old.standing.keys() - new.standing.keys()
    return tuple(sorted(slug for slug in gone if old.standing[slug] not in ENDED))


def abandoned_tenants(old: FleetSpec, new: FleetSpec) -> tuple[str, ...]:
    """Return the tenants that were managed, and are now to be observed: what we made would be nobody's."""
    observed = (slug for slug, standing in new.standing.items() if standing == "observed")
    return tuple(sorted(slug for slug in observed if old.standing.get(slug, "observed") not in ENDED))


def unreleased_tenants(old: FleetSpec, new: FleetSpec) -> tuple[str, ...]:
    """Return the tenants whose hold vanished from the manifest without a release."""
    return vanished_holds(old.held or {}, new.held or {})


def _refusal(slug: str, tenant: Tenant | None, today: date) -> str | None:
    if tenant is None:
        return f"{slug}: asked to close it, but there is no such tenant; check the name"
    if tenant.state != "closed":
        return f"{slug}: asked to close it, but its manifest does not say so; set state: closed and close_after first"
    if tenant.hold is not None and tenant.hold.state_on(today) == "held":
        return (
            f"{slug}: asked to close it, but it is held since {tenant.hold.since} ({tenant.hold.reason}); whoever may "
            "lift the hold writes `released` into it"
        )
    if not is_due(tenant, today):
        return (
            f"{slug}: asked to close it before its day; wait until close_after ({tenant.close_after}), or change that"
        )
    return None


KIND = Kind(name="fleet", title="fleet", token=f"{TOKENS}Fleet", spec=FleetSpec, is_ignorable=False)
