"""The export as CSV (RFC 4180), for people and their spreadsheets: a row for each key of each tenant."""

import csv
import io
from collections.abc import Iterator, Mapping

from tenantry.operations.export.values import Export, ExportedKey, ExportedTenant
from tenantry.text.csv_cell import safe_cell

COLUMNS = (
    "tenant",
    "customer",
    "name",
    "managed",
    "state",
    "status",
    "close_after",
    "account_sid",
    "plan",
    "profiles",
    "content_retention",
    "address_retention",
    "api_key",
    "access",
    "generation",
    "api_key_sid",
    "secret_known",
    "held_since",
    "deliver_to",
)
"""The fixed columns; a column for each label follows. New ones are added behind these."""


def as_csv(export: Export) -> str:
    """Return a header and a row for each key, with its current generation; a tenant without keys has one row."""
    labels = sorted({label for tenant in export.tenants for label in tenant.labels})
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([*COLUMNS, *(f"label.{label}" for label in labels)])
    for tenant in export.tenants:
        for key in _list_keys(tenant):
            row = {**_of_tenant(tenant), **key}
            cells = [row.get(column, "") for column in COLUMNS]
            writer.writerow(safe_cell(cell) for cell in [*cells, *(tenant.labels.get(label, "") for label in labels)])
    return text.getvalue()


def _of_tenant(tenant: ExportedTenant) -> Mapping[str, str]:
    return {
        "tenant": tenant.tenant,
        "customer": tenant.customer or "",
        "name": tenant.name or "",
        "managed": _write_truth(tenant.managed),
        "state": tenant.state or "",
        "status": tenant.status or "",
        "close_after": tenant.close_after.isoformat() if tenant.close_after else "",
        "account_sid": tenant.account_sid or "",
        "plan": tenant.plan or "",
        "profiles": " ".join(tenant.profiles),
        "content_retention": tenant.per_request.content_retention or "",
        "address_retention": tenant.per_request.address_retention or "",
    }


def _list_keys(tenant: ExportedTenant) -> Iterator[Mapping[str, str]]:
    for name, key in tenant.api_keys.items():
        yield {
            "api_key": name,
            "access": _write_access(key),
            "deliver_to": " ".join(key.deliver_to),
            **_write_current(key),
        }
    if not tenant.api_keys:
        yield {}


def _write_access(key: ExportedKey) -> str:
    return key.access if isinstance(key.access, str) else " ".join(key.access)


def _write_current(key: ExportedKey) -> Mapping[str, str]:
    current = key.current_generation
    if current is None:
        return {}
    return {
        "generation": str(current.generation),
        "api_key_sid": current.sid or "",
        "secret_known": _write_truth(current.secret_known),
        "held_since": current.held_since.isoformat(timespec="seconds") if current.held_since else "",
    }


def _write_truth(truth: bool) -> str:
    return "true" if truth else "false"
