"""What a person does to statements by hand: an amount on the next one, or making a closed one void."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from tenantry.ledger.adjustments import NewAdjustment, add_adjustment
from tenantry.ledger.closing import void_statement
from tenantry.ledger.connection import Ledger
from tenantry.ledger.errors import RefusedError
from tenantry.ledger.statements import find_statement, list_accounts
from tenantry.ledger.values import StackRef
from tenantry.model.money import MoneyError, nano_of, to_minor_units
from tenantry.model.tenant import Tenant
from tenantry.text.spelling import closest

_AMOUNT = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]+)?")


@dataclass(frozen=True)
class AskedAmount:
    """An amount as a person asks for it, as text; the customer reads the reason."""

    tenant: str
    amount: str
    reason: str
    ref: str
    by: str


@dataclass(frozen=True)
class RecordedAmount:
    """An amount for the next statement; `is_new` is false where it was recorded before."""

    is_new: bool
    tenant: str
    amount: Decimal
    currency: str
    ref: str


@dataclass(frozen=True)
class VoidStatement:
    """A statement that does not count any more; its month is open again for its tenants."""

    is_new: bool
    number: str
    month: str
    tenants: tuple[str, ...]


def adjust_tenant(ledger: Ledger, stack: StackRef, tenants: Mapping[str, Tenant], asked: AskedAmount) -> RecordedAmount:
    """Record an amount for a tenant's next statement, in the currency of its terms; raises RefusedError."""
    amount, currency = _read_amount(asked.amount), _find_currency(tenants, asked.tenant)
    try:
        to_minor_units(amount, currency)
        nano = nano_of(amount)
    except MoneyError as error:
        raise RefusedError(f"{error}. Nothing was written.") from None
    except ValueError:
        raise RefusedError(
            f"{amount} is no amount of {currency.upper()}: it has a part of a minor unit. Nothing was written."
        ) from None
    recorded = add_adjustment(
        ledger, NewAdjustment(stack, asked.tenant, nano, currency, asked.reason, asked.ref, asked.by)
    )
    return RecordedAmount(recorded.is_new, asked.tenant, amount, currency, asked.ref)


def _read_amount(text: str) -> Decimal:
    if not _AMOUNT.fullmatch(text.strip()):
        raise RefusedError(f"--amount: '{text}' is no amount of money; write one such as -12.50. Nothing was written.")
    amount = Decimal(text.strip())
    if not amount:
        raise RefusedError("An adjustment of 0 changes nothing. Nothing was written.")
    return amount


def _find_currency(tenants: Mapping[str, Tenant], slug: str) -> str:
    tenant = tenants.get(slug)
    if tenant is None:
        close = closest(slug, tenants)
        own = sorted(name for name, found in tenants.items() if found.customer_key == slug)
        hint = f" Did you mean '{close}'?" if close else ""
        if own:
            hint = f" That is a customer, and an amount is for one of its tenants: {', '.join(own)}."
        raise RefusedError(f"There is no tenant '{slug}'.{hint} Nothing was written.")
    if tenant.terms is None:
        raise RefusedError(f"{slug} has no terms, so it gets no statement. Nothing was written.")
    return tenant.terms.currency


def make_void(ledger: Ledger, stack: StackRef, number: str, *, reason: str, by: str) -> VoidStatement:
    """Make a closed statement of this stack void; raises RefusedError."""
    found = find_statement(ledger, number)
    if found is not None and found.owner.stack != stack:
        of_stack = f"the stack '{found.owner.stack.stack}' below {found.owner.stack.parent}"
        raise RefusedError(f"{number} is a statement of {of_stack}. Nothing was written. Name that stack with --stack.")
    recorded = void_statement(ledger, number, reason=reason, by=by)
    tenants = tuple(account.tenant for account in list_accounts(ledger, number))
    return VoidStatement(recorded.is_new, number, recorded.value.owner.month, tenants)
