"""Rating a statement: its tenants' fees and charges, discount, minimum, corrections, adjustments, tax, in this order.

    rate_statement(customer, months, adjustments, corrections) -> InternalStatement

Pure: no file, clock or network; the same values in any order give the same statement.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from tenantry.model.money import to_minor_units
from tenantry.model.usage_reading import add_exactly
from tenantry.operations.billing.rating.closing_lines import find_closing_terms, rate_discount, rate_minimum, rate_tax
from tenantry.operations.billing.rating.costs.coverage import TOLERANCE
from tenantry.operations.billing.rating.rate_tenant import rate_tenant
from tenantry.operations.billing.rating.together import find_own_values, lay_over
from tenantry.operations.billing.rating.values.inputs import Adjustment, BilledCustomer, TenantMonth
from tenantry.operations.billing.rating.values.internal_statement import Correction, InternalStatement, RatedTenant
from tenantry.operations.billing.rating.values.line import Line, sum_lines
from tenantry.operations.billing.rating.values.problems import BillingProblem, RatingError

ADJUSTMENT = "Adjustment"


def rate_statement(
    customer: BilledCustomer,
    months: Sequence[TenantMonth],
    adjustments: Iterable[Adjustment] = (),
    corrections: Iterable[Correction] = (),
) -> InternalStatement:
    """Return a draft: of several tenants where the customer has one statement for all, else of one.

    Raises RatingError with the problems of all its tenants; ValueError for several months, for several tenants of a
    customer with a statement each, and for an adjustment with a part of a minor unit.
    """
    adjusted, carried = tuple(adjustments), tuple(corrections)
    tenants = _rate_tenants(customer, months)
    terms = find_closing_terms(customer, tenants)
    _check_currencies(terms.currency, tenants, adjusted, carried)
    charged = sum_lines(chain(*[tenant.lines for tenant in tenants]))
    discount = rate_discount(terms, customer.slug, charged)
    rest = charged + (discount.amount if discount else 0)
    minimum = rate_minimum(terms, customer.slug, rest)
    names = {tenant.month.tenant: tenant.month.name for tenant in tenants} if customer.together else {}
    adjustment_lines = tuple(_make_adjustment_line(adjustment, names.get(adjustment.tenant)) for adjustment in adjusted)
    base = rest + (minimum.amount if minimum else 0) + sum_lines(adjustment_lines)
    return InternalStatement(
        customer=customer,
        period=tenants[0].month.period,
        currency=terms.currency,
        tenants=tenants,
        discount=discount,
        minimum=minimum,
        corrections=carried,
        adjustments=adjustment_lines,
        tax=rate_tax(terms, customer.slug, base),
        tax_is_external=terms.tax == "external",
        net_days=terms.net_days,
        refusals=tuple(refusal for tenant in tenants for refusal in _find_refusals(tenant)),
    )


def _rate_tenants(customer: BilledCustomer, months: Sequence[TenantMonth]) -> tuple[RatedTenant, ...]:
    if not months or (len(months) > 1 and len({month.period for month in months}) > 1):
        raise ValueError("a statement is of one month, and of a tenant at least")
    if len(months) > 1 and not customer.together:
        raise ValueError(f"customer {customer.slug} has a statement for each tenant")
    problems = list(find_own_values(customer, tuple(months)))
    rated = []
    for month in sorted(months, key=lambda month: month.tenant):
        try:
            rated.append(rate_tenant(lay_over(month, customer)))
        except RatingError as error:
            problems.extend(error.problems)
    if problems:
        raise RatingError(tuple(problems))
    return tuple(rated)


def _check_currencies(
    currency: str,
    tenants: tuple[RatedTenant, ...],
    adjustments: tuple[Adjustment, ...],
    corrections: tuple[Correction, ...],
) -> None:
    """Raise RatingError for everything on a statement that is in another currency than the statement."""
    if len(tenants) == 1 and not adjustments and not corrections:
        return  # the statement's currency is its tenant's
    problems = [
        *(_differ(t.month.tenant, "its terms are", t.currency, currency) for t in tenants if t.currency != currency),
        *(
            _differ(adjustment.tenant, f"the adjustment {adjustment.ref} is", adjustment.currency, currency)
            for adjustment in adjustments
            if adjustment.currency != currency
        ),
        *(
            _differ(tenants[0].month.tenant, f"the correction of {item.number} is", item.currency, currency)
            for item in corrections
            if item.currency != currency
        ),
    ]
    if problems:
        raise RatingError(tuple(problems))


def _differ(tenant: str, subject: str, found: str, currency: str) -> BillingProblem:
    return BillingProblem("currencies_differ", tenant, f"{subject} in {found}, and the statement is in {currency}")


def _make_adjustment_line(adjustment: Adjustment, name: str | None) -> Line:
    """Return the line; `name` is the tenant's where the statement is for several."""
    to_minor_units(adjustment.amount, adjustment.currency)
    rule = f"adjusted by hand, {adjustment.ref}"
    key, amount = f"{adjustment.tenant}/adjustments/{adjustment.ref}", adjustment.amount
    detail = f"{name}, {adjustment.reason}" if name else adjustment.reason
    return Line(key, "adjustment", ADJUSTMENT, detail, None, None, amount, amount, rule)


def _find_refusals(tenant: RatedTenant) -> Iterator[BillingProblem]:
    """Yield why a statement with this tenant can't be closed."""
    books = tenant.reconciliation
    if not books.uncovered:
        return
    outside = books.uncovered - add_exactly(amount for _, amount in books.uncovered_categories)
    named = [f"{category} {amount:f}" for category, amount in books.uncovered_categories]
    listed = ", ".join([*named, f"{outside:f} in no category"] if outside > TOLERANCE else named)
    amount = f"{books.uncovered:f} {tenant.cost_currency}"
    sentence = (
        f"no charge covers {amount} of Twilio's total ({listed}); "
        'charge it, with "*" perhaps, or name it in terms.absorbed'
    )
    yield BillingProblem("uncovered_cost", tenant.month.tenant, sentence)
