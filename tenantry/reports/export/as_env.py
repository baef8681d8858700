"""The export of one tenant as lines for a shell: the variables that its application reads."""

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tenantry.manifest.sentence import did_you_mean
from tenantry.operations.export.gather import ExportError
from tenantry.operations.export.values import Export, ExportedTenant
from tenantry.twilio.credentials import EXPORTED


@dataclass(frozen=True)
class ChosenKey:
    """The key that an application is to use."""

    name: str
    generation: int
    sid: str


def the_tenant(export: Export) -> ExportedTenant:
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


def chosen_key(tenant: ExportedTenant, name: str | None) -> ChosenKey | None:
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


def as_env(tenant: ExportedTenant, key: ChosenKey | None, secret_file: Path | None) -> str:
    """Return a line for each variable; a secret is never among them, only the file that holds it."""
    return "".join(f"{name}={shlex.quote(value)}\n" for name, value in _variables(tenant, key, secret_file))


def _variables(tenant: ExportedTenant, key: ChosenKey | None, secret_file: Path | None) -> Iterator[tuple[str, str]]:
    # The last line lets our own commands tell this account from the parent's, whose variables have the same names.
    yield "TWILIO_ACCOUNT_SID", str(tenant.account_sid)
    if key is not None:
        yield "TWILIO_API_KEY", key.sid
    if secret_file is not None:
        yield "TWILIO_API_KEY_SECRET_FILE", str(secret_file)
    if tenant.per_request.content_retention:
        yield "TWILIO_CONTENT_RETENTION", tenant.per_request.content_retention
    if tenant.per_request.address_retention:
        yield "TWILIO_ADDRESS_RETENTION", tenant.per_request.address_retention
    yield EXPORTED, str(tenant.account_sid)
