"""Usage as Twilio told it: what was read is kept, the newest is found, and nothing is not 0."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from tenantry.ledger.errors import LedgerError
from tenantry.ledger.readings import Reading, UsageRead, add_reads, newest_read, newest_reads
from tenantry.model.money import LARGEST, Nano, nano_of

PARENT, ACME, BIRCH = "AC" + "0" * 32, "AC" + "1" * 32, "AC" + "2" * 32
FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)
SMS = Reading(FIRST, "sms", Decimal(140), "messages", Decimal("140.5"), "segments", nano_of(Decimal("1.10705")), "usd")
READ = UsageRead(ACME, "acme", "period", FIRST, LAST, (SMS,), as_of=datetime(2026, 4, 4, tzinfo=UTC))


def newest(ledger, account=ACME):
    return newest_read(ledger, PARENT, account, "period", FIRST, LAST)


def test_a_read_comes_back_exactly(ledger, clock):
    add_reads(ledger, PARENT, [READ])
    assert newest(ledger) == replace(READ, read_at=clock.now)


def test_what_twilio_did_not_tell_stays_none(ledger):
    empty = Reading(FIRST, "totalprice", None, None, None, None, None, None)
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
    assert add_reads(ledger, PARENT, [READ, READ]) == 1
    assert add_reads(ledger, PARENT, [READ]) == 0
    assert add_reads(ledger, PARENT, [replace(READ, as_of=datetime(2026, 5, 4, tzinfo=UTC))]) == 1


def test_all_accounts_of_a_period_are_found_at_once(ledger):
    add_reads(ledger, PARENT, [READ, replace(READ, account_sid=BIRCH, tenant="birch", readings=())])
    add_reads(ledger, "AC" + "9" * 32, [replace(READ, account_sid="AC" + "3" * 32)])
    add_reads(ledger, PARENT, [replace(READ, last_day=date(2026, 3, 15)), replace(READ, granularity="day")])
    found = newest_reads(ledger, PARENT, "period", FIRST, LAST)
    assert {sid: len(read.readings) for sid, read in found.items()} == {ACME: 1, BIRCH: 0}


def test_many_reads_are_kept_whole_or_not_at_all(ledger):
    too_large = replace(SMS, price=Nano(LARGEST + 1))
    with pytest.raises(LedgerError, match="too large for the ledger"):
        add_reads(ledger, PARENT, [READ, replace(READ, account_sid=BIRCH, readings=(too_large,))])
    assert newest(ledger) is None


def test_a_float_never_reaches_the_database(ledger):
    with pytest.raises(TypeError, match="not float"):
        add_reads(ledger, PARENT, [replace(READ, readings=(replace(SMS, price=0.5),))])


@pytest.mark.parametrize("text", ["0.0000001", "1000000000", "123456789012345678901234567890.123456789"])
def test_a_quantity_of_any_size_comes_back_exactly(ledger, text):
    add_reads(ledger, PARENT, [replace(READ, readings=(replace(SMS, usage=Decimal(text)),))])
    assert str(newest(ledger).readings[0].usage) == (text if text != "0.0000001" else "1E-7")
