"""Credits: lots that customers bought, and what statements used of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from tenantry.ledger.connection import Ledger
from tenantry.ledger.errors import OutdatedError, TakenRefError
from tenantry.ledger.journal import record_fact
from tenantry.ledger.values import Recorded, Row, StackRef, day_of, instant_of, quantity, stamp
from tenantry.model.money import Nano

_COLUMNS = "parent, stack, tenant, charge, pack, credits, units, price, currency, first_day, last_day, ref, by, at"
_SELECT = f"SELECT id, {_COLUMNS} FROM credit_lots"  # noqa: S608  # our own names


@dataclass(frozen=True)
class Purchase:
    """A pack that a tenant bought, with the pack's figures of that day; paid elsewhere."""

    stack: StackRef
    tenant: str
    charge: str
    pack: str
    credits: Decimal
    units: Decimal
    price: Nano
    currency: str
    first_day: date
    last_day: date
    """Both days included."""
    ref: str
    """The reference of the payment: the same one is never recorded twice."""
    by: str


@dataclass(frozen=True)
class Lot:
    """A purchase as the ledger has it."""

    id: int
    purchase: Purchase
    at: datetime


@dataclass(frozen=True)
class CreditUse:
    """Units of a lot that a statement used in a month; negative where a correction gives units back."""

    lot: int
    month: str
    units: Decimal


def add_purchases(ledger: Ledger, purchases: Iterable[Purchase]) -> tuple[Recorded[Lot], ...]:
    """Record purchases, all or none; the same one again is the first one. Raises TakenRefError where a ref is taken."""
    with ledger.writing_facts():
        return tuple(_add(ledger, purchase) for purchase in purchases)


def _add(ledger: Ledger, purchase: Purchase) -> Recorded[Lot]:
    stack = purchase.stack
    found = ledger.row(f"{_SELECT} WHERE parent = ? AND ref = ?", stack.parent, purchase.ref)
    if found:
        return Recorded(_require_same(_read_lot(found), purchase), is_new=False)
    at = ledger.now()
    values = (stack.parent, stack.stack, purchase.tenant, purchase.charge, purchase.pack)
    figures = (quantity(purchase.credits), quantity(purchase.units), purchase.price, purchase.currency)
    days = (purchase.first_day.isoformat(), purchase.last_day.isoformat())
    row = (*values, *figures, *days, purchase.ref, purchase.by, stamp(at))
    number = ledger.insert_numbered("credit_lots", _COLUMNS, row)
    record_fact(ledger, "purchase", f"{stack.parent}/{purchase.ref}", *row)
    return Recorded(Lot(number, purchase, at), is_new=True)


def list_lots(ledger: Ledger, stack: StackRef, tenant: str | None = None) -> tuple[Lot, ...]:
    """Return the lots of a tenant, or of all in the stack, in the order in which they were recorded."""
    sql, values = f"{_SELECT} WHERE parent = ? AND stack = ?", [stack.parent, stack.stack]
    if tenant is not None:
        sql, values = f"{sql} AND tenant = ?", [*values, tenant]
    return tuple(map(_read_lot, ledger.rows(f"{sql} ORDER BY id", *values)))


def sum_used_units(ledger: Ledger, stack: StackRef, *, before: str | None = None) -> Mapping[int, Decimal]:
    """Return what closed statements used of each lot, by the lot's id; of months before one alone, if it is given."""
    rows = ledger.rows(
        "SELECT u.lot, u.month, u.units FROM credit_uses u JOIN statements s ON s.number = u.statement "
        "WHERE s.parent = ? AND s.stack = ? AND s.status = 'closed'",
        *(stack.parent, stack.stack),
    )
    sums: defaultdict[int, Decimal] = defaultdict(Decimal)
    for lot, month, units in rows:
        if before is None or month < before:
            sums[lot] += Decimal(units)
    return dict(sums)


def list_uses(ledger: Ledger, statement: str) -> Mapping[int, Decimal]:
    """Return what one statement used of each lot, by the lot's id; corrections that it carries are not its own use."""
    rows = ledger.rows(
        "SELECT u.lot, u.units FROM credit_uses u JOIN statements s ON s.number = u.statement "
        "WHERE u.statement = ? AND u.month = s.month",
        statement,
    )
    return {lot: Decimal(units) for lot, units in rows}


def insert_uses(ledger: Ledger, stack: StackRef, statement: str, uses: Iterable[CreditUse]) -> None:
    """Write what a statement uses, in its transaction; raises OutdatedError where a lot has not so many units left."""
    wanted = tuple(uses)
    used = sum_used_units(ledger, stack) if wanted else {}
    sums: defaultdict[int, Decimal] = defaultdict(Decimal, used)
    for use in wanted:
        sums[use.lot] += use.units
        ledger.insert(
            "credit_uses",
            "statement, lot, month, units",
            (statement, use.lot, use.month, quantity(use.units)),
        )
    units = {lot.id: lot.purchase.units for lot in list_lots(ledger, stack)} if wanted else {}
    for lot in {use.lot for use in wanted}:
        if not 0 <= sums[lot] <= units.get(lot, Decimal(-1)):
            raise OutdatedError(
                f"The statement would use {sums[lot]:f} units of the lot {lot}, which had {units.get(lot, 0)}. "
                "Nothing was closed. Rate it again."
            )


def _require_same(found: Lot, purchase: Purchase) -> Lot:
    first = found.purchase
    if _list_figures(first) != _list_figures(purchase):
        raise TakenRefError(
            f"The reference '{purchase.ref}' is that of a purchase of {first.tenant} ({first.pack} on "
            f"{first.first_day}), recorded by {first.by}. Nothing was written. Use a reference of its own."
        )
    return found


def _list_figures(purchase: Purchase) -> tuple[object, ...]:
    whose = (purchase.stack, purchase.tenant, purchase.charge, purchase.pack, purchase.currency, purchase.price)
    return (*whose, purchase.credits, purchase.units, purchase.first_day, purchase.last_day)


def _read_lot(row: Row) -> Lot:
    number, parent, stack, tenant, charge, pack, credit, units, price, currency, first, last, ref, by, at = row
    purchase = Purchase(
        stack=StackRef(parent, stack),
        tenant=tenant,
        charge=charge,
        pack=pack,
        credits=Decimal(credit),
        units=Decimal(units),
        price=Nano(price),
        currency=currency,
        first_day=day_of(first),
        last_day=day_of(last),
        ref=ref,
        by=by,
    )
    return Lot(number, purchase, instant_of(at))
