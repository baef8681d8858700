"""What the user's application is told when a statement is closed: the statement itself, and credits that run out."""

from collections.abc import Iterator
from decimal import Decimal

from tenantry.ledger.notices import NewNotice
from tenantry.ledger.values import StackRef
from tenantry.model.charge import Credits
from tenantry.operations.billing.bill import StatementPlan
from tenantry.operations.billing.rating.values.internal_statement import InternalStatement, RatedTenant

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
    for charge, label in _list_credit_charges(tenant):
        uses = [use for use in tenant.lots if use.lot.charge == charge]
        remaining, bought = (
            sum((use.remaining for use in uses), Decimal(0)),
            sum((use.lot.units for use in uses), Decimal(0)),
        )
        if remaining and remaining >= LOW * bought:
            continue
        kind, amount = ("credits.low", f"{remaining:f} units") if remaining else ("credits.empty", "no units")
        payload = {
            "customer": plan.customer.slug,
            "tenant": tenant.month.tenant,
            "label": label,
            "units_left": f"{remaining:f}",
            "text": f"{label}: {amount} are left of your credits.",
        }
        yield NewNotice(kind, "customer", stack, payload, tenant.month.tenant, plan.customer.slug)


def _list_credit_charges(tenant: RatedTenant) -> Iterator[tuple[str, str]]:
    """Yield the name and label of each charge that is paid with credits, whether a lot was bought for it or not."""
    labels = {
        name: charge.label
        for part in tenant.parts
        for name, charge in part.part.terms.charges.items()
        if isinstance(charge, Credits)
    }
    yield from sorted(labels.items())
