"""The program of a stack: the scope of a run, the fleet first, and a tenant's resources as Pulumi sees them."""

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pulumi

from tenantry.engine.run.focus import CLOSING_VARIABLE, TARGET_VARIABLE, VETTED_VARIABLE, closing_in, slugs_in
from tenantry.engine.run.kept_keys import KEPT_VARIABLE, kept_in
from tenantry.engine.state.recovery import is_recovering
from tenantry.manifest.load import load_or_refuse
from tenantry.manifest.problem import ManifestError
from tenantry.model.fleet import closing_refusals, fleet_of
from tenantry.model.kinds import KINDS
from tenantry.model.resources import FLEET, Resource, resources_of
from tenantry.model.rotation import with_generations
from tenantry.model.tenant import Tenant
from tenantry.plugin.patches import PatchNameError
from tenantry.providers import RESOURCES
from tenantry.providers.economy import economise
from tenantry.providers.fleet import Fleet
from tenantry.providers.reading import digests_of, hold_to_shown
from tenantry.providers.resource import TwilioResource
from tenantry.twilio.http.shown_address import address_from


@dataclass(frozen=True)
class Run:
    """The scope of one run of a stack's program."""

    every_tenant: Mapping[str, Tenant]
    tenants: tuple[Tenant, ...]
    """Those that this run is focused on; all that are managed where it is not."""
    parent: str | None
    """SID of the parent account; None in a preview without credentials of a stack that names none."""
    today: date
    closing: frozenset[str]

    async def fleet(self) -> None:
        """Register the fleet and wait for it: a refusal stops the run before anything else is registered.

        Raises `pulumi.RunError` if it could not be made: a run that continues on errors would try every tenant.
        """
        spec = fleet_of(self.every_tenant.values(), self.today, self.closing)
        address = _filter_known("address", address_from(os.environ))
        recovering = {"recovering": True} if is_recovering(os.environ) else {}
        fleet = Fleet(FLEET, {**spec.props(), **_filter_known("account_sid", self.parent), **address, **recovering})
        await fleet.urn.future()
        if not (pulumi.runtime.is_dry_run() or await fleet.id.is_known()):
            raise pulumi.RunError(
                "The parent account was not reached, so no tenant was processed; nothing was changed."
            )

    def resources(self, tenant: Tenant) -> tuple[Resource, ...]:
        """Return a tenant's resources as plain data."""
        return resources_of(tenant, self.today, self.closing)


def this_run(folder: Path | None = None) -> Run:
    """Read the manifests of this stack, and from the environment the run's focus and the tenants that it may close.

    Raises `pulumi.RunError`, which Pulumi prints without a traceback.
    """
    try:
        economise(os.environ)
        loaded = load_or_refuse(folder or Path.cwd(), pulumi.get_stack())
    except (ManifestError, PatchNameError) as error:
        raise pulumi.RunError(str(error)) from None
    today = datetime.now(UTC).date()
    closing = closing_in(os.environ.get(CLOSING_VARIABLE, ""))
    kept = kept_in(os.environ.get(KEPT_VARIABLE, ""))
    unasked = closing - closing_in(os.environ.get(VETTED_VARIABLE, "")) if loaded.stack.ledger else frozenset[str]()
    if refusals := closing_refusals(loaded.tenants.values(), today, closing, unasked):
        raise pulumi.RunError("\n".join((*refusals, "Nothing was changed.")))
    focus = slugs_in(os.environ.get(TARGET_VARIABLE))
    managed = loaded.managed
    tenants = {slug: with_generations(tenant, kept.get(slug, {})) for slug, tenant in loaded.tenants.items()}
    run = Run(
        every_tenant=tenants,
        tenants=tuple(
            tenant for slug, tenant in tenants.items() if slug in managed and (focus is None or slug in focus)
        ),
        parent=loaded.stack.parent or os.environ.get("TWILIO_ACCOUNT_SID") or None,
        today=today,
        closing=closing,
    )
    hold_to_shown(lambda: _read_reading(run))
    return run


def _read_reading(run: Run) -> Mapping[str, Any]:
    """Return the scope of a run as JSON, each part under a name for people."""
    return {
        "the manifest of": digests_of(run.every_tenant),
        "the tenants of the run": [tenant.tenant for tenant in run.tenants],
        "the parent account": run.parent or "none",
        "the day (UTC)": run.today.isoformat(),
        "the tenants that may be closed": sorted(run.closing),
    }


def register(
    resources: Collection[Resource], component: pulumi.Resource, parent: str | None
) -> Mapping[str, TwilioResource]:
    """Register a tenant's resources below its component; return them by name.

    Only ids flow between them: in the preview of an update every output is unknown, an id is not.
    """
    registered: dict[str, TwilioResource] = {}
    for resource in resources:
        props = {
            **resource.spec.props(),
            **_filter_known("owner_account_sid", parent),
            **_link_inputs(resource, registered),
        }
        registered[resource.name] = RESOURCES[resource.kind](
            resource.name, props, _build_options(resource, component, registered)
        )
    return registered


def _filter_known(field: str, value: str | None) -> Mapping[str, str]:
    return {field: value} if value else {}


def _link_inputs(resource: Resource, registered: Mapping[str, TwilioResource]) -> Mapping[str, Any]:
    """Return the ids that a resource needs of those registered before it, the account of them first."""
    if resource.kind == "subaccount":
        return {}
    slug = resource.name.partition("/")[0]
    linked = KINDS[resource.kind].linked_names(resource.name)
    return {"account_sid": registered[slug].id, **{field: registered[name].id for field, name in linked.items()}}


def _build_options(
    resource: Resource, component: pulumi.Resource, registered: Mapping[str, TwilioResource]
) -> pulumi.ResourceOptions:
    account = registered.get(resource.name.partition("/")[0])
    return pulumi.ResourceOptions(
        parent=component,
        protect=resource.protect,
        retain_on_delete=resource.retain_on_delete or None,
        deleted_with=account if resource.deleted_with_account else None,
        ignore_changes=["*"] if resource.ignored else None,
        depends_on=list(registered.values()) if resource.kind == "account_state" else None,
    )
