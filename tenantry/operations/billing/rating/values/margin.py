"""What a statement leaves us: revenue less cost. For us only."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from tenantry.operations.billing.rating.values.internal_statement import InternalStatement, RatedTenant
from tenantry.operations.billing.rating.values.line import sum_lines


@dataclass(frozen=True, slots=True)
class Margin:
    """Revenue of a month without tax, corrections and adjustments, and all that Twilio charges us for it."""

    revenue: Decimal
    cost: Fraction
    amount: Fraction
    percent: Fraction | None
    """Of the revenue; None where there is none."""


def compute_margin(statement: InternalStatement) -> Margin | None:
    """Return the margin in the statement's currency; None where a cost is in another one without a rate."""
    costs = [_find_cost(tenant) for tenant in statement.tenants]
    known = [cost for cost in costs if cost is not None]
    if len(known) < len(costs):
        return None
    revenue = sum_lines(line for line in statement.own_lines if line.kind != "tax")
    cost = sum(known, Fraction(0))
    amount = Fraction(revenue) - cost
    return Margin(revenue, cost, amount, amount * 100 / Fraction(revenue) if revenue else None)


def _find_cost(tenant: RatedTenant) -> Fraction | None:
    cost, exchange = Fraction(tenant.reconciliation.total), tenant.parts[-1].part.terms.exchange
    if tenant.cost_currency in (None, tenant.currency):
        return cost
    return None if exchange is None else cost * Fraction(exchange.rate)
