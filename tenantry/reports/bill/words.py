"""Figures and sentences of statements that several formats share."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from tenantry.model.money import decimals_of, round_half_up, round_to
from tenantry.model.usage_period import month_of
from tenantry.reports.bill.customer_document import CustomerDocument, PurchaseDocument, SectionDocument
from tenantry.reports.bill.figure import shorten_price

DRAFT = "DRAFT. This is no invoice: it has no number, and its amounts may still change."
EXTERNAL_TAX = "Amounts are without tax, which is billed separately."
MEMO = "Bought and paid already; not part of the total."
INTERNAL = "Internal: costs and margins. Never for a customer."
TENTH = Decimal("0.1")
MILLIONTH = Decimal("0.000001")


class Named(Protocol):
    """What has a label and a detail: a line, whoever reads it."""

    @property
    def label(self) -> str: ...
    @property
    def detail(self) -> str: ...


def line_text(line: Named) -> str:
    """Return what a line is for: `Text messages, above 100 included`."""
    return f"{line.label}, {line.detail}" if line.detail else line.label


def amount_text(amount: Decimal, currency: str) -> str:
    """Return an amount in minor units: `1,234.50`, `1,234` in yen."""
    return f"{amount:,.{decimals_of(currency)}f}"


def money_text(amount: Decimal, currency: str) -> str:
    """Return an amount with its currency: `1,234.50 USD`."""
    return f"{amount_text(amount, currency)} {currency.upper()}"


def price_text(price: Decimal | None, currency: str) -> str:
    """Return the price of a unit with all its digits, and no fewer than the currency has: `0.0075`, `2.00`."""
    return "" if price is None else f"{shorten_price(price, currency):,f}"


def quantity_text(quantity: Decimal | None) -> str:
    """Return a quantity with all its digits and no zeros at its end: `2,312`, `1.5`; empty where there is none."""
    return "" if quantity is None else f"{shorten_price(quantity, 'jpy'):,f}"


def cost_text(cost: Decimal | str, currency: str | None = None) -> str:
    """Return a cost, or a share of it, to the millionth: `34.4408 USD`; it may be a fraction as text."""
    text = exact_text(cost, currency or "usd")
    return f"{text} {currency.upper()}" if currency else text


def exact_text(amount: Decimal | Fraction | str, currency: str) -> str:
    """Return an amount to the millionth, with no fewer decimals than the currency has: `59.1792`, `1,234` in yen."""
    return f"{shorten_price(round_to(Fraction(amount), MILLIONTH), currency):,f}"


def days_text(first: date, last: date) -> str:
    """Return `March 2026` for a whole month, else `2026-03-15 to 2026-03-31`."""
    month = month_of(first.year, first.month)
    return f"{first:%B %Y}" if (month.first, month.last) == (first, last) else f"{first} to {last}"


def title_text(document: CustomerDocument) -> str:
    """Return `Statement OWL-2026-000001`, or `DRAFT statement`."""
    return f"Statement {document.number}" if document.number else "DRAFT statement"


def notes_of(document: CustomerDocument) -> tuple[str, ...]:
    """Return what a reader must know before the figures."""
    notes = ((document.status == "draft", DRAFT), (document.tax_is_external, EXTERNAL_TAX))
    return tuple(sentence for is_so, sentence in notes if is_so)


def facts_of(document: CustomerDocument) -> tuple[tuple[str, str], ...]:
    """Return pairs of a name and a value: who, when, until when, how much."""
    pairs = (
        ("Customer", document.name),
        ("Number", document.number or "none: a draft"),
        ("Period", f"{document.first_day} to {document.last_day} (UTC, both days included)"),
        ("Date", str(document.closed_on) if document.closed_on else ""),
        ("Due", str(document.due_on) if document.due_on else ""),
        ("Total", money_text(document.total, document.currency)),
    )
    return tuple(pair for pair in pairs if pair[1])


def section_title(section: SectionDocument) -> str:
    """Return whose fees and charges these are, and of which days."""
    return f"{section.name}, {days_text(section.first_day, section.last_day)}"


def has_subtotals(document: CustomerDocument) -> bool:
    """Return whether anything follows a section, so that its own sum says something."""
    return len(document.sections) > 1 or bool(document.lines)


def charged_sum(document: CustomerDocument) -> Decimal:
    """Return the sum of all sections."""
    return round_half_up(sum((section.subtotal for section in document.sections), Decimal(0)), document.currency)


def purchase_text(purchase: PurchaseDocument) -> str:
    """Return `2026-03-02: 100 credits (500 units), INV-A`."""
    bought = f"{quantity_text(purchase.credits)} credits ({quantity_text(purchase.units)} units)"
    return f"{purchase.day}: {purchase.label}, {bought}, {purchase.ref}"


def percent_text(part: Fraction, whole: Fraction) -> str:
    """Return a share in percent to a tenth: `63.2 %`; empty where there is no whole."""
    if not whole:
        return ""
    return f"{round_to(part * 100 / whole, TENTH):f} %"
