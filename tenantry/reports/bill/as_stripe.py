"""Closed statements as invoice items for Stripe: JSON lines, each the parameters of one and its idempotency key.

https://docs.stripe.com/api/invoiceitems/create, https://docs.stripe.com/currencies
"""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from tenantry.model.money import decimals_of
from tenantry.operations.billing.bill import Bill
from tenantry.reports.bill.customer_document import CustomerDocument, LineDocument
from tenantry.reports.bill.export import Export, Exported, ExportError, Ids, closed_statements
from tenantry.reports.bill.words import line_text, price_text, quantity_text
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
    items = [_item(found, number, line, days) for number, (line, days) in enumerate(_lines(document), 1)]
    amounts = [item["params"]["amount"] for item in items]
    if sum(amounts) != _minor_units(document.total, document.currency):
        raise ExportError(f"the lines of {found.number} do not add up to its total; it is not exported.")
    if len(items) > MOST_ITEMS:
        raise ExportError(
            f"{found.number} has {len(items)} lines, and Stripe takes {MOST_ITEMS} an invoice; it is not exported."
        )
    return items


def _lines(document: CustomerDocument) -> Iterator[tuple[LineDocument, tuple[date, date]]]:
    """Yield each line with the days it is for; what follows the sections is for the whole period."""
    for section in document.sections:
        yield from ((line, (section.first_day, section.last_day)) for line in section.lines)
    yield from ((line, (document.first_day, document.last_day)) for line in document.lines)


def _item(found: Exported, number: int, line: LineDocument, days: tuple[date, date]) -> dict[str, Any]:
    currency = found.document.currency
    return {
        "idempotency_key": f"tenantry-{found.number}-{number}",
        "params": {
            "customer": found.customer,
            "amount": _minor_units(line.amount, currency),
            "currency": currency,
            "description": visible(_description(line, currency)),
            "discountable": False,
            "period": {"start": _timestamp(days[0]), "end": _timestamp(days[1], DAY - SECOND)},
            "metadata": {"statement": found.number, "line": str(number)},
        },
    }


def _description(line: LineDocument, currency: str) -> str:
    text = line_text(line)
    if line.quantity is None:
        return text
    price = "" if line.unit_price is None else f" × {price_text(line.unit_price, currency)}"
    return f"{text}: {quantity_text(line.quantity)}{price}"


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
