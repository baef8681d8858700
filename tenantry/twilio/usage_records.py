"""Usage records on the wire: /2010-04-01/Accounts/{account}/Usage/Records, with the parent's credentials.

`IncludeSubaccounts` is true where it is left out, and would count a subaccount's usage at its parent again; so it is
always sent, and only the question about the whole fleet says true.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from tenantry.model.usage_period import UsagePeriod
from tenantry.model.usage_reading import TOTAL, Granularity, UsageReading
from tenantry.twilio.errors import Refused, doing
from tenantry.twilio.exact_list import Row, number_of, read_rows, text_of
from tenantry.twilio.live import moment, require_account

if TYPE_CHECKING:
    from twilio.rest import Client


NOTHING = (None, "", "0", "0.0", "0.00")
"""How Twilio writes that there is none of something; another zero costs a Decimal and no more."""


class UsageRecords:
    """The usage of accounts. Categories that nobody used are left out, except the total: it shows that one was read."""

    def __init__(self, parent: Client) -> None:
        self._parent = parent

    def read_period(
        self, account_sid: str, period: UsagePeriod, *, tenant: str | None = None, with_subaccounts: bool = False
    ) -> tuple[UsageReading, ...]:
        """Return a reading a category of a whole period, by one call; raises TwilioError."""
        params = _build_query(period, with_subaccounts=with_subaccounts)
        with doing(f"Reading the usage of {period} in account {account_sid}"):
            rows = read_rows(self._parent, f"Accounts/{account_sid}/Usage/Records.json", "usage_records", params)
            return tuple(_read_readings(rows, account_sid, tenant, period, "period"))

    def read_days(
        self, account_sid: str, period: UsagePeriod, category: str, *, tenant: str | None = None
    ) -> tuple[UsageReading, ...]:
        """Return a reading of one category for each day on which it was used, the first day first."""
        params = {**_build_query(period, with_subaccounts=False), "Category": category}
        with doing(f"Reading the daily usage of {category}, {period}, in account {account_sid}"):
            rows = read_rows(self._parent, f"Accounts/{account_sid}/Usage/Records/Daily.json", "usage_records", params)
            readings = list(_read_readings(rows, account_sid, tenant, period, "day"))
        return tuple(sorted(readings, key=lambda reading: reading.period))


def _build_query(period: UsagePeriod, *, with_subaccounts: bool) -> dict[str, str]:
    return {
        "StartDate": period.first.isoformat(),
        "EndDate": period.last.isoformat(),
        "IncludeSubaccounts": "true" if with_subaccounts else "false",
    }


def _read_readings(
    rows: Iterator[Row], account_sid: str, tenant: str | None, asked: UsagePeriod, granularity: Granularity
) -> Iterator[UsageReading]:
    """Yield the readings of rows that count anything, each category and period once: pages may shift."""
    seen: set[tuple[str, UsagePeriod]] = set()
    for row in rows:
        # 630 of an account's 643 rows count nothing: to read them all takes longer than to fetch them.
        is_nothing = row.get("count") in NOTHING and row.get("usage") in NOTHING and row.get("price") in NOTHING
        if is_nothing and row.get("category") != TOTAL:
            continue
        reading = _read_reading(row, account_sid, tenant, asked, granularity)
        key = (reading.category, reading.period)
        if key not in seen and (reading.is_used or reading.category == TOTAL):
            yield reading
        seen.add(key)


def _read_reading(
    row: Row, account_sid: str, tenant: str | None, asked: UsagePeriod, granularity: Granularity
) -> UsageReading:
    require_account(text_of(row, "account_sid") or account_sid, account_sid)
    category = text_of(row, "category")
    if category is None:
        raise Refused("a usage record has no category", next_step="Report it to Twilio's support.")
    with doing(f"Reading the usage of {category} in account {account_sid}"):
        days = _read_days(row, asked)
        return UsageReading(
            tenant=tenant,
            account_sid=account_sid,
            period=asked if granularity == "period" else days,
            granularity=granularity,
            category=category,
            count=number_of(row, "count"),
            count_unit=text_of(row, "count_unit"),
            usage=number_of(row, "usage"),
            usage_unit=text_of(row, "usage_unit"),
            price=number_of(row, "price"),
            price_unit=(text_of(row, "price_unit") or "").lower() or None,
            as_of=moment(text_of(row, "as_of")),
        )


def _read_days(row: Row, asked: UsagePeriod) -> UsagePeriod:
    """Return the days of a row; raises Refused where they are not among those asked for: a filter was passed over."""
    try:
        first, last = (
            date.fromisoformat(text_of(row, field) or day.isoformat())
            for field, day in (("start_date", asked.first), ("end_date", asked.last))
        )
        days = UsagePeriod(first, last)
    except ValueError:
        days = None
    if days is None or days.first < asked.first or days.last > asked.last:
        found = f"{text_of(row, 'start_date')} to {text_of(row, 'end_date')}"
        raise Refused(f"Twilio answered for {found}", next_step="Nothing was counted; report it.")
    return days
