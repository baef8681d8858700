"""Usage as Twilio told it: what was read is kept, the newest is found, and nothing is not 0."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from tenantry.ledger.errors import LedgerError
from tenantry.ledger.readings import UsageRead, add_reads, find_newest_read
from tenantry.model.usage_period import UsagePeriod, month_of
from tenantry.model.usage_reading import UsageReading

PARENT, ACME, BIRCH = "AC" + "0" * 32, "AC" + "1" * 32, "AC" + "2" * 32
MARCH = month_of(2026, 3)
SMS = UsageReading(
    tenant="acme",
    account_sid=ACME,
    period=MARCH,
    granularity="period",
    category="sms",
    count=Decimal(140),
    count_unit="messages",
    usage=Decimal("140.5"),
    usage_unit="segments",
    price=Decimal("1.10705"),
    price_unit="usd",
    as_of=datetime(2026, 4, 4, tzinfo=UTC),
)
READ = UsageRead(ACME, "acme", "period", MARCH, (SMS,))


def newest(ledger, account=ACME):
    return find_newest_read(ledger, PARENT, account, "period", MARCH)


def test_a_read_comes_back_exactly(ledger, clock):
    add_reads(ledger, PARENT, [READ])
    assert newest(ledger) == replace(READ, read_at=clock.now)


def test_a_read_by_days_comes_back_by_days(ledger, clock):
    days = tuple(replace(SMS, period=UsagePeriod(day, day), granularity="day") for day in MARCH.each_day())
    read = replace(READ, granularity="day", readings=days)
    add_reads(ledger, PARENT, [read])
    assert find_newest_read(ledger, PARENT, ACME, "day", MARCH) == replace(read, read_at=clock.now)


def test_what_twilio_did_not_tell_stays_none(ledger):
    nothing = dict.fromkeys(["count", "count_unit", "usage", "usage_unit", "price", "price_unit", "as_of"])
    empty = replace(SMS, **nothing)
    add_reads(ledger, PARENT, [replace(READ, readings=(empty,))])
    assert newest(ledger).readings == (empty,)


def test_not_available_is_a_read_without_readings(ledger):
    add_reads(ledger, PARENT, [replace(READ, readings=(), not_available="Twilio answered 404")])
    assert (newest(ledger).not_available, newest(ledger).readings) == ("Twilio answered 404", ())


def test_the_newest_read_wins_as_a_whole(ledger):
    calls = replace(SMS, category="calls")
    add_reads(ledger, PARENT, [replace(READ, readings=(SMS, calls))])
    add_reads(ledger, PARENT, [READ])
    assert [reading.category for reading in newest(ledger).readings] == ["sms"]


def test_the_same_read_again_is_not_kept_twice(ledger):
    later = replace(SMS, as_of=datetime(2026, 5, 4, tzinfo=UTC))
    assert add_reads(ledger, PARENT, [READ, READ]) == 1
    assert add_reads(ledger, PARENT, [READ]) == 0
    assert add_reads(ledger, PARENT, [replace(READ, readings=(later,))]) == 1


def test_only_a_read_of_this_account_and_exactly_this_period_is_found(ledger):
    add_reads(ledger, PARENT, [READ, replace(READ, account_sid=BIRCH, tenant=None, readings=())])
    add_reads(ledger, "AC" + "9" * 32, [replace(READ, account_sid="AC" + "3" * 32)])
    half = UsagePeriod(MARCH.first, date(2026, 3, 15))
    add_reads(ledger, PARENT, [replace(READ, period=half, readings=()), replace(READ, granularity="day", readings=())])
    assert (newest(ledger).tenant, newest(ledger).readings) == ("acme", (SMS,))
    assert (newest(ledger, BIRCH).tenant, newest(ledger, BIRCH).readings) == (None, ())
    assert newest(ledger, "AC" + "3" * 32) is None


@pytest.mark.parametrize(
    ("price", "problem"), [("10000000000", "is too large: up to"), ("0.0000000001", "is finer than a billionth")]
)
def test_a_price_that_cannot_be_kept_keeps_nothing(ledger, price, problem):
    wrong = replace(SMS, price=Decimal(price))
    with pytest.raises(LedgerError, match=f"The price of sms of {ACME}, 2026-03-01 to 2026-03-31 .*{problem}"):
        add_reads(ledger, PARENT, [READ, replace(READ, account_sid=BIRCH, readings=(wrong,))])
    assert newest(ledger) is None


@pytest.mark.parametrize(("value", "error"), [(0.5, TypeError), (2**63, LedgerError), (True, TypeError)])
def test_what_is_not_exact_never_reaches_a_column(ledger, value, error):
    with pytest.raises(error):
        ledger.insert("statement_sequences", "pattern, last", ("x", value))


@pytest.mark.parametrize("price", ["0", "0.0079", "120", "-1.5", "9223372036.854775807"])
def test_a_price_comes_back_as_twilio_wrote_it(ledger, price):
    add_reads(ledger, PARENT, [replace(READ, readings=(replace(SMS, price=Decimal(price)),))])
    assert str(newest(ledger).readings[0].price) == price


@pytest.mark.parametrize("text", ["0.0000001", "1000000000", "123456789012345678901234567890.123456789"])
def test_a_quantity_of_any_size_comes_back_exactly(ledger, text):
    add_reads(ledger, PARENT, [replace(READ, readings=(replace(SMS, usage=Decimal(text)),))])
    assert f"{newest(ledger).readings[0].usage:f}" == text
