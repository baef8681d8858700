"""Purchases and liabilities as text or JSON."""

from collections.abc import Sequence
from decimal import Decimal

from tenantry.operations.billing.purchases import Liability, RecordedPurchase
from tenantry.text.json_text import json_text
from tenantry.text.plain import plain

FORMATS = ("text", "json")


def render_purchases(recorded: Sequence[RecordedPurchase], form: str) -> str:
    """Return what was recorded, and what had been recorded before."""
    if form == "json":
        return json_text({"format": 1, "purchases": [_purchase(row) for row in recorded]})
    return "\n".join(_purchase_line(row) for row in recorded)


def render_liabilities(rows: Sequence[Liability], form: str) -> str:
    """Return what is still owed of each lot, and the sum by currency."""
    totals: dict[str, Decimal] = {}
    for row in rows:
        totals[row.currency] = totals.get(row.currency, Decimal(0)) + row.value
    if form == "json":
        sums = {currency: f"{total:f}" for currency, total in sorted(totals.items())}
        return json_text({"format": 1, "lots": [_liability(row) for row in rows], "totals": sums})
    lines = [
        f"{row.tenant}/{row.charge}  {row.pack}  {plain(row.ref)}  until {row.last_day}  "
        f"{row.units_left:,f} units  {row.credits_left:f} credits  {row.value:,f} {row.currency.upper()}"
        for row in rows
    ]
    lines += [f"owed: {total:,f} {currency.upper()}" for currency, total in sorted(totals.items())]
    return "\n".join(lines) or "Nothing is owed: no lot has units left."


def _purchase(row: RecordedPurchase) -> dict[str, object]:
    return {
        "is_new": row.is_new,
        "tenant": row.tenant,
        "charge": row.charge,
        "pack": row.pack,
        "units": f"{row.units:f}",
        "credits": f"{row.credits:f}",
        "price": f"{row.price.normalize():f}",
        "currency": row.currency,
        "first_day": row.first_day.isoformat(),
        "last_day": row.last_day.isoformat(),
        "ref": row.ref,
    }


def _purchase_line(row: RecordedPurchase) -> str:
    done = "recorded" if row.is_new else "was recorded before"
    days = f"{row.first_day} to {row.last_day}"
    return f"{done}: {row.tenant} bought {row.pack} for {row.charge}, {days} ({plain(row.ref)})"


def _liability(row: Liability) -> dict[str, object]:
    return {
        "tenant": row.tenant,
        "charge": row.charge,
        "pack": row.pack,
        "ref": row.ref,
        "last_day": row.last_day.isoformat(),
        "units_left": f"{row.units_left:f}",
        "credits_left": f"{row.credits_left:f}",
        "value": f"{row.value:f}",
        "currency": row.currency,
    }
