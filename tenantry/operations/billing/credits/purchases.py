"""Purchases of credits: recorded with the pack's figures of that day, all of them or none."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from tenantry.ledger.connection import Ledger
from tenantry.ledger.credits import Lot, Purchase, add_purchases
from tenantry.ledger.errors import LedgerError
from tenantry.ledger.values import Recorded, StackRef
from tenantry.model.charge import Credits
from tenantry.model.money import decimal_of, nano_of
from tenantry.model.tenant import Tenant
from tenantry.text.plain import plain

Place = tuple[int, int]
"""Line and column, from 1."""


@dataclass(frozen=True)
class Asked:
    """A purchase as a person asks for it, not yet looked up; `on` is None where the day could not be read."""

    tenant: str
    charge: str
    pack: str
    on: date | None
    expires: date | None
    ref: str


@dataclass(frozen=True)
class AskedRow:
    """A purchase, and where a file asks for it; one of the command line has no place."""

    asked: Asked
    file: str = ""
    places: Mapping[str, Place] = field(default_factory=dict)
    """Of each column's cell."""
    faults: tuple[tuple[str, str], ...] = ()
    """What can't be read of it: the column, and a sentence."""

    def locate(self, column: str) -> str:
        """Return where a column's cell is: `bought.csv:3:6`; empty without a file."""
        line, place = self.places.get(column, (0, 0))
        return f"{self.file}:{line}:{place}" if line else self.file


@dataclass(frozen=True)
class PurchaseProblem:
    """One thing that is wrong: where it stands, and a sentence."""

    where: str
    order: Place
    sentence: str

    def __str__(self) -> str:
        text = plain(self.sentence)  # a cell may hold the end of a line
        return f"{self.where}: {text}" if self.where else text


class PurchaseError(Exception):
    """Purchases that can't be recorded; one problem each, in the order of the file. Nothing was written."""

    def __init__(self, problems: Iterable[PurchaseProblem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.order))
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True)
class Desk:
    """What purchases are checked against and written to."""

    ledger: Ledger
    stack: StackRef
    tenants: Mapping[str, Tenant]
    today: date
    by: str

    def find_charges(self, slug: str) -> Mapping[str, Credits]:
        """Return the charges of a tenant that are paid with credits, by name."""
        terms = self.tenants[slug].terms
        return {
            name: charge for name, charge in (terms.charges if terms else {}).items() if isinstance(charge, Credits)
        }


@dataclass(frozen=True)
class RecordedPurchase:
    """A purchase as the ledger has it; `is_new` is false where it was there before."""

    is_new: bool
    tenant: str
    charge: str
    pack: str
    units: Decimal
    credits: Decimal
    price: Decimal
    currency: str
    first_day: date
    last_day: date
    ref: str


def write_purchases(desk: Desk, rows: Iterable[AskedRow]) -> tuple[RecordedPurchase, ...]:
    """Record purchases that were checked (`check_purchases`); raises LedgerError, and nothing was written."""
    return tuple(map(_describe, add_purchases(desk.ledger, _make_purchases(desk, rows))))


def _make_purchases(desk: Desk, rows: Iterable[AskedRow]) -> Iterator[Purchase]:
    for row in rows:
        asked = row.asked
        terms, charge = desk.tenants[asked.tenant].terms, desk.find_charges(asked.tenant).get(asked.charge)
        if terms is None or charge is None or asked.on is None:
            raise LedgerError(f"The purchase {asked.ref} was not checked. Nothing was written. Report this as a bug.")
        pack = charge.packs[asked.pack]
        yield Purchase(
            stack=desk.stack,
            tenant=asked.tenant,
            charge=asked.charge,
            pack=asked.pack,
            credits=Decimal(pack.credits),
            units=Decimal(pack.units),
            price=nano_of(pack.price),
            currency=terms.currency,
            first_day=asked.on,
            last_day=find_last_day(asked.on, asked.expires, pack.days),
            ref=asked.ref,
            by=desk.by,
        )


def find_last_day(on: date, expires: date | None, days: int) -> date:
    """Return the last day on which a pack counts: the one that was asked for, else by the pack's days."""
    return expires or on + timedelta(days=days - 1)


def _describe(row: Recorded[Lot]) -> RecordedPurchase:
    purchase = row.value.purchase
    return RecordedPurchase(
        is_new=row.is_new,
        tenant=purchase.tenant,
        charge=purchase.charge,
        pack=purchase.pack,
        units=purchase.units,
        credits=purchase.credits,
        price=decimal_of(purchase.price),
        currency=purchase.currency,
        first_day=purchase.first_day,
        last_day=purchase.last_day,
        ref=purchase.ref,
    )
