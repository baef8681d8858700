"""Usage records on the wire: exact, null-safe, of one account, and of the days that were asked for."""

import json
from decimal import Decimal

import pytest

from faketwilio.control.usage import set_records
from tenantry.model.usage_period import read_month
from tenantry.twilio.errors import Refused, Unreachable, WrongAccount

MARCH = read_month("2026-03")
ROW = {
    "category": "sms",
    "count": "5",
    "count_unit": "messages",
    "usage": "7",
    "usage_unit": "segments",
    "price": "0.0553",
    "price_unit": "USD",
    "start_date": "2026-03-01",
    "end_date": "2026-03-31",
    "as_of": "2026-04-01T02:03:04+00:00",
}


@pytest.fixture
def use(fake, acme):
    def _use(*records):
        fields = ("day", "category", "count", "usage", "price")
        rows = [dict(zip(fields, record, strict=True)) for record in records]
        set_records(fake.store, {"account": acme.sid, "records": rows})

    return _use


@pytest.fixture
def read(saying, http):
    """Read rows as Twilio might write them: each is ROW with some fields changed."""

    def _read(*changes, body=None):
        rows = [{**ROW, **change} for change in changes]
        session = saying(http(200, body or json.dumps({"usage_records": rows, "next_page_uri": None})))
        return session.usage_records.read_period("AC" + "2" * 32, MARCH, tenant="acme")

    return _read


def test_a_period_is_one_call_without_subaccounts(fake, session, acme, use, witness):
    use(("2026-03-02", "sms-inbound", 2, 2, "0.015"))
    readings = {reading.category: reading for reading in session.usage_records.read_period(acme.sid, MARCH)}
    assert readings.keys() == {"sms", "sms-inbound", "totalprice"}
    assert (readings["sms"].price, readings["totalprice"].count) == (Decimal("0.015"), None)
    assert len(witness.log()) == 1


def test_a_parent_is_asked_for_itself_unless_for_the_fleet(session, fake, use):
    use(("2026-03-02", "sms-inbound", 2, 2, "0.015"))
    records = session.usage_records
    [own] = records.read_period(fake.account_sid, MARCH)
    assert (own.category, own.price) == ("totalprice", 0)
    whole = records.read_period(fake.account_sid, MARCH, with_subaccounts=True)
    assert {reading.price for reading in whole} == {Decimal("0.015")}


def test_days_are_readings_of_their_own_in_order(session, acme, use):
    use(("2026-03-31", "sms-inbound", 1, 1, "0.5"), ("2026-03-01", "sms-inbound", 2, 2, "0.25"))
    use(("2026-04-01", "sms-inbound", 9, 9, "9"))
    readings = session.usage_records.read_days(acme.sid, MARCH, "sms", tenant="acme")
    assert [(str(reading.period), reading.price, reading.tenant) for reading in readings] == [
        ("2026-03-01 to 2026-03-01", Decimal("0.25"), "acme"),
        ("2026-03-31 to 2026-03-31", Decimal("0.5"), "acme"),
    ]


def test_a_correction_may_be_negative(session, acme, use):
    use(("2026-03-02", "sms-inbound", 0, -1, "-0.0075"))
    assert {reading.price for reading in session.usage_records.read_period(acme.sid, MARCH)} == {Decimal("-0.0075")}


def test_pages_are_followed(session, acme, use, fake):
    use(*((f"2026-03-{day:02}", f"sms-{number}", 1, 1, "1") for day in (1, 2) for number in range(600)))
    readings = session.usage_records.read_period(acme.sid, MARCH)
    assert sum(reading.category.startswith("sms-") for reading in readings) == 600
    assert readings[-1].count == 2


@pytest.mark.parametrize("figure", [None, "", "  "])
def test_a_figure_that_twilio_leaves_out_is_none(read, figure):
    [reading] = read({"count": figure, "price": figure})
    assert (reading.count, reading.usage, reading.price) == (None, 7, None)


def test_a_number_that_is_no_text_is_as_exact(read):
    body = json.dumps({"usage_records": [ROW]}).replace('"0.0553"', "0.1000000000000000055511151231257827")
    [reading] = read(body=body)
    assert reading.price == Decimal("0.1000000000000000055511151231257827")


def test_as_of_units_and_currency_are_kept(read):
    [reading] = read({})
    assert str(reading.as_of) == "2026-04-01 02:03:04+00:00"
    assert (reading.usage_unit, reading.price_unit, reading.tenant) == ("segments", "usd", "acme")


def test_what_is_no_number_is_refused(read):
    with pytest.raises(Refused, match="price is 'much', which is no number"):
        read({"price": "much"})
    with pytest.raises(Refused, match="no number"):
        read({"price": "NaN"})


@pytest.mark.parametrize("days", [{"start_date": "2026-02-28"}, {"end_date": "2026-04-01"}, {"end_date": "soon"}])
def test_an_answer_for_other_days_is_refused(read, days):
    with pytest.raises(Refused, match="Twilio answered for"):
        read(days)


def test_an_answer_for_another_account_is_refused(read):
    with pytest.raises(WrongAccount):
        read({"account_sid": "AC" + "9" * 32})


def test_a_row_that_comes_twice_counts_once(read):
    assert len(read({}, {}, {"category": "mms"})) == 2


def test_an_answer_without_a_list_is_no_usage(read):
    with pytest.raises(Unreachable, match="no list of usage_records"):
        read(body='{"other": []}')
