"""What one customer may see of a month: its own messages, and what was agreed. Nothing of ours is in it."""

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction

from tenantry.manifest.load import Loaded
from tenantry.model.usage_period import UsagePeriod
from tenantry.operations.health.facts import DAY, Facts
from tenantry.operations.health.gather import Answer
from tenantry.operations.health.report import hundredths
from tenantry.operations.health.values import CustomerHealth, CustomerTenant
from tenantry.text.some import first_of

NAMED = 5
"""So many customers are named in an error."""


class CustomerError(ValueError):
    """The tenants are not those of one customer; the text says so."""


def customer_of(loaded: Loaded, slugs: Sequence[str]) -> str:
    """Return the one customer whose tenants these are; raises CustomerError."""
    customers = sorted({loaded.tenants[slug].customer_key for slug in slugs if slug in loaded.tenants})
    if len(customers) != 1:
        named = first_of(customers, NAMED) or "nobody"
        raise CustomerError(f"--for customer is about one customer, and these tenants are of {named}; name one tenant")
    return customers[0]


def tenants_of(loaded: Loaded, customer: str) -> frozenset[str]:
    """Return the slugs of a customer's tenants."""
    return frozenset(slug for slug, tenant in loaded.tenants.items() if tenant.customer_key == customer)


def report_customer(
    loaded: Loaded, customer: str, answers: Sequence[Answer], month: UsagePeriod, now: datetime
) -> CustomerHealth:
    """Return a month of a customer, up to now."""
    last = min(month.last, now.date())
    file = loaded.customers.get(customer)
    name = file.customer.name if file else next(loaded.tenants[slug].name for slug in tenants_of(loaded, customer))
    return CustomerHealth(
        format=1,
        customer=name,
        first=month.first,
        last=month.last,
        days=(last - month.first) // DAY + 1,
        accounts=tuple(_tenant(answer.facts, loaded, month) for answer in answers),
    )


def _tenant(facts: Facts, loaded: Loaded, month: UsagePeriod) -> CustomerTenant:
    days = [day for day in facts.days if month.first <= day.day <= month.last]
    delivered, undelivered = sum(day.delivered for day in days), sum(day.undelivered for day in days)
    total = delivered + undelivered
    agreed = facts.slo.delivered_percent if facts.slo else None
    reached = Fraction(delivered, total) if total else None
    return CustomerTenant(
        name=loaded.tenants[facts.tenant].name,
        messages=sum(day.messages for day in days),
        delivered=delivered,
        undelivered=undelivered,
        by_recipient=sum(day.excluded for day in days),
        reached_percent=None if reached is None else hundredths(reached),
        agreed_percent=None if agreed is None else f"{agreed:f}",
        met=None if agreed is None or reached is None else reached * 100 >= Fraction(agreed),
        days_known=len(days),
    )
