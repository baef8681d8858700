"""Closed statements as invoice items for Stripe: JSON lines, each the parameters of one and its idempotency key.

https://docs.stripe.com/api/invoiceitems/create, https://docs.stripe.com/currencies
"""

import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from tenantry.model.money import decimals_of
from tenantry.operations.billing.bill import Bill
from tenantry.reports.bill.export import Export, Exported, ExportError, ExportLine, Ids, closed_statements, list_lines
from tenantry.reports.bill.words import price_text, quantity_text
from tenantry.text.plain import visible

DECIMALS = {"isk": 2, "ugx": 2, "mga": 0}
"""Where Stripe's minor unit is not that of ISO 4217: 5 UGX are 500, 5 MGA are 5."""
MOST_ITEMS = 250
"""Of one invoice."""
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def as_stripe(bill: Bill, ids: Ids) -> Export:
    """Return a line for each line of each closed statement; the amounts of a statement add up to its total."""
    lines: list[str] = []
    problems: list[str] = []
    for found in closed_statements(bill, "stripe", ids):
        if isinstance(found, str):
            problems.append(found)
            continue
        try:
            lines += [json.dumps(item) for item in _items(found)]
        except ExportError as error:
            problems.append(f"{found.document.customer}: {error}")
    return Export("".join(f"{line}\n" for line in lines), tuple(problems))


def _items(found: Exported) -> list[dict[str, Any]]:
    document = found.document
    items = [_item(found, number, line) for number, line in enumerate(list_lines(document), 1)]
    amounts = [item["params"]["amount"] for item in items]
    if sum(amounts) != _minor_units(document.total, document.currency):
        raise ExportError(f"the lines of {found.number} do not add up to its total; it is not exported.")
    if len(items) > MOST_ITEMS:
        raise ExportError(
            f"{found.number} has {len(items)} lines, and Stripe takes {MOST_ITEMS} an invoice; it is not exported."
        )
    return items


def _item(found: Exported, number: int, row: ExportLine) -> dict[str, Any]:
    """Return a line for the days of its section; what follows the sections is for the whole period."""
    currency, days = found.document.currency, row.section or found.document
    return {
        "idempotency_key": f"tenantry-{found.number}-{number}",
        "params": {
            "customer": found.customer,
            "amount": _minor_units(row.line.amount, currency),
            "currency": currency,
            "description": visible(_description(row, currency)),
            "discountable": False,
            "period": {"start": _timestamp(days.first_day), "end": _timestamp(days.last_day, DAY - SECOND)},
            "metadata": {"statement": found.number, "line": str(number)},
        },
    }


def _description(row: ExportLine, currency: str) -> str:
    line = row.line
    if line.quantity is None:
        return row.text
    price = "" if line.unit_price is None else f" × {price_text(line.unit_price, currency)}"
    return f"{row.text}: {quantity_text(line.quantity)}{price}"


def _minor_units(amount: Decimal, currency: str) -> int:
    """Return an amount in Stripe's minor units; raises ExportError where it takes no such amount."""
    decimals = DECIMALS.get(currency, decimals_of(currency))
    scaled = amount.scaleb(decimals)
    units = int(scaled)
    if scaled != units or (decimals == 3 and units % 10):
        finest = "hundredths" if decimals == 3 else "whole amounts"
        raise ExportError(f"Stripe takes {currency.upper()} in {finest} alone, not {amount}; it is not exported.")
    return units


def _timestamp(day: date, later: timedelta = timedelta()) -> int:
    return int((datetime.combine(day, time(), UTC) + later).timestamp())
