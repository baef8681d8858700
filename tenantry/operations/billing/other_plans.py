"""What tenants would have on other plans: for hints to us, never to the customer."""

from collections.abc import Iterable

from tenantry.manifest.load import Loaded
from tenantry.model.terms import Terms
from tenantry.operations.billing.rating.values.inputs import TenantMonth


def find_other_plans(loaded: Loaded, months: Iterable[TenantMonth]) -> dict[str, dict[str, Terms]]:
    """Return the terms of the other plans in the same currency, by slug and plan.

    Only of a tenant whose terms of the whole month are those of its plan: what it has of its own on top might mean
    something else on another plan.
    """
    return {month.tenant: _list_others(loaded, month) for month in months}


def _list_others(loaded: Loaded, month: TenantMonth) -> dict[str, Terms]:
    plans = loaded.plan_terms
    tenant = loaded.tenants.get(month.tenant)
    own = plans.get(tenant.plan) if tenant is not None and tenant.plan is not None else None
    if tenant is None or own is None or [dated.terms for dated in month.terms] != [own]:
        return {}
    return {name: terms for name, terms in plans.items() if name != tenant.plan and terms.currency == own.currency}
