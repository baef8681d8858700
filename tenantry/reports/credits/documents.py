"""Purchases of credits and what is still owed of them, as they are published."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from tenantry.model.money import round_half_up
from tenantry.operations.billing.credits.liabilities import Liability
from tenantry.operations.billing.credits.purchases import RecordedPurchase
from tenantry.reports.bill.figure import Document, Figure, shorten_price
from tenantry.reports.schema import publish_schema


class PurchaseRow(Document):
    """A pack that was bought."""

    is_new: bool = Field(description="false where the same purchase was recorded before")
    tenant: str
    charge: str
    pack: str
    units: Figure
    credits: Figure
    price: Figure
    currency: str
    first_day: date
    last_day: date = Field(description="included")
    ref: str


class Purchases(Document):
    """What was recorded."""

    format: Literal[1] = 1
    purchases: tuple[PurchaseRow, ...]


class LotRow(Document):
    """What is still owed of one lot."""

    tenant: str
    charge: str
    pack: str
    ref: str
    last_day: date
    units_left: Figure
    credits_left: Figure
    value: Figure = Field(description="its share of the price")
    currency: str


class Liabilities(Document):
    """What is still owed of all lots that have not expired."""

    format: Literal[1] = 1
    lots: tuple[LotRow, ...]
    totals: dict[str, Figure] = Field(description="the sum of the values, by currency")


def describe_purchases(recorded: Sequence[RecordedPurchase]) -> Purchases:
    """Return purchases as they are published."""
    return Purchases(purchases=tuple(map(_purchase, recorded)))


def describe_liabilities(rows: Sequence[Liability]) -> Liabilities:
    """Return what is owed as it is published."""
    totals: dict[str, Decimal] = {}
    for row in rows:
        totals[row.currency] = totals.get(row.currency, round_half_up(Decimal(0), row.currency)) + row.value
    return Liabilities(lots=tuple(map(LotRow.model_validate, rows)), totals=dict(sorted(totals.items())))


def purchases_schema() -> dict[str, Any]:
    """Return the JSON Schema of recorded purchases."""
    return publish_schema("Tenantry: credits that were bought", Purchases)


def liabilities_schema() -> dict[str, Any]:
    """Return the JSON Schema of what is owed."""
    return publish_schema("Tenantry: credits that are still owed", Liabilities)


def _purchase(row: RecordedPurchase) -> PurchaseRow:
    values = {name: getattr(row, name) for name in PurchaseRow.model_fields}
    return PurchaseRow(**values | {"price": shorten_price(row.price, row.currency)})
