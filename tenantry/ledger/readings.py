"""Usage as Twilio told it: readings, which can be read again. What is in a read is kept as it was at that time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import chain

from tenantry.ledger.connection import Bound, Ledger
from tenantry.ledger.errors import LedgerError
from tenantry.ledger.values import (
    Row,
    day_of,
    instant_of,
    optional_decimal,
    optional_instant,
    optional_quantity,
    optional_stamp,
    stamp,
)
from tenantry.model.money import MoneyError, Nano, decimal_of, nano_of
from tenantry.model.usage_period import UsagePeriod
from tenantry.model.usage_reading import Granularity, UsageReading

_READ = "parent, account_sid, tenant, granularity, first_day, last_day, not_available, read_at, digest"
_READING = "read_id, first_day, last_day, category, count, count_unit, usage, usage_unit, price, price_unit, as_of"
_BOTH = (
    "SELECT r.id, r.account_sid, r.tenant, r.granularity, r.first_day, r.last_day, r.not_available, r.read_at, "
    "u.first_day, u.last_day, u.category, u.count, u.count_unit, u.usage, u.usage_unit, u.price, u.price_unit, u.as_of "
    "FROM usage_reads r LEFT JOIN usage_readings u ON u.read_id = r.id"
)
_NEWEST = (
    "SELECT max(id) FROM usage_reads "
    "WHERE parent = ? AND account_sid = ? AND granularity = ? AND first_day = ? AND last_day = ?"
)
_WIDTH = 8
"""How many of the columns of both are the read's."""


@dataclass(frozen=True)
class UsageRead:
    """One answer of Twilio for one account and period."""

    account_sid: str
    tenant: str | None
    """The slug; None of an account that is no tenant's."""
    granularity: Granularity
    period: UsagePeriod
    """What was asked for; of granularity `day` the readings are of its days."""
    readings: tuple[UsageReading, ...] = ()
    not_available: str | None = None
    """Why Twilio told nothing; then there are no readings, and that is not 0."""
    read_at: datetime | None = None
    """When it was written, by the ledger's clock; None before."""


def add_reads(ledger: Ledger, parent: str, reads: Iterable[UsageRead]) -> int:
    """Keep what was read, all of it or nothing, and return how many reads were news.

    A read that says what the newest of its account and period says already is not kept again. Raises LedgerError.
    """
    with ledger.writing():
        added = [rows for read in reads if (rows := _add(ledger, parent, read)) is not None]
        ledger.insert_many("usage_readings", _READING, chain.from_iterable(added))
    return len(added)


def find_newest_read(
    ledger: Ledger, parent: str, account_sid: str, granularity: Granularity, period: UsagePeriod
) -> UsageRead | None:
    """Return the newest read of an account for exactly this period; None if there is none."""
    values = (parent, account_sid, granularity, period.first.isoformat(), period.last.isoformat())
    rows = ledger.rows(f"{_BOTH} WHERE r.id = ({_NEWEST}) ORDER BY u.first_day, u.category", *values)
    if not rows:
        return None
    head = rows[0][:_WIDTH]
    _, _, tenant, _, _, _, not_available, read_at = head
    return UsageRead(
        account_sid=account_sid,
        tenant=tenant,
        granularity=granularity,
        period=period,
        readings=tuple(_read_reading(head, row[_WIDTH:]) for row in rows if row[_WIDTH] is not None),
        not_available=not_available,
        read_at=instant_of(read_at),
    )


def _add(ledger: Ledger, parent: str, read: UsageRead) -> list[tuple[Bound, ...]] | None:
    """Write a read, and return the rows of its readings, which are still to be written; None where it is no news."""
    rows = [_list_values(reading) for reading in read.readings]
    digest = hashlib.sha256(json.dumps([sorted(rows, key=str), read.not_available]).encode()).hexdigest()
    whose = (parent, read.account_sid)
    which = (read.granularity, read.period.first.isoformat(), read.period.last.isoformat())
    newest = ledger.row(
        "SELECT digest FROM usage_reads WHERE parent = ? AND account_sid = ? AND granularity = ? "
        "AND first_day = ? AND last_day = ? ORDER BY id DESC LIMIT 1",
        *(*whose, *which),
    )
    if newest == (digest,):
        return None
    values = (*whose, read.tenant, *which, read.not_available, stamp(ledger.now()), digest)
    read_id = ledger.insert_numbered("usage_reads", _READ, values)
    return [(read_id, *row) for row in rows]


def _list_values(reading: UsageReading) -> tuple[Bound, ...]:
    try:
        price = None if reading.price is None else nano_of(reading.price)
    except MoneyError as error:
        whose = f"{reading.category} of {reading.account_sid}, {reading.period}"
        raise LedgerError(f"The price of {whose} can't be kept: {error}. Nothing was written.") from error
    return (
        reading.period.first.isoformat(),
        reading.period.last.isoformat(),
        reading.category,
        optional_quantity(reading.count),
        reading.count_unit,
        optional_quantity(reading.usage),
        reading.usage_unit,
        price,
        reading.price_unit,
        optional_stamp(reading.as_of),
    )


def _read_reading(head: Row, row: Row) -> UsageReading:
    _, account_sid, tenant, granularity = head[:4]
    first_day, last_day, category, count, count_unit, usage, usage_unit, price, price_unit, as_of = row
    return UsageReading(
        tenant=tenant,
        account_sid=account_sid,
        period=UsagePeriod(day_of(first_day), day_of(last_day)),
        granularity=granularity,
        category=category,
        count=optional_decimal(count),
        count_unit=count_unit,
        usage=optional_decimal(usage),
        usage_unit=usage_unit,
        price=None if price is None else _find_price(Nano(price)),
        price_unit=price_unit,
        as_of=optional_instant(as_of),
    )


def _find_price(price: Nano) -> Decimal:
    """Return a price without needless zeros, as Twilio writes it."""
    whole = f"{decimal_of(price):f}"
    return Decimal(whole.rstrip("0").rstrip("."))
