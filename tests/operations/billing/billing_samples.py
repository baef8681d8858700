"""Terms, usage and months to rate, with few words."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from tenantry.model.terms import Terms
from tenantry.model.usage_period import UsagePeriod, month_of
from tenantry.model.usage_reading import TOTAL, UsageReading
from tenantry.operations.billing.rating.costs.figures import collect_figures
from tenantry.operations.billing.rating.rate_statement import rate_statement
from tenantry.operations.billing.rating.values.inputs import BilledCustomer, DatedTerms, Lot, MonthUsage, TenantMonth
from tenantry.operations.billing.rating.values.internal_statement import InternalStatement
from tenantry.operations.billing.rating.values.problems import RatingError

MARCH = month_of(2026, 3)
ACME = BilledCustomer("acme", "Acme Dental")
PRICE = Decimal("0.0079")
SMS = {"label": "Text messages", "quantity": "count"}
OVERAGE = SMS | {"strategy": "tiers_with_overage", "included": 100, "overage_price": Decimal("0.50")}
CREDITS = SMS | {
    "strategy": "credits",
    "packs": {"p100": {"credits": 100, "units": 500, "price": Decimal(10), "days": 365}},
    "when_empty": {"price": Decimal("0.03")},
}


def terms(charges: Mapping[str, Any] | None = None, base: str | None = "49.99", **more: Any) -> Terms:
    """Return terms in usd with a charge for text messages, unless other charges are given."""
    fees = {"base": Decimal(base)} if base is not None else {}
    data = {"currency": "usd", "fees": fees, "charges": {"sms": OVERAGE} if charges is None else charges}
    return Terms.model_validate(data | more)


def reading(day: date, category: str, units: Any, price: Any = None, **more: Any) -> UsageReading:
    """Return a daily reading; without a price, a unit costs 0.0079."""
    count = Decimal(units)
    values: dict[str, Any] = {
        "tenant": "acme",
        "account_sid": "AC" + "5" * 32,
        "period": UsagePeriod(day, day),
        "granularity": "day",
        "category": category,
        "count": count,
        "count_unit": "messages",
        "usage": count,
        "usage_unit": "messages",
        "price": count * PRICE if price is None else Decimal(price),
        "price_unit": "usd",
        "as_of": None,
    }
    return UsageReading(**values | more)


def usage(*days: UsageReading) -> MonthUsage:
    """Return usage of these days, with its totals, by day and of the month."""
    totals = [reading(row.period.first, TOTAL, 0, row.price, usage=row.price) for row in days if row.price is not None]
    daily = (*days, *totals)
    return MonthUsage(tuple(collect_figures(daily).values()), daily)


def sms(by_day: Mapping[int, int], period: UsagePeriod = MARCH) -> MonthUsage:
    """Return text messages by day of the month."""
    return usage(*(reading(period.first.replace(day=day), "sms", count) for day, count in by_day.items()))


def month(*dated: Terms | tuple[date, Terms], used: MonthUsage | None = None, **more: Any) -> TenantMonth:
    """Return a tenant's month; the first terms are in force, others come with their day."""
    period = more.pop("period", MARCH)
    listed = (DatedTerms(period.first, item) if isinstance(item, Terms) else DatedTerms(*item) for item in dated)
    tenant = more.pop("tenant", "acme")
    found = MonthUsage(()) if used is None else used
    return TenantMonth(tenant, f"Tenant {tenant}", period, tuple(listed), more.pop("usage", found), **more)


def lot(number: int, first: date, last: date, units: int = 500, **more: Any) -> Lot:
    """Return a lot of 100 credits for text messages."""
    values: dict[str, Any] = {"charge": "sms", "pack": "p100", "credits": Decimal(100), "price": Decimal(10)}
    values |= {"currency": "usd", "ref": f"INV-{number}", "units_left": Decimal(units)}
    return Lot(id=number, units=Decimal(units), first_day=first, last_day=last, **values | more)


def rate(*months: TenantMonth, customer: BilledCustomer = ACME, **more: Any) -> InternalStatement:
    """Return the statement of these months."""
    return rate_statement(customer, months, **more)


def amounts(statement: InternalStatement) -> dict[str, str]:
    """Return each line's amount by what it is: the end of its key."""
    return {line.key.partition("/")[2]: str(line.amount) for line in statement.lines}


def problems_of(*months: TenantMonth, customer: BilledCustomer = ACME, **more: Any) -> list[str]:
    """Return the codes of the problems for which there is no statement."""
    try:
        rate_statement(customer, months, **more)
    except RatingError as error:
        return [problem.code for problem in error.problems]
    return []
