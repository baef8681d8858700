"""Sentences about cost, margin and readings. Never for a customer."""

from collections.abc import Iterator

from tenantry.reports.bill.our_document import OurDocument
from tenantry.reports.bill.our_parts import OurCharge, OurCorrection, OurLot, OurMargin, OurTenant
from tenantry.reports.bill.words import amount_text, cost_text, exact_text, quantity_text


def tenant_text(tenant: OurTenant) -> str:
    """Return whose usage it is, under which terms, and up to when Twilio had counted."""
    as_of = f"{tenant.as_of:%Y-%m-%d %H:%M} UTC" if tenant.as_of else "an unknown time"
    return f"{tenant.name} ({tenant.tenant}), {tenant.account_sid}, terms of {tenant.commit[:12]}, usage as of {as_of}"


def covered_text(charge: OurCharge) -> str:
    """Return the usage categories that a charge covers."""
    return ", ".join(charge.categories) or "everything else"


def reconciliation_text(tenant: OurTenant) -> Iterator[str]:
    """Yield where Twilio's total went, what nobody covers, and why readings differ."""
    books = tenant.reconciliation
    names = ("covered", "rest", "absorbed", "uncovered", "unexplained")
    parts = [f"{name} {cost_text(getattr(books, name))}" for name in names if getattr(books, name) or name == "covered"]
    yield f"Twilio's total {cost_text(books.total, tenant.cost_currency)} = {' + '.join(parts)}"
    for category, amount in books.uncovered_categories.items():
        yield f"no charge covers {category}: {cost_text(amount, tenant.cost_currency)}"
    yield from books.notes


def lot_text(lot: OurLot) -> str:
    """Return what the month used of a lot, and what is left."""
    figures = (
        f"{quantity_text(lot.used)} used, {quantity_text(lot.expired)} expired, {quantity_text(lot.remaining)} left"
    )
    days = f"{lot.first_day} to {lot.last_day}"
    return f"credits for {lot.charge}: {lot.pack}, {lot.ref}, {days}, {quantity_text(lot.units)} units: {figures}"


def margin_text(margin: OurMargin, currency: str) -> str:
    """Return `Margin: revenue 93.62 − cost 34.4408 = 59.1792 USD (63.2 %)`."""
    percent = f" ({margin.percent} %)" if margin.percent else ""
    revenue, cost = amount_text(margin.revenue, currency), exact_text(margin.cost, currency)
    return f"Margin: revenue {revenue} − cost {cost} = {cost_text(margin.amount, currency)}{percent}"


def ignored_corrections(document: OurDocument) -> tuple[OurCorrection, ...]:
    """Return the corrections that are too small to be billed, and that are not 0."""
    return tuple(correction for correction in document.corrections if correction.is_ignored and correction.lines)
