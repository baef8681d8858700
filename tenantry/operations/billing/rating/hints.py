"""Hints for us, never for the customer: another plan that would be cheaper, a price below the cost."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from tenantry.model.charge import Fixed, TiersWithOverage
from tenantry.model.terms import Terms
from tenantry.model.usage_reading import EXACT
from tenantry.operations.billing.rating.rate_statement import rate_statement
from tenantry.operations.billing.rating.values.inputs import BilledCustomer, DatedTerms, TenantMonth
from tenantry.operations.billing.rating.values.internal_statement import InternalStatement, RatedTenant
from tenantry.operations.billing.rating.values.problems import RatingError


def add_hints(statement: InternalStatement, plans: Mapping[str, Mapping[str, Terms]]) -> InternalStatement:
    """Return a statement with its hints. `plans` has each tenant's effective terms on other plans, by slug and plan."""
    hints = [
        *_find_cheaper_plans(statement, plans),
        *(hint for tenant in statement.tenants for hint in _find_prices_below_cost(tenant)),
    ]
    return replace(statement, hints=tuple(hints))


def _find_cheaper_plans(statement: InternalStatement, plans: Mapping[str, Mapping[str, Terms]]) -> Iterator[str]:
    """Yield each plan on which one tenant's whole month would cost its customer less."""
    months = [tenant.month for tenant in statement.tenants]
    charged = rate_statement(statement.customer, months).total
    for index, month in enumerate(months):
        for plan, terms in sorted(plans.get(month.tenant, {}).items()):
            other = replace(month, terms=(DatedTerms(month.period.first, terms),))
            total = _rate_total(statement.customer, [*months[:index], other, *months[index + 1 :]])
            if total is not None and total < charged:
                yield f"{month.tenant}: {plan} would be {total}, not {charged}"


def _rate_total(customer: BilledCustomer, months: Sequence[TenantMonth]) -> Decimal | None:
    try:
        return rate_statement(customer, months).total
    except RatingError:
        return None


def _find_prices_below_cost(tenant: RatedTenant) -> Iterator[str]:
    """Yield each price of a unit that is below what its units cost on average, in the same currency."""
    if tenant.cost_currency != tenant.currency:
        return
    for rated in tenant.parts:
        for charge in rated.charges:
            terms = rated.part.terms.charges[charge.name]
            price = _find_unit_price(terms)
            if price is not None and charge.cost > EXACT.multiply(price, charge.units):
                costs = f"{charge.units:,f} units cost {charge.cost:f}"
                yield f"{tenant.month.tenant}: {charge.name} has a unit price of {price}, and {costs}"


def _find_unit_price(charge: object) -> Decimal | None:
    match charge:
        case Fixed(price=price):
            return price
        case TiersWithOverage(overage_price=price):
            return price
    return None
