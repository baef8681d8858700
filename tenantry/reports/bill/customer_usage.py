"""What a tenant used in a month, for the customer's page in the vendor's product: `usage.json`.

Units by charge, in the customer's words; nothing of cost, category, SID or commit.
"""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from tenantry.reports.bill.figure import Document, Figure
from tenantry.reports.bill.our_document import OurDocument
from tenantry.reports.bill.our_parts import OurCharge, OurTenant
from tenantry.reports.schema import publish_schema
from tenantry.text.json_text import json_text


class UsedUnits(Document):
    """What was used of a charge that counts something."""

    label: str
    used: Figure
    included: Figure | None = Field(description="units in the fee; null where none are, or all")
    is_unlimited: bool = Field(description="whether all units are in the fee")


class CreditsLeft(Document):
    """A pack of credits, and what is left of it."""

    label: str
    units: Figure
    used: Figure
    remaining: Figure
    credits: Figure
    credits_remaining: Figure
    first_day: date
    last_day: date


class CustomerUsage(Document):
    """What one tenant used in a month; a draft's figures may still grow."""

    format: Literal[1] = 1
    status: Literal["draft", "closed"]
    name: str
    first_day: date
    last_day: date
    as_of: datetime | None = Field(description="up to when everything is counted")
    charges: tuple[UsedUnits, ...]
    credits: tuple[CreditsLeft, ...]


def customer_usage(document: OurDocument, slug: str) -> CustomerUsage:
    """Return what a tenant of a statement used; raises KeyError where the tenant is not on it."""
    tenant = next((found for found in document.tenants if found.tenant == slug), None)
    if tenant is None:
        raise KeyError(slug)
    return CustomerUsage(
        status=document.status,
        name=tenant.name,
        first_day=tenant.parts[0].first_day,
        last_day=tenant.parts[-1].last_day,
        as_of=tenant.as_of,
        charges=tuple(_charges(tenant)),
        credits=tuple(
            CreditsLeft(**{name: getattr(lot, name) for name in CreditsLeft.model_fields}) for lot in tenant.lots
        ),
    )


def customer_usage_json(document: OurDocument, slug: str) -> str:
    """Return the same as JSON."""
    return json_text(customer_usage(document, slug).plain())


def customer_usage_schema() -> dict[str, Any]:
    """Return the JSON Schema of the document."""
    return publish_schema("Tenantry: what a customer used", CustomerUsage)


def _charges(tenant: OurTenant) -> Iterator[UsedUnits]:
    """Yield each charge once, its parts of the month added up."""
    by_name: dict[str, list[OurCharge]] = {}
    for part in tenant.parts:
        for charge in part.charges:
            if charge.counts is not None:
                by_name.setdefault(charge.name, []).append(charge)
    for charges in by_name.values():
        included = [charge.included for charge in charges if charge.included is not None]
        yield UsedUnits(
            label=charges[-1].label,
            used=sum((charge.units for charge in charges), Decimal(0)),
            included=sum(included, Decimal(0)) if included else None,
            is_unlimited=charges[-1].is_unlimited,
        )
