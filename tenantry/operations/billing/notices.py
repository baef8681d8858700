"""What the user's application is told when a statement is closed: the statement itself, and credits that run out."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from tenantry.ledger.notices import NewNotice
from tenantry.ledger.values import StackRef
from tenantry.model.charge import Credits
from tenantry.model.notices import NoticeType
from tenantry.operations.billing.bill import StatementPlan
from tenantry.operations.billing.rating.values.internal_statement import InternalStatement, LotUse, RatedTenant

LOW = Decimal("0.1")
"""Credits are low where less than this share of the units is left that the lots had."""


def make_notices(stack: StackRef, plan: StatementPlan, statement: InternalStatement) -> tuple[NewNotice, ...]:
    """Return what is told with a closed statement; customers may read every word of it."""
    payload = {
        "number": statement.number,
        "customer": plan.customer.slug,
        "month": f"{statement.period.first:%Y-%m}",
        "total": f"{statement.total:f}",
        "currency": statement.currency,
        "text": f"Your statement {statement.number} is ready: {statement.total:f} {statement.currency.upper()}.",
    }
    closed = NewNotice("statement.closed", "customer", stack, payload, plan.tenant or None, plan.customer.slug)
    return (closed, *(notice for tenant in statement.tenants for notice in _make_credit_notices(stack, plan, tenant)))


def _make_credit_notices(stack: StackRef, plan: StatementPlan, tenant: RatedTenant) -> Iterator[NewNotice]:
    """Yield a notice for each charge whose credits run out, by the charge's label: its name may be a category."""
    for name, charge in _find_credit_charges(tenant).items():
        uses = [use for use in tenant.lots if use.lot.charge == name]
        remaining = sum((use.remaining for use in uses), Decimal(0))
        if not (_is_low(uses, remaining) if uses else _has_stopped(tenant, name, charge)):
            continue
        payload = {
            "customer": plan.customer.slug,
            "tenant": tenant.month.tenant,
            "label": charge.label,
            "units_left": f"{remaining:f}",
            "text": f"{charge.label}: {f'{remaining:f} units' if remaining else 'no units'} are left of your credits.",
        }
        kind: NoticeType = "credits.low" if remaining else "credits.empty"
        yield NewNotice(kind, "customer", stack, payload, tenant.month.tenant, plan.customer.slug)


def _is_low(uses: Sequence[LotUse], remaining: Decimal) -> bool:
    """Return whether little or nothing is left of lots that had units in this month."""
    return not remaining or remaining < LOW * sum((use.lot.units for use in uses), Decimal(0))


def _has_stopped(tenant: RatedTenant, name: str, charge: Credits) -> bool:
    """Return whether units were used that nobody pays; a tenant that uses none, or pays for each, needs no notice."""
    used = sum((rated.units for part in tenant.parts for rated in part.charges if rated.name == name), Decimal(0))
    return charge.when_empty == "stop" and used > 0


def _find_credit_charges(tenant: RatedTenant) -> dict[str, Credits]:
    """Return each charge that is paid with credits, by its name, whether a lot was bought for it or not."""
    return {
        name: charge
        for part in tenant.parts
        for name, charge in sorted(part.part.terms.charges.items())
        if isinstance(charge, Credits)
    }
