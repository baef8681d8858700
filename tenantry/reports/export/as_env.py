"""The export of one tenant as lines for a shell: the variables that its application reads."""

import shlex
from collections.abc import Iterator
from pathlib import Path

from tenantry.operations.export.choose import ChosenKey
from tenantry.operations.export.values import ExportedTenant
from tenantry.twilio.credentials import EXPORTED


def as_env(tenant: ExportedTenant, key: ChosenKey | None, secret_file: Path | None) -> str:
    """Return a line for each variable; a secret is never among them, only the file that holds it."""
    return "".join(f"{name}={shlex.quote(value)}\n" for name, value in _list_variables(tenant, key, secret_file))


def _list_variables(
    tenant: ExportedTenant, key: ChosenKey | None, secret_file: Path | None
) -> Iterator[tuple[str, str]]:
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
