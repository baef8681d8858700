"""Logs as far as they tell what was billed."""

from decimal import Decimal

import pytest

from faketwilio.control.seed import seed
from tenantry.model.usage_period import read_month
from tenantry.twilio.log_records import read_date

MARCH = read_month("2026-03")


@pytest.fixture
def log_world(fake, acme):
    def _log(kind, when, moment, **fields):
        values = {"date_created": moment, when: moment, **fields}
        seed(fake.store, {"kind": kind, "account": acme.sid, "fields": values})

    return _log


@pytest.mark.parametrize(("kind", "when"), [("message", "date_sent"), ("call", "start_time")])
def test_both_ends_of_a_period_are_in_it(session, acme, log_world, kind, when):
    for moment in ("2026-02-28T23:59:59Z", "2026-03-01T00:00:00Z", "2026-03-31T23:59:59Z", "2026-04-01T00:00:00Z"):
        log_world(kind, when, moment)
    logs = session.log_records
    log = logs.messages(acme.sid, MARCH) if kind == "message" else logs.calls(acme.sid, MARCH)
    assert (len(log.records), log.is_whole) == (2, True)


def test_prices_are_costs_and_exact(session, acme, log_world):
    log_world("message", "date_sent", "2026-03-02T00:00:00Z", price="-0.00790000000000000001", num_segments=2)
    log_world("message", "date_sent", "2026-03-01T00:00:00Z", price=None, num_media=1)
    with_price, without = session.log_records.messages(acme.sid, MARCH).records
    assert (with_price.price, with_price.segments) == (Decimal("0.00790000000000000001"), 2)
    assert (without.price, without.has_media) == (None, True)


@pytest.mark.parametrize(
    ("ends", "medium"),
    [({"to": "client:alice"}, "client"), ({"from": "sip:bob@example.com"}, "sip"), ({"to": "+14155550100"}, "phone")],
)
def test_what_carried_a_call_is_known(session, acme, log_world, ends, medium):
    log_world("call", "start_time", "2026-03-02T00:00:00Z", **ends)
    [call] = session.log_records.calls(acme.sid, MARCH).records
    assert call.medium == medium


def test_a_log_with_more_records_than_asked_for_is_cut(session, acme, log_world):
    for hour in range(4):
        log_world("message", "date_sent", f"2026-03-02T0{hour}:00:00Z")
    assert session.log_records.messages(acme.sid, MARCH, most=4).is_whole
    log = session.log_records.messages(acme.sid, MARCH, most=3)
    assert (len(log.records), log.is_whole) == (3, False)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Mon, 02 Mar 2026 01:00:00 +0000", "2026-03-02T01:00:00+00:00"),
        ("Mon, 02 Mar 2026 01:00:00 -0000", "2026-03-02T01:00:00+00:00"),
        ("Mon, 02 Mar 2026 01:00:00 +0200", "2026-03-01T23:00:00+00:00"),
        ("soon", None),
    ],
)
def test_dates_are_of_utc(text, moment):
    found = read_date({"date_created": text}, "date_created")
    assert (found and found.isoformat()) == moment
