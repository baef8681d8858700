"""The statements of a month side by side, for us: who gets one, what it comes to, what it costs us."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from tenantry.model.money import round_half_up
from tenantry.operations.billing.bill import Bill, BilledStatement
from tenantry.reports.bill.documents import find_our_document
from tenantry.reports.bill.our_document import OurDocument
from tenantry.reports.bill.words import money_text
from tenantry.text.counts import format_count
from tenantry.text.plain import plain

NO_LEDGER = "There is no ledger, so drafts lack purchases of credits, adjustments and corrections."
NAMED = 5
"""So many names are written, and the others are counted."""
LABELS = ("draft", "closed", "closed now", "refused", "failed")


@dataclass(frozen=True)
class FleetRow:
    """One statement, with everything about it where it could be rated."""

    billed: BilledStatement
    document: OurDocument | None

    @property
    def owner(self) -> str:
        """The customer, and the tenant where it is another name: `elm`, `oak/oak-north`."""
        billed = self.billed
        return billed.customer if billed.tenant in ("", billed.customer) else f"{billed.customer}/{billed.tenant}"

    @property
    def status(self) -> str:
        """What became of it, in a word."""
        if self.billed.is_failed:
            return "failed"
        return "closed now" if self.billed.is_new else self.billed.status

    @property
    def total(self) -> Decimal | None:
        """What the customer pays; None where there is no statement."""
        total, currency = self.billed.total, self.billed.currency
        return None if total is None or currency is None else round_half_up(total, currency)


@dataclass(frozen=True)
class FleetSum:
    """The sums of all statements in a currency; `cost` and `margin` are None where one of them is unknown."""

    currency: str
    statements: int
    total: Decimal
    revenue: Decimal
    cost: Fraction | None
    margin: Fraction | None


def list_fleet(bill: Bill) -> tuple[FleetRow, ...]:
    """Return each statement of a bill with its document."""
    return tuple(FleetRow(billed, find_our_document(billed)) for billed in bill.statements)


def sum_fleet(rows: Iterable[FleetRow]) -> tuple[FleetSum, ...]:
    """Return the sums by currency, of statements that are not refused."""
    by_currency: dict[str, list[FleetRow]] = {}
    for row in rows:
        if row.total is not None and row.billed.currency is not None:
            by_currency.setdefault(row.billed.currency, []).append(row)
    return tuple(_sum(currency, found) for currency, found in sorted(by_currency.items()))


def _sum(currency: str, rows: list[FleetRow]) -> FleetSum:
    margins = [row.document.margin if row.document else None for row in rows]
    known = [margin for margin in margins if margin is not None]
    is_known = len(known) == len(margins)
    return FleetSum(
        currency=currency,
        statements=len(rows),
        total=sum((row.total or Decimal(0) for row in rows), Decimal(0)),
        revenue=sum((margin.revenue for margin in known), Decimal(0)),
        cost=sum((Fraction(margin.cost) for margin in known), Fraction(0)) if is_known else None,
        margin=sum((Fraction(margin.amount) for margin in known), Fraction(0)) if is_known else None,
    )


def summarise_bill(bill: Bill, rows: tuple[FleetRow, ...]) -> str:
    """Return counts and totals in a sentence: `3 statements: 2 closed, 1 refused; 1 tenant left out. 153.60 USD.`"""
    statuses = [row.status for row in rows]
    counts = ", ".join(f"{statuses.count(label)} {label}" for label in LABELS if label in statuses)
    parts = [f"{format_count(len(rows), 'statement')}{': ' if counts else ''}{counts}"]
    if bill.left_out:
        parts.append(f"{format_count(len({problem.tenant for problem in bill.left_out}), 'tenant')} left out")
    totals = " and ".join(money_text(found.total, found.currency) for found in sum_fleet(rows))
    return f"{'; '.join(parts)}.{f' {totals}.' if totals else ''}"


def notes_of_bill(bill: Bill) -> Iterator[str]:
    """Yield what a reader must know before the figures."""
    if not bill.has_ledger:
        yield NO_LEDGER
    if not bill.period.is_over(bill.now):
        yield "The month is not over: usage will grow."
    yield from map(plain, bill.notes)
    if not bill.statements and bill.unbilled:
        yield _describe_unbilled(bill.unbilled)


def _describe_unbilled(tenants: tuple[str, ...]) -> str:
    names = ", ".join(tenants[:NAMED]) + (f" and {len(tenants) - NAMED:,} more" if len(tenants) > NAMED else "")
    return (
        f"No day of the month is billed for {plain(names)}: the account was made later, or `billed_from` or "
        "`billed_until` say so."
    )
