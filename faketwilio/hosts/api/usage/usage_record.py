"""v2010 usage records, all told or by day, month and year: /2010-04-01/Accounts/{AccountSid}/Usage/Records."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from urllib.parse import quote

from faketwilio.hosts.api.usage.book import Amounts, UsageBook
from faketwilio.hosts.api.usage.category import ALL_NAMES, TOTAL, describe_category
from faketwilio.hosts.api.usage.firing import find_seen_until
from faketwilio.hosts.api.usage.number_charge import charge_numbers
from faketwilio.hosts.api.usage.period import SINGLES, Period, read_period, single, split
from faketwilio.wire.call import Answer, Call, Operation
from faketwilio.wire.errors import not_found
from faketwilio.wire.paging import build_v2010_page

ROOT = "/2010-04-01/Accounts/{AccountSid}/Usage/Records"
PERMISSION = "/twilio/billing/usage/read"
NOTHING = {"0": "0", "null": None, "empty": ""}
"""How a figure that is none is written, by the switch `unused_figures`."""
STEPS = {"Daily": "daily", "Monthly": "monthly", "Yearly": "yearly"}
SUBRESOURCES = {
    "all_time": "AllTime",
    "daily": "Daily",
    "last_month": "LastMonth",
    "monthly": "Monthly",
    "this_month": "ThisMonth",
    "today": "Today",
    "yearly": "Yearly",
    "yesterday": "Yesterday",
}


@dataclass(frozen=True)
class _Row:
    category: str
    period: Period

    @property
    def name(self) -> str:
        return f"{self.period.first}:{self.category}"


def operations() -> tuple[Operation, ...]:
    kinds = ("", *SUBRESOURCES.values())
    return tuple(Operation("GET", _write_path(ROOT, kind), _make_lister(kind), PERMISSION) for kind in kinds)


def _make_lister(kind: str) -> Callable[[Call], Answer]:
    def _list(call: Call) -> Answer:
        account, book = call.account, call.store.part(UsageBook)
        subaccounts = call.params.choice("IncludeSubaccounts", ("true", "false")) != "false"
        subaccounts = subaccounts and call.store.behaviour.parent_usage_holds_subaccounts
        if kind in ("", "Daily") and account.sid in call.store.behaviour.accounts_without_usage:
            raise not_found(call.path)
        book.show(find_seen_until(call.store))
        charge_numbers(call.store)

        @cache
        def _sum_period(period: Period) -> Mapping[str, Amounts]:
            return book.sums(account.sid, period.first, period.last, subaccounts=subaccounts)

        sheet = _make_sheet(call, kind)

        def _render(row: _Row) -> dict[str, object]:
            return _render_row(sheet, row, _sum_period(row.period).get(row.category, Amounts()))

        rows = _list_rows(call, kind, subaccounts)
        return Answer(200, build_v2010_page(call, "usage_records", rows, lambda row: row.name, _render))

    return _list


def _list_rows(call: Call, kind: str, subaccounts: bool) -> list[_Row]:
    """A row a category and period; the used categories alone if the switch says so."""
    book, sid, wanted = call.store.part(UsageBook), call.account.sid, call.params.get("Category")
    used = book.categories(sid, subaccounts=subaccounts)
    periods = _list_periods(call, kind, subaccounts)
    if not call.store.behaviour.unused_categories_have_rows:
        found = [
            (period, list(book.sums(sid, period.first, period.last, subaccounts=subaccounts))) for period in periods
        ]
    else:
        found = [(period, [*ALL_NAMES, *sorted(used - ALL_NAMES.keys())]) for period in periods]
    return [_Row(name, period) for period, names in found for name in names if wanted in (None, "", name)]


def _list_periods(call: Call, kind: str, subaccounts: bool) -> list[Period]:
    today, account = call.store.clock.now().date(), call.account
    used = call.store.part(UsageBook).first_day(account.sid, subaccounts=subaccounts)
    earliest = min(account.date_created.date(), used or today)
    if kind in SINGLES:
        return list(single(read_period(call.params, today, date.min), kind, today))
    asked = read_period(call.params, today, earliest)
    return list(split(Period(max(asked.first, earliest), asked.last), STEPS[kind])) if kind in STEPS else [asked]


@dataclass(frozen=True)
class _Sheet:
    """What is the same in each row of a list: an account has 643 of them."""

    account_sid: str
    as_of: str
    currency: str
    path: str
    subresources: Mapping[str, str]
    nothing: str | None

    def figure(self, value: Decimal) -> str | None:
        """Return a figure as this list writes it: where there is none, Twilio may write it in three ways."""
        return _number(value) if value else self.nothing


def _make_sheet(call: Call, kind: str) -> _Sheet:
    root = ROOT.format(AccountSid=call.account.sid)
    return _Sheet(
        account_sid=call.account.sid,
        as_of=find_seen_until(call.store).strftime("%Y-%m-%dT%H:%M:%S+00:00"),
        currency=call.store.behaviour.currency,
        path=_write_path(root, kind),
        subresources={key: _write_path(root, subresource) for key, subresource in SUBRESOURCES.items()},
        nothing=NOTHING[call.store.behaviour.unused_figures],
    )


def _render_row(sheet: _Sheet, row: _Row, amounts: Amounts) -> dict[str, object]:
    category, query = describe_category(row.category), _write_query(row.category)
    first, last = row.period.first.isoformat(), row.period.last.isoformat()
    return {
        "account_sid": sheet.account_sid,
        "api_version": "2010-04-01",
        "as_of": sheet.as_of,
        "category": category.name,
        "count": None if category.name == TOTAL else sheet.figure(amounts.count),
        "count_unit": category.count_unit,
        "description": category.description,
        "end_date": last,
        "price": sheet.figure(amounts.price),
        "price_unit": sheet.currency,
        "start_date": first,
        "subresource_uris": {key: f"{path}{query}" for key, path in sheet.subresources.items()},
        "uri": f"{sheet.path}{query}&StartDate={first}&EndDate={last}",
        "usage": sheet.figure(amounts.usage),
        "usage_unit": sheet.currency if category.name == TOTAL else category.usage_unit,
    }


@cache
def _write_query(category: str) -> str:
    return f"?Category={quote(category, safe='')}"


def _write_path(root: str, kind: str) -> str:
    return f"{root}/{kind}.json" if kind else f"{root}.json"


def _number(value: Decimal) -> str:
    """A decimal as Twilio writes it: text, no exponent, no zeros at its end."""
    return f"{value.normalize():f}"
