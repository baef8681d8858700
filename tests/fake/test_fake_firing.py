"""Triggers fire by the clock and by seeded usage: statements 30, 33 and 36."""

import pytest

ROOT = "/2010-04-01/Accounts"
MINUTE, DAY = 60, 86_400


@pytest.fixture
def use(wire, acme):
    def _use(count, category="sms", account=None, **more):
        amounts = {"count": count, "usage": count, "price": "0.05"}
        order = {"account": account or acme["sid"], "category": category, **amounts, **more}
        assert wire.fake_control("POST", "/usage", order).status_code == 200

    return _use


@pytest.fixture
def count_callbacks(wire):
    """How many callbacks there are a minute later."""

    def count():
        wire.advance(MINUTE)
        return len(wire.deliveries())

    return count


@pytest.fixture
def read(wire, acme):
    def _read(sid):
        return wire("GET", f"{ROOT}/{acme['sid']}/Usage/Triggers/{sid}.json").json()

    return _read


def test_a_change_answers_with_what_was_due_before_it(wire, acme, use, read):
    record = wire.trigger(acme["sid"], TriggerValue="10").json()
    use(10)
    wire.fake.store.clock.advance(MINUTE)  # and nobody looked yet
    changed = wire(
        "POST", f"{ROOT}/{acme['sid']}/Usage/Triggers/{record['sid']}.json", data={"FriendlyName": "n"}
    ).json()
    assert changed["date_fired"] is not None
    assert read(record["sid"]) == changed


def test_statement_30_a_relative_value_starts_from_what_was_used(wire, acme, use):
    use(12)
    record = wire.trigger(acme["sid"], TriggerValue="+30").json()
    assert (record["current_value"], record["trigger_value"]) == ("12.000000", "42.000000")


def test_statement_33_a_daily_trigger_fires_again_on_the_next_day(wire, acme, use, count_callbacks, read):
    sid = wire.trigger(acme["sid"], TriggerValue="10", Recurring="daily").json()["sid"]
    counts = []
    for _ in range(3):
        use(6)
        counts.append(count_callbacks())
    assert counts == [0, 1, 1]
    assert (read(sid)["date_fired"], read(sid)["current_value"]) == ("Fri, 15 Jan 2027 12:02:00 +0000", "18.000000")
    wire.advance(DAY)
    assert read(sid)["current_value"] == "0.000000"
    use(10)
    assert count_callbacks() == 2


def test_statement_33_a_trigger_of_all_time_fires_once_and_never_again(wire, acme, use, count_callbacks):
    wire.trigger(acme["sid"], TriggerValue="10")
    use(10)
    assert count_callbacks() == 1
    wire.advance(400 * DAY)
    use(10)
    assert count_callbacks() == 1


