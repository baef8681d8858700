"""The book of what was used: what is not counted yet costs no more the more of it there is."""

import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from faketwilio.hosts.api.usage.book import Amounts, Usage, UsageBook

NOON = datetime(2027, 1, 15, 12, tzinfo=UTC)


@pytest.fixture
def calls():
    """How many frames of Python some work enters: the same on every machine, however busy it is."""

    def _calls(work):
        entered = 0

        def _count(_frame, event, _argument):
            nonlocal entered
            entered += event == "call"

        sys.setprofile(_count)
        try:
            work()
        finally:
            sys.setprofile(None)
        return entered

    return _calls


def _use(book, after):
    book.use("AC1", "AC0", Usage("sms", NOON + timedelta(seconds=after), Amounts(Decimal(1), Decimal(1))))


def test_to_note_use_costs_the_same_whatever_waits_to_be_counted(calls):
    book = UsageBook()

    def _note():
        _use(book, 1)
        book.next_to_show()

    few = calls(_note)
    for second in range(2_000):
        _use(book, second)
    assert calls(_note) == few


def test_what_is_counted_is_what_was_used_until_then():
    book = UsageBook()
    for second in (5, 1, 3, 1):
        _use(book, second)
    book.show(NOON + timedelta(seconds=3))
    sums = book.sums("AC1", date(2027, 1, 15), date(2027, 1, 15), subaccounts=False)
    assert (sums["sms"].count, book.next_to_show()) == (3, NOON + timedelta(seconds=5))
    book.show(NOON + timedelta(seconds=5))
    assert book.next_to_show() is None
