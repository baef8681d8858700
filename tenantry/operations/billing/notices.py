"""What the user's application is told when a statement is closed: the statement itself, and credits that run out."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from tenantry.ledger.notices import NewNotice
from tenantry.ledger.values import StackRef
from tenantry.operations.billing.bill import StatementPlan
from tenantry.operations.billing.internal_statement import InternalStatement, LotUse, RatedTenant

LOW = Decimal("0.1")
"""Credits are low where less than this share of the units is left that the lots had."""


def statement_notices(stack: StackRef, plan: StatementPlan, statement: InternalStatement) -> tuple[NewNotice, ...]:
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
    return (closed, *(notice for tenant in statement.tenants for notice in _credit_notices(stack, plan, tenant)))


def _credit_notices(stack: StackRef, plan: StatementPlan, tenant: RatedTenant) -> Iterator[NewNotice]:
    by_charge: defaultdict[str, list[LotUse]] = defaultdict(list)
    for use in tenant.lots:
        by_charge[use.lot.charge].append(use)
    for charge, uses in sorted(by_charge.items()):
        remaining = sum((use.remaining for use in uses), Decimal(0))
        bought = sum((use.lot.units for use in uses), Decimal(0))
        if remaining and remaining >= LOW * bought:
            continue
        kind, amount = ("credits.low", f"{remaining:f} units") if remaining else ("credits.empty", "no units")
        payload = {
            "customer": plan.customer.slug,
            "tenant": tenant.month.tenant,
            "charge": charge,
            "units_left": f"{remaining:f}",
            "text": f"{uses[0].label}: {amount} are left of your credits.",
        }
        yield NewNotice(kind, "customer", stack, payload, tenant.month.tenant, plan.customer.slug)
