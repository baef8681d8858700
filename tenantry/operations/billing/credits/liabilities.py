"""What is still owed of the credits that customers bought: paid, and not used by a closed statement yet."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from tenantry.ledger.connection import Ledger
from tenantry.ledger.credits import Lot, list_lots, sum_used_units
from tenantry.ledger.values import StackRef
from tenantry.model.money import decimal_of, round_half_up


@dataclass(frozen=True)
class Liability:
    """What is still owed of one lot: units that were paid and not used, on a day."""

    tenant: str
    charge: str
    pack: str
    ref: str
    last_day: date
    units_left: Decimal
    credits_left: Decimal
    value: Decimal
    """Its share of the price, in `currency`."""
    currency: str


def list_liabilities(ledger: Ledger, stack: StackRef, now: datetime) -> tuple[Liability, ...]:
    """Return what closed statements left of each lot that has not expired, by tenant and last day."""
    used, today = sum_used_units(ledger, stack), now.date()
    rows = (_describe(lot, used.get(lot.id, Decimal(0))) for lot in list_lots(ledger, stack))
    kept = [row for row in rows if row.units_left and row.last_day >= today]
    return tuple(sorted(kept, key=lambda row: (row.tenant, row.last_day, row.ref)))


def _describe(lot: Lot, used: Decimal) -> Liability:
    purchase, remaining = lot.purchase, lot.purchase.units - used
    share = Fraction(remaining) / Fraction(purchase.units)
    return Liability(
        tenant=purchase.tenant,
        charge=purchase.charge,
        pack=purchase.pack,
        ref=purchase.ref,
        last_day=purchase.last_day,
        units_left=remaining,
        credits_left=round_half_up(share * Fraction(purchase.credits), "usd"),
        value=round_half_up(share * Fraction(decimal_of(purchase.price)), purchase.currency),
        currency=purchase.currency,
    )
