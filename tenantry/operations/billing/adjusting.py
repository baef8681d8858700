"""What a person does to statements by hand: an amount on the next one, or making a closed one void."""

from collections.abc import Mapping
from decimal import Decimal

from tenantry.ledger.adjustments import Adjustment, NewAdjustment, add_adjustment
from tenantry.ledger.closing import void_statement
from tenantry.ledger.connection import Ledger
from tenantry.ledger.errors import RefusedError
from tenantry.ledger.statements import Statement, find_statement
from tenantry.ledger.values import Recorded, StackRef
from tenantry.model.money import MoneyError, nano_of, to_minor_units
from tenantry.model.tenant import Tenant
from tenantry.text.spelling import closest


def adjust_tenant(
    ledger: Ledger,
    stack: StackRef,
    tenants: Mapping[str, Tenant],
    slug: str,
    *,
    amount: Decimal,
    reason: str,
    ref: str,
    by: str,
) -> Recorded[Adjustment]:
    """Record an amount for a tenant's next statement, in the currency of its terms; raises RefusedError."""
    tenant = tenants.get(slug)
    if tenant is None:
        close = closest(slug, tenants)
        hint = f" Did you mean '{close}'?" if close else ""
        raise RefusedError(f"There is no tenant '{slug}'.{hint} Nothing was written.")
    if tenant.terms is None:
        raise RefusedError(f"{slug} has no terms, so it gets no statement. Nothing was written.")
    currency = tenant.terms.currency
    try:
        to_minor_units(amount, currency)
    except (ValueError, ArithmeticError):
        raise RefusedError(
            f"{amount} is no amount of {currency.upper()}: it has a part of a minor unit. Nothing was written."
        ) from None
    if not amount:
        raise RefusedError("An adjustment of 0 changes nothing. Nothing was written.")
    try:
        nano = nano_of(amount)
    except MoneyError as error:
        raise RefusedError(f"{error}. Nothing was written.") from None
    return add_adjustment(ledger, NewAdjustment(stack, slug, nano, currency, reason, ref, by))


def void_of_stack(ledger: Ledger, stack: StackRef, number: str, *, reason: str, by: str) -> Recorded[Statement]:
    """Make a closed statement of this stack void; raises RefusedError."""
    found = find_statement(ledger, number)
    if found is not None and found.owner.stack != stack:
        of_stack = f"the stack '{found.owner.stack.stack}' below {found.owner.stack.parent}"
        raise RefusedError(f"{number} is a statement of {of_stack}. Nothing was written. Name that stack with --stack.")
    return void_statement(ledger, number, reason=reason, by=by)
