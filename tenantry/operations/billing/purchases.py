"""Credits that customers buy: recorded with the pack's figures of that day, and what is still owed of them."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from io import StringIO
from pathlib import Path

from tenantry.ledger.connection import Ledger
from tenantry.ledger.credits import Lot, Purchase, add_purchases, lots_of, used_units
from tenantry.ledger.errors import LedgerError
from tenantry.ledger.statements import closed_months_of
from tenantry.ledger.values import Recorded, StackRef
from tenantry.model.charge import Credits
from tenantry.model.money import decimal_of, nano_of, round_half_up
from tenantry.model.tenant import Tenant
from tenantry.text.spelling import closest

COLUMNS = ("tenant", "charge", "pack", "on", "expires", "ref")
"""Of a file of purchases; `expires` may be empty or left out."""


@dataclass(frozen=True)
class Asked:
    """A purchase as a person asks for it: days and names, not yet looked up."""

    tenant: str
    charge: str
    pack: str
    on: date
    expires: date | None
    ref: str


class PurchaseError(Exception):
    """Purchases that can't be recorded; one sentence each. Nothing was written."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True)
class Desk:
    """What purchases are checked against and written to."""

    ledger: Ledger
    stack: StackRef
    tenants: Mapping[str, Tenant]
    today: date
    by: str


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


def record_purchases(desk: Desk, asked: Iterable[tuple[str, Asked]]) -> tuple[RecordedPurchase, ...]:
    """Record purchases, each with the place it was asked at; raises PurchaseError before anything is written."""
    rows = tuple(asked)
    problems = [f"{place}{problem}" for place, row in rows for problem in _problems(desk, row)]
    problems += _repeated_refs(rows)
    if problems:
        raise PurchaseError(problems)
    return tuple(map(_describe, add_purchases(desk.ledger, (_purchase(desk, row) for _, row in rows))))


def read_purchases(path: Path) -> Iterator[tuple[str, Asked]]:
    """Yield the purchases of a CSV file with their places; raises PurchaseError with all that can't be read."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise PurchaseError([f"{path}: is not UTF-8 (byte {error.start}); save it as CSV UTF-8"]) from None
    problems, rows = [], []
    with StringIO(text, newline="") as file:
        reader = csv.DictReader(file, strict=True)
        missing = [name for name in COLUMNS if name not in (reader.fieldnames or ()) and name != "expires"]
        if missing:
            raise PurchaseError([f"{path}:1: the column '{missing[0]}' is missing; write {','.join(COLUMNS)}"])
        for row in reader:
            place = f"{path}:{reader.line_num}: "
            try:
                rows.append((place, _parse_row(row)))
            except ValueError as error:
                problems.append(f"{place}{error}")
    if problems:
        raise PurchaseError(problems)
    yield from rows


def _parse_row(row: Mapping[str, str | None]) -> Asked:
    """Return the purchase of a row; raises ValueError."""
    texts = {name: (row.get(name) or "").strip() for name in COLUMNS}
    empty = next((name for name in COLUMNS if not texts[name] and name != "expires"), None)
    if empty:
        raise ValueError(f"'{empty}' is empty")
    try:
        on, expires = date.fromisoformat(texts["on"]), texts["expires"]
        last = date.fromisoformat(expires) if expires else None
    except ValueError:
        raise ValueError(f"a day is written as 2026-03-02, not as '{texts['on']}' or '{texts['expires']}'") from None
    return Asked(texts["tenant"], texts["charge"], texts["pack"], on, last, texts["ref"])


def _problems(desk: Desk, asked: Asked) -> Iterator[str]:
    tenant = desk.tenants.get(asked.tenant)
    if tenant is None:
        yield f"there is no tenant '{asked.tenant}'{_hint(asked.tenant, desk.tenants)}"
        return
    charges = {name: c for name, c in (tenant.terms.charges if tenant.terms else {}).items() if isinstance(c, Credits)}
    charge = charges.get(asked.charge)
    if charge is None:
        yield f"'{asked.tenant}' has no charge '{asked.charge}' of strategy credits{_hint(asked.charge, charges)}"
    elif asked.pack not in charge.packs:
        yield f"the charge '{asked.charge}' has no pack '{asked.pack}'{_hint(asked.pack, charge.packs)}"
    if asked.on > desk.today:
        yield f"{asked.on} is in the future; record a purchase from its first day on"
    if asked.expires is not None and asked.expires < asked.on:
        yield f"it expires on {asked.expires}, before its first day, {asked.on}"
    elif charge is not None and asked.pack in charge.packs:
        yield from _closed_problems(desk, asked, _last_day(asked, charge))


def _closed_problems(desk: Desk, asked: Asked, last_day: date) -> Iterator[str]:
    closed = closed_months_of(desk.ledger, desk.stack, asked.tenant)
    if closed and f"{last_day:%Y-%m}" <= closed[-1]:
        yield f"it expired on {last_day}, and {closed[-1]} is closed: no statement can use it any more"


def _repeated_refs(rows: tuple[tuple[str, Asked], ...]) -> Iterator[str]:
    first: dict[str, tuple[str, Asked]] = {}
    for place, asked in rows:
        earlier = first.setdefault(asked.ref, (place, asked))
        if earlier[1] != asked:
            yield f"{place}the ref '{asked.ref}' stands at {earlier[0].rstrip(': ')} too, for another purchase"


def _purchase(desk: Desk, asked: Asked) -> Purchase:
    terms = desk.tenants[asked.tenant].terms
    charge = terms.charges[asked.charge] if terms else None
    if terms is None or not isinstance(charge, Credits):
        raise LedgerError(f"The terms of {asked.tenant} changed while its purchase was recorded. Run again.")
    pack = charge.packs[asked.pack]
    return Purchase(
        stack=desk.stack,
        tenant=asked.tenant,
        charge=asked.charge,
        pack=asked.pack,
        credits=Decimal(pack.credits),
        units=Decimal(pack.units),
        price=nano_of(pack.price),
        currency=terms.currency,
        first_day=asked.on,
        last_day=_last_day(asked, charge),
        ref=asked.ref,
        by=desk.by,
    )


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


def _last_day(asked: Asked, charge: Credits) -> date:
    return asked.expires or asked.on + timedelta(days=charge.packs[asked.pack].days - 1)


def _hint(word: str, choices: Iterable[str]) -> str:
    names = sorted(choices)
    close = closest(word, names)
    if close:
        return f"; did you mean '{close}'?"
    return f"; there are {', '.join(names[:5])}" if names else ""


def liabilities(ledger: Ledger, stack: StackRef, now: datetime) -> tuple[Liability, ...]:
    """Return what closed statements left of each lot that has not expired, by tenant and last day."""
    used, today = used_units(ledger, stack), now.date()
    rows = (_liability(lot, used.get(lot.id, Decimal(0))) for lot in lots_of(ledger, stack))
    kept = [row for row in rows if row.units_left and row.last_day >= today]
    return tuple(sorted(kept, key=lambda row: (row.tenant, row.last_day, row.ref)))


def _liability(lot: Lot, used: Decimal) -> Liability:
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
