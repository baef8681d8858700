"""Which tenant and which of its keys an application is to use."""

from dataclasses import dataclass

from tenantry.manifest.sentence import did_you_mean
from tenantry.operations.export.gather import ExportError
from tenantry.operations.export.values import Export, ExportedTenant


@dataclass(frozen=True)
class ChosenKey:
    """The key that an application is to use."""

    name: str
    generation: int
    sid: str


def find_only_tenant(export: Export) -> ExportedTenant:
    """Return the only tenant of an export, which must have an account; raises ExportError."""
    if len(export.tenants) != 1:
        raise ExportError(
            f"--format env is for exactly one tenant, not {len(export.tenants)}: name it with --only SLUG, "
            "or take --format json"
        )
    tenant = export.tenants[0]
    if tenant.account_sid is None:
        why = "it is made when the tenant is active" if tenant.waiting else "it is made by `tenantry up`"
        raise ExportError(f"{tenant.tenant} has no account that an application could use: {why}")
    return tenant


def choose_key(tenant: ExportedTenant, name: str | None) -> ChosenKey | None:
    """Return the current generation of the key of this name, or of the only one; None if there is no key at all.

    Raises ExportError where it is not clear which key is meant, and where the one that is meant is not made yet.
    """
    names = list(tenant.api_keys)
    if name is None and not names:
        return None
    if name is None and len(names) > 1:
        raise ExportError(f"{tenant.tenant} has {len(names)} API keys: choose one with --key: {', '.join(names)}")
    chosen = name or names[0]
    if chosen not in tenant.api_keys:
        hint = did_you_mean(chosen, names) or f"; it has {', '.join(names) or 'none'}"
        raise ExportError(f"--key {chosen}: {tenant.tenant} has no such API key in the stack's state{hint}")
    current = tenant.api_keys[chosen].current_generation
    if current is None or current.sid is None:
        raise ExportError(
            f"the API key {chosen} of {tenant.tenant} is not made yet: it waits until the tenant is active"
        )
    return ChosenKey(chosen, current.generation, current.sid)
