"""Statements 30, 33, 34 and 36: triggers fire by the clock and by seeded usage; callbacks are held, not sent."""

from urllib.parse import parse_qs, urlsplit

import pytest
from twilio.request_validator import RequestValidator

ROOT = "/2010-04-01/Accounts"
DAY = 86_400
TEN = {
    "AccountSid",
    "UsageTriggerSid",
    "DateFired",
    "Recurring",
    "UsageCategory",
    "TriggerBy",
    "TriggerValue",
    "CurrentValue",
    "UsageRecordUri",
    "IdempotencyToken",
}


@pytest.fixture
def use(wire, acme):
    def _use(count, category="sms"):
        order = {"account": acme["sid"], "category": category, "count": count, "usage": count, "price": "0.05"}
        return wire.fake_control("POST", "/usage", order).json()["callbacks"]

    return _use


@pytest.fixture
def tomorrow(wire):
    def _tomorrow():
        wire.fake_control("POST", "/clock", {"advance_seconds": DAY})

    return _tomorrow


def test_a_relative_value_starts_from_what_was_used(wire, acme, use):
    """Statement 30."""
    use(12)
    made = wire.trigger(acme["sid"], TriggerValue="+30").json()
    assert (made["current_value"], made["trigger_value"]) == ("12.000000", "42.000000")


def test_a_trigger_fires_once_a_day_and_is_armed_again_the_next(wire, acme, use, tomorrow):
    """Statement 33."""
    sid = wire.trigger(acme["sid"], TriggerValue="10", Recurring="daily").json()["sid"]
    assert [use(6), use(6), use(6)] == [0, 1, 1]
    tomorrow()
    read = wire("GET", f"{ROOT}/{acme['sid']}/Usage/Triggers/{sid}.json").json()
    assert read["current_value"] == "0.000000"
    assert read["date_fired"] is not None
    assert use(10) == 2


def test_a_trigger_of_all_time_fires_once_and_stays(wire, acme, use, tomorrow):
    """Statements 33 and 36."""
    sid = wire.trigger(acme["sid"], TriggerValue="10").json()["sid"]
    assert use(10) == 1
    tomorrow()
    assert use(10) == 1
    read = wire("GET", f"{ROOT}/{acme['sid']}/Usage/Triggers/{sid}.json").json()
    assert (read["current_value"], read["date_fired"] is None) == ("20.000000", False)


def test_a_trigger_counts_its_own_category_by_its_own_measure(wire, acme, use):
    """Statement 33."""
    wire.trigger(acme["sid"], TriggerValue="10", TriggerBy="price")
    assert [use(10), use(10, category="calls")] == [0, 0]


def test_a_callback_has_ten_parameters_and_the_accounts_signature(wire, acme, use):
    """Statement 34."""
    sid = wire.trigger(acme["sid"], TriggerValue="10", Recurring="daily").json()["sid"]
    use(10)
    held = wire.fake_control("GET", "/callbacks").json()[0]
    assert set(held["form"]) == TEN
    assert held["form"]["IdempotencyToken"].startswith(f"{acme['sid']}-FIRES-{sid}-")
    assert RequestValidator(acme["auth_token"]).validate(held["url"], held["form"], held["signature"])


def test_a_get_callback_has_them_in_its_url(wire, acme, use):
    """Statement 34."""
    wire.trigger(acme["sid"], TriggerValue="10", CallbackMethod="GET")
    use(10)
    held = wire.fake_control("GET", "/callbacks").json()[0]
    assert set(parse_qs(urlsplit(held["url"]).query, keep_blank_values=True)) == TEN
    assert RequestValidator(acme["auth_token"]).validate(held["url"], {}, held["signature"])


@pytest.mark.parametrize("wrong", [{"count": 0.5}, {"count": "x"}, {"count": -1}, {"kount": 1}, {"category": None}])
def test_usage_that_is_none_is_refused(wire, acme, wrong):
    order = {"account": acme["sid"], "category": "sms", **wrong}
    assert wire.fake_control("POST", "/usage", order).status_code == 400
