"""Usage as Twilio told it: readings, which can be read again. What is in a read is kept as it was at that time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Literal

from tenantry.ledger.connection import Bound, Ledger
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
from tenantry.model.money import Nano

Granularity = Literal["period", "day"]
"""One record for a category and the whole period, or one for each of its days."""

_READ = "parent, account_sid, tenant, granularity, first_day, last_day, not_available, as_of, read_at, digest"
_READING = "read_id, day, category, count, count_unit, usage, usage_unit, price, currency"
_BOTH = (
    "SELECT r.id, r.account_sid, r.tenant, r.granularity, r.first_day, r.last_day, r.not_available, r.as_of, "
    "r.read_at, u.day, u.category, u.count, u.count_unit, u.usage, u.usage_unit, u.price, u.currency "
    "FROM usage_reads r LEFT JOIN usage_readings u ON u.read_id = r.id"
)
_NEWEST = "SELECT max(id) FROM usage_reads WHERE parent = ? AND granularity = ? AND first_day = ? AND last_day = ?"
_WIDTH = 9
"""How many of these columns are of the read."""


@dataclass(frozen=True)
class Reading:
    """One category, of a day or of the whole period. None is what Twilio did not tell, which is not 0."""

    day: date
    """The day, or the first day of the period."""
    category: str
    count: Decimal | None
    count_unit: str | None
    usage: Decimal | None
    usage_unit: str | None
    price: Nano | None
    """What Twilio charges the parent for it; positive."""
    currency: str | None


@dataclass(frozen=True)
class UsageRead:
    """One answer of Twilio for one account and period, both days included."""

    account_sid: str
    tenant: str
    granularity: Granularity
    first_day: date
    last_day: date
    readings: tuple[Reading, ...] = ()
    as_of: datetime | None = None
    """Up to when the figures are complete; where records differ, the earliest."""
    not_available: str | None = None
    """Why Twilio told nothing; then there are no readings, and that is not 0."""
    read_at: datetime | None = None
    """When it was written, by the ledger's clock; None before."""


def add_reads(ledger: Ledger, parent: str, reads: Iterable[UsageRead]) -> int:
    """Keep what was read, all of it or nothing, and return how many reads were news.

    A read that says what the newest of its account and period says already is not kept again.
    """
    with ledger.writing():
        return sum(_add(ledger, parent, read) for read in reads)


def newest_read(
    ledger: Ledger, parent: str, account_sid: str, granularity: Granularity, first_day: date, last_day: date
) -> UsageRead | None:
    """Return the newest read of an account for exactly this period; None if there is none."""
    condition = "AND account_sid = ?"
    values = (parent, granularity, first_day.isoformat(), last_day.isoformat(), account_sid)
    return next(_reads(ledger, condition, values), None)


def newest_reads(
    ledger: Ledger, parent: str, granularity: Granularity, first_day: date, last_day: date
) -> Mapping[str, UsageRead]:
    """Return the newest read of each account for exactly this period, by account SID."""
    values = (parent, granularity, first_day.isoformat(), last_day.isoformat())
    return {read.account_sid: read for read in _reads(ledger, "", values)}


def _add(ledger: Ledger, parent: str, read: UsageRead) -> bool:
    rows = [_values_of(reading) for reading in read.readings]
    digest = hashlib.sha256(json.dumps([sorted(rows, key=str), read.not_available]).encode()).hexdigest()
    as_of, key = optional_stamp(read.as_of), (read.first_day.isoformat(), read.last_day.isoformat())
    newest = ledger.row(
        "SELECT digest, as_of FROM usage_reads WHERE parent = ? AND account_sid = ? AND granularity = ? "
        "AND first_day = ? AND last_day = ? ORDER BY id DESC LIMIT 1",
        *(parent, read.account_sid, read.granularity, *key),
    )
    if newest == (digest, as_of):
        return False
    whose = (parent, read.account_sid, read.tenant, read.granularity, *key)
    values = (*whose, read.not_available, as_of, stamp(ledger.now()), digest)
    read_id = ledger.insert_numbered("usage_reads", _READ, values)
    ledger.insert_many("usage_readings", _READING, ((read_id, *row) for row in rows))
    return True


def _reads(ledger: Ledger, condition: str, values: tuple[str, ...]) -> Iterator[UsageRead]:
    newest = f"{_NEWEST} {condition} GROUP BY account_sid"
    rows = ledger.rows(f"{_BOTH} WHERE r.id IN ({newest}) ORDER BY r.account_sid, u.day, u.category", *values)
    for head, parts in groupby(rows, key=lambda row: row[:_WIDTH]):
        yield _read_of(head[1:], tuple(_reading_of(row[_WIDTH:]) for row in parts if row[_WIDTH] is not None))


def _values_of(reading: Reading) -> tuple[Bound, ...]:
    return (
        reading.day.isoformat(),
        reading.category,
        optional_quantity(reading.count),
        reading.count_unit,
        optional_quantity(reading.usage),
        reading.usage_unit,
        reading.price,
        reading.currency,
    )


def _read_of(row: Row, readings: tuple[Reading, ...]) -> UsageRead:
    account_sid, tenant, granularity, first_day, last_day, not_available, as_of, read_at = row
    return UsageRead(
        account_sid=account_sid,
        tenant=tenant,
        granularity=granularity,
        first_day=day_of(first_day),
        last_day=day_of(last_day),
        readings=readings,
        as_of=optional_instant(as_of),
        not_available=not_available,
        read_at=instant_of(read_at),
    )


def _reading_of(row: Row) -> Reading:
    day, category, count, count_unit, usage, usage_unit, price, currency = row
    return Reading(
        day=day_of(day),
        category=category,
        count=optional_decimal(count),
        count_unit=count_unit,
        usage=optional_decimal(usage),
        usage_unit=usage_unit,
        price=None if price is None else Nano(price),
        currency=currency,
    )
