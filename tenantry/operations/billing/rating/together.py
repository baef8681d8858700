"""A customer's own values: laid over the terms of its tenants, and used once where it has one statement for all."""

from collections.abc import Iterator
from dataclasses import replace

from tenantry.model.terms import CustomerTerms, Terms
from tenantry.operations.billing.rating.values.inputs import NO_TERMS, BilledCustomer, DatedTerms, TenantMonth
from tenantry.operations.billing.rating.values.problems import BillingProblem

REPLACED = ("currency", "discount", "minimum", "tax", "net_days")
"""What a customer's file may say."""
ONCE = ("discount", "minimum", "tax")
"""What a statement for several tenants has once, so that no tenant may have its own beside it."""


def lay_over(month: TenantMonth, customer: BilledCustomer) -> TenantMonth:
    """Return a tenant's month with the customer's values instead of the tenant's own."""
    if customer.terms is NO_TERMS:
        return month
    values = _list_values(customer.terms)
    if not values:
        return month
    return replace(month, terms=tuple(_replace_values(dated, values) for dated in month.terms))


def find_own_values(customer: BilledCustomer, months: tuple[TenantMonth, ...]) -> Iterator[BillingProblem]:
    """Yield each value that a tenant sets beside a customer with one statement for all that does not."""
    missing = [name for name in ONCE if getattr(customer.terms, name) is None] if customer.together else []
    for month in months:
        for name in missing:
            if any(getattr(dated.terms, name) is not None for dated in month.terms):
                sentence = (
                    f"sets {name}, and its customer {customer.slug} has one statement for all its tenants; "
                    f"write {name} in customers/{customer.slug}.yaml"
                )
                yield BillingProblem("tenant_beside_customer", month.tenant, sentence)


def _list_values(terms: CustomerTerms) -> dict[str, object]:
    given = {name: getattr(terms, name) for name in REPLACED}
    return {name: value for name, value in given.items() if value is not None}


def _replace_values(dated: DatedTerms, values: dict[str, object]) -> DatedTerms:
    terms: Terms = dated.terms.model_copy(update=values)
    return DatedTerms(dated.first_day, terms)