@pytest.mark.parametrize(("recurring", "days"), [("daily", 1), ("monthly", 17), ("yearly", 351)])
def test_statement_33_a_period_begins_at_midnight_gmt(wire, acme, use, count_callbacks, read, recurring, days):
    """From Friday the 15th of January at noon: after half a day less a minute it is still the same period."""
    sid = wire.trigger(acme["sid"], TriggerValue="10", Recurring=recurring).json()["sid"]
    use(10)
    assert count_callbacks() == 1
    wire.advance(days * DAY - DAY // 2 - 2 * MINUTE)
    assert read(sid)["current_value"] == "10.000000"
    wire.advance(MINUTE)
    assert read(sid)["current_value"] == "0.000000"
    use(10)
    assert count_callbacks() == 2


def test_statement_36_a_tripped_trigger_remains_until_it_is_deleted(wire, acme, use, count_callbacks, read):
    sid = wire.trigger(acme["sid"], TriggerValue="10").json()["sid"]
    use(10)
    assert count_callbacks() == 1
    wire.advance(30 * DAY)
    assert read(sid)["date_fired"] == "Fri, 15 Jan 2027 12:01:00 +0000"
    wire("DELETE", f"{ROOT}/{acme['sid']}/Usage/Triggers/{sid}.json")
    assert read(sid)["status"] == 404


def test_usage_is_looked_at_when_a_minute_is_over_and_not_before(wire, acme, use):
    wire.trigger(acme["sid"], TriggerValue="10")
    wire.advance(30)
    use(10)
    wire.advance(29)
    assert wire.deliveries() == []
    wire.advance(1)
    assert len(wire.deliveries()) == 1


def test_how_long_it_takes_is_a_switch(wire, acme, use):
    wire.fake_control("POST", "/behaviour", {"trigger_evaluation_seconds": 0})
    wire.trigger(acme["sid"], TriggerValue="10")
    use(10)
    assert len(wire.deliveries()) == 1


def test_usage_that_lags_fires_later(wire, acme, use, count_callbacks):
    wire.fake_control("POST", "/behaviour", {"usage_lag_seconds": 3600})
    sid = wire.trigger(acme["sid"], TriggerValue="10").json()["sid"]
    use(10)
    assert count_callbacks() == 0
    path = f"{ROOT}/{acme['sid']}/Usage/Triggers/{sid}.json"
    assert wire("GET", path).json()["current_value"] == "0.000000"
    wire.advance(3600)
    assert wire("GET", path).json()["current_value"] == "10.000000"
    assert len(wire.deliveries()) == 1


def test_usage_that_lags_can_be_looked_at_every_moment(wire, acme, use):
    wire.fake_control("POST", "/behaviour", {"usage_lag_seconds": 5, "trigger_evaluation_seconds": 0})
    wire.trigger(acme["sid"], TriggerValue="20")
    use(10)
    wire.advance(3)
    use(10)
    wire.advance(4)
    assert wire.deliveries() == []
    wire.advance(1)
    assert len(wire.deliveries()) == 1


def test_a_trigger_that_is_made_too_late_fires_too(wire, acme, use, count_callbacks):
    use(10)
    assert count_callbacks() == 0
    wire.trigger(acme["sid"], TriggerValue="10")
    assert count_callbacks() == 1


@pytest.mark.parametrize(("measure", "fires"), [("count", 1), ("usage", 1), ("price", 0)])
def test_a_trigger_counts_by_its_own_measure(wire, acme, use, count_callbacks, measure, fires):
    wire.trigger(acme["sid"], TriggerValue="10", TriggerBy=measure)
    use(10)
    assert count_callbacks() == fires


@pytest.mark.parametrize(("used", "fires"), [("sms-inbound", 1), ("sms", 1), ("calls", 0), ("mms", 0)])
def test_a_trigger_counts_what_adds_up_to_its_category(wire, acme, use, count_callbacks, used, fires):
    wire.trigger(acme["sid"], TriggerValue="10")
    use(10, category=used)
    assert count_callbacks() == fires


def test_a_trigger_on_the_total_counts_money(wire, acme, use, count_callbacks):
    wire.trigger(acme["sid"], TriggerValue="0.1", TriggerBy="price", UsageCategory="totalprice")
    use(1, category="sms-inbound")
    assert count_callbacks() == 0
    use(1, category="calls-client")
    assert count_callbacks() == 1


@pytest.mark.parametrize(("switch", "fires"), [(False, 0), (True, 1)])
def test_whether_a_parents_trigger_counts_its_subaccounts_is_a_switch(wire, use, count_callbacks, switch, fires):
    """Twilio does not document it: a switch of docs/fake.md decides."""
    wire.fake_control("POST", "/behaviour", {"parent_triggers_count_subaccounts": switch})
    wire.trigger(wire.fake.account_sid, TriggerValue="10")
    use(10)
    assert count_callbacks() == fires


@pytest.mark.parametrize(
    "wrong",
    [
        {"count": 0.5},
        {"count": "x"},
        {"count": "--1"},
        {"count": True},
        {"count": "1e-999999999"},
        {"count": 10**15},
        {"count": "NaN"},
        {"kount": 1},
        {"category": None},
        {"category": ""},
        {"at": "tomorrow"},
        {"at": "2027-01-15T12:00:00"},
        {"at": "2027-01-15T12:00:01Z"},
    ],
)
def test_usage_that_is_none_is_refused(wire, acme, wrong):
    order = {"account": acme["sid"], "category": "sms", **wrong}
    assert wire.fake_control("POST", "/usage", order).status_code == 400


def test_usage_of_no_account_is_refused(wire):
    assert wire.fake_control("POST", "/usage", {"account": "AC" + "0" * 32, "category": "sms"}).status_code == 404
