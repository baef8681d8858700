"""What accounts used, summed by day; days end at midnight GMT."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from heapq import heappop, heappush

from faketwilio.hosts.api.usage.category import TOTAL, list_counts
from faketwilio.store.store import Store


@dataclass(frozen=True, slots=True)
class Amounts:
    """How often, how much (in the category's unit), and for how much money."""

    count: Decimal = Decimal(0)
    usage: Decimal = Decimal(0)
    price: Decimal = Decimal(0)

    def plus(self, amounts: "Amounts") -> "Amounts":
        return Amounts(self.count + amounts.count, self.usage + amounts.usage, self.price + amounts.price)

    def negate(self) -> "Amounts":
        return Amounts(-self.count, -self.usage, -self.price)


@dataclass(frozen=True)
class Usage:
    """Some use of one category at one moment."""

    category: str
    at: datetime
    amounts: Amounts


Day = dict[str, Amounts]


class Evaluations:
    """When the triggers of each account are looked at next."""

    @classmethod
    def begin(cls, _: Store) -> "Evaluations":
        return cls()

    def __init__(self) -> None:
        self._waiting: set[str] = set()
        self._due: list[
            tuple[datetime, str]
        ] = []  # a heap: each new trigger asks what is due, of thousands of accounts

    def add(self, account_sid: str, due: datetime) -> None:
        """Let an account be looked at, unless it waits for that already."""
        if account_sid not in self._waiting:
            self._waiting.add(account_sid)
            heappush(self._due, (due, account_sid))

    def take_due(self, now: datetime) -> list[str]:
        """The SIDs of the accounts to look at now, which wait no more."""
        taken = []
        while self._due and self._due[0][0] <= now:
            taken.append(heappop(self._due)[1])
        self._waiting.difference_update(taken)
        return taken

    def next_due(self) -> datetime | None:
        return self._due[0][0] if self._due else None


class UsageBook:
    """The usage of all accounts; what was used lately may show only later."""

    @classmethod
    def begin(cls, _: Store) -> "UsageBook":
        return cls()

    def __init__(self) -> None:
        self._own: dict[str, dict[date, Day]] = {}
        self._with_subaccounts: dict[str, dict[date, Day]] = {}
        self._unseen: list[tuple[datetime, int, str, str, Usage]] = []  # a heap: thousands wait for their minute
        self._noted = 0

    def use(self, account_sid: str, owner_sid: str, usage: Usage) -> None:
        """Note some use; `show` makes it seen."""
        self._noted += 1
        heappush(self._unseen, (usage.at, self._noted, account_sid, owner_sid, usage))

    def show(self, until: datetime) -> None:
        """Let everything be seen that was used until then."""
        while self._unseen and self._unseen[0][0] <= until:
            _, _, account_sid, owner_sid, usage = heappop(self._unseen)
            self.add(account_sid, owner_sid, usage.at.date(), usage.category, usage.amounts)

    def next_to_show(self) -> datetime | None:
        return self._unseen[0][0] if self._unseen else None

    def add(self, account_sid: str, owner_sid: str, day: date, category: str, amounts: Amounts) -> None:
        """Add to a day, seen at once."""
        books = [(self._own, account_sid), (self._with_subaccounts, account_sid)]
        if owner_sid != account_sid:
            books.append((self._with_subaccounts, owner_sid))
        for book, sid in books:
            cells = book.setdefault(sid, {}).setdefault(day, {})
            cells[category] = cells[category].plus(amounts) if category in cells else amounts

    def set_day(self, account_sid: str, owner_sid: str, day: date, cells: Mapping[str, Amounts]) -> None:
        """Let a day of an account hold exactly this, whatever was used on it; its owner's sums move with it."""
        before = self._own.get(account_sid, {}).get(day, {})
        for category, amounts in before.items():
            self.add(account_sid, owner_sid, day, category, amounts.negate())
        for category, amounts in cells.items():
            self.add(account_sid, owner_sid, day, category, amounts)

    def first_day(self, account_sid: str, *, subaccounts: bool) -> date | None:
        return min(self._collect_days(account_sid, subaccounts), default=None)

    def sums(self, account_sid: str, first: date, last: date, *, subaccounts: bool) -> Mapping[str, Amounts]:
        """What was used from the first to the last day, by category, each with what its children add to it."""
        days = self._collect_days(account_sid, subaccounts)
        rolled: Day = {}
        for cells in _select_days(days, first, last):
            for category, amounts in cells.items():
                for above in list_counts(category):
                    rolled[above] = rolled[above].plus(amounts) if above in rolled else amounts
        if TOTAL in rolled:
            rolled[TOTAL] = Amounts(usage=rolled[TOTAL].price, price=rolled[TOTAL].price)
        return rolled

    def categories(self, account_sid: str, *, subaccounts: bool) -> set[str]:
        """Every category that was ever used there."""
        return {category for cells in self._collect_days(account_sid, subaccounts).values() for category in cells}

    def _collect_days(self, account_sid: str, subaccounts: bool) -> dict[date, Day]:
        return (self._with_subaccounts if subaccounts else self._own).get(account_sid, {})


def _select_days(days: dict[date, Day], first: date, last: date) -> Iterable[Day]:
    if (last - first).days < len(days):
        return (days[day] for day in _list_days(first, last) if day in days)
    return (cells for day, cells in days.items() if first <= day <= last)


def _list_days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))
