"""Accounts use something, and the parent has a balance."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from faketwilio.control.order import Order
from faketwilio.hosts.api.balance import Balance
from faketwilio.hosts.api.usage.book import Amounts, Usage, UsageBook
from faketwilio.hosts.api.usage.firing import have_news
from faketwilio.hosts.api.usage.firing import use as record_use
from faketwilio.hosts.api.usage.period import day_of
from faketwilio.store.records import Account
from faketwilio.store.store import Store
from faketwilio.wire.formats import format_iso

AMOUNT = re.compile(r"-?\d{1,15}(\.\d{1,12})?", re.ASCII)
MOST_DAYS = 3_660
AMOUNTS = ("count", "usage", "price")
ONE = '{"account": SID, "category": text, "count": n, "usage": n, "price": n, "at": moment}'
MANY = (
    '{"accounts": [SID] or "all", "days": n, "until": day, "categories": {name: {"count": n, "usage": n, "price": n}}}'
)
RECORDS = (
    '{"account": SID, "records": [{"day": day, "category": name, "count": n, "usage": n, "price": n}]}: '
    "each day and category once, until today or earlier"
)


def use(store: Store, order: Order) -> Any:
    """Use something now, or at a moment that is over; a negative amount corrects what was counted."""
    if set(order) - {"account", "category", "at", *AMOUNTS}:
        raise ValueError(f"usage is {ONE}")
    account, now = _find_account(store, order.get("account")), store.clock.now()
    usage = Usage(_find_category(order.get("category")), _read_moment(order.get("at"), now), _read_amounts(order))
    record_use(store, account, usage)
    return {"account": account.sid, "category": usage.category, "at": format_iso(usage.at)}


def use_daily(store: Store, order: Order) -> Any:
    """Let many accounts use the same on each of many days, counted at once; a negative amount is a later correction."""
    if set(order) - {"accounts", "days", "until", "categories"} or not isinstance(order.get("categories"), dict):
        raise ValueError(f"daily usage is {MANY}")
    accounts, days = list(_find_accounts(store, order.get("accounts", "all"))), list(_list_days(store, order))
    categories = {_find_category(name): _read_amounts(values) for name, values in order["categories"].items()}
    for account in accounts:
        for day in days:
            for category, amounts in categories.items():
                store.part(UsageBook).add(account.sid, account.owner_sid, day, category, amounts)
        have_news(store, account.sid)
    return {"accounts": len(accounts), "days": len(days), "categories": len(categories)}


def set_records(store: Store, order: Order) -> Any:
    """Let days of an account hold exactly these records; parents of categories and the total follow from them.

    A record of `totalprice` comes on top of the categories, as Twilio's may.
    """
    records = order.get("records")
    if set(order) != {"account", "records"} or not isinstance(records, list):
        raise ValueError(f"usage records are {RECORDS}")
    account, today = _find_account(store, order["account"]), store.clock.now().date()
    days: dict[date, dict[str, Amounts]] = {}
    for record in records:
        day, category, amounts = _record(record, today)
        if category in days.setdefault(day, {}):
            raise ValueError(f"usage records are {RECORDS}")
        days[day][category] = amounts
    for day, cells in days.items():
        store.part(UsageBook).set_day(account.sid, account.owner_sid, day, cells)
    have_news(store, account.sid)
    return {"account": account.sid, "days": len(days), "records": len(records)}


def set_balance(store: Store, order: Order) -> Any:
    """Give the parent account another balance, in US dollars."""
    balance = order.get("balance")
    if set(order) != {"balance"} or not isinstance(balance, str):
        raise ValueError('the balance is {"balance": "12.34"}')
    store.part(Balance).amount = amount = _read_decimal("balance", balance)
    return {"balance": str(amount)}


def _record(record: Any, today: date) -> tuple[date, str, Amounts]:
    known = {"day", "category", *AMOUNTS}
    if not isinstance(record, dict) or set(record) - known or not isinstance(record.get("day"), str):
        raise ValueError(f"usage records are {RECORDS}")
    day = day_of(record["day"])
    if day > today:
        raise ValueError(f"usage records are {RECORDS}")
    return day, _find_category(record.get("category")), _read_amounts(record)


def _find_account(store: Store, sid: Any) -> Account:
    account = store.account(sid) if isinstance(sid, str) else None
    if account is None:
        raise LookupError(f"no account {sid!r} to have usage")
    return account


def _find_accounts(store: Store, sids: Any) -> Iterator[Account]:
    if sids == "all":
        return (account for account in store.accounts_of(store.parent_sid) if not account.is_parent)
    if not isinstance(sids, list):
        raise ValueError(f"daily usage is {MANY}")  # noqa: TRY004 - one kind of refusal
    return (_find_account(store, sid) for sid in sids)


def _list_days(store: Store, order: Order) -> Iterator[date]:
    today, number = store.clock.now().date(), order.get("days", 1)
    until = day_of(order["until"]) if isinstance(order.get("until"), str) else today
    if type(number) is not int or not 1 <= number <= MOST_DAYS or until > today:
        raise ValueError(f"usage has a number of days up to {MOST_DAYS}, until today or earlier")
    return (until - timedelta(days=back) for back in range(number))


def _find_category(name: Any) -> str:
    if not isinstance(name, str) or not name:
        raise ValueError(f"a usage category is text such as sms-outbound, not {name!r}")
    return name


def _read_moment(text: Any, now: datetime) -> datetime:
    if text is None:
        return now
    moment = datetime.fromisoformat(text) if isinstance(text, str) else None
    if moment is None or moment.tzinfo is None or moment > now:
        raise ValueError(f"usage happens now or at a moment that is over, such as 2027-01-15T12:00:00Z, not {text!r}")
    return moment.astimezone(UTC)


def _read_amounts(values: Any) -> Amounts:
    if not isinstance(values, dict):
        raise ValueError(f"daily usage is {MANY}")  # noqa: TRY004 - one kind of refusal
    return Amounts(*(_read_decimal(name, values.get(name, "0")) for name in AMOUNTS))


def _read_decimal(name: str, value: Any) -> Decimal:
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if not AMOUNT.fullmatch(text):
        raise ValueError(f"{name} is an amount such as 5 or '0.05', not {value!r}")
    return Decimal(text)
