"""What a phone number costs: a month's price on the day it was bought, and on that day of each month after."""

import calendar
import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from faketwilio.hosts.api.records import IncomingPhoneNumber
from faketwilio.hosts.api.usage.book import Amounts, UsageBook
from faketwilio.store.store import Store

TOLL_FREE = re.compile(r"\+18(?:00|33|44|55|66|77|88)\d{7}")


class NumberCharges(dict[str, date]):
    """The day of the last charge of a number, by its SID."""

    @classmethod
    def begin(cls, _: Store) -> "NumberCharges":
        return cls()


def charge_numbers(store: Store) -> None:
    """Count the charges of every number that are due by now; one that was released costs nothing more."""
    today = store.clock.now().date()
    for number in store.table(IncomingPhoneNumber).all():
        last = store.part(NumberCharges).get(number.sid)
        for day in _list_due_days(number.date_created.date(), last, today):
            _charge(store, number, day)
            store.part(NumberCharges)[number.sid] = day


def _charge(store: Store, number: IncomingPhoneNumber, day: date) -> None:
    account = store.accounts.get(number.account_sid)
    category = "phonenumbers-tollfree" if TOLL_FREE.fullmatch(number.phone_number) else "phonenumbers-local"
    one_number = Decimal(1)
    if account is not None:
        store.part(UsageBook).add(
            account.sid, account.owner_sid, day, category, Amounts(one_number, one_number, _price(store))
        )


def _price(store: Store) -> Decimal:
    return Decimal(store.behaviour.number_price)


def _list_due_days(bought: date, last: date | None, today: date) -> Iterator[date]:
    """Yield the days of charge after `last` until today: the day of the month, or its last one where it is shorter."""
    year, month = bought.year, bought.month
    while True:
        day = date(year, month, min(bought.day, calendar.monthrange(year, month)[1]))
        if day > today:
            return
        if last is None or day > last:
            yield day
        year, month = (day.replace(day=28) + timedelta(days=4)).timetuple()[:2]
