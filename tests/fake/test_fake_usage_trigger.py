"""Statements 30 to 32, 35 and 36: usage triggers."""

from dataclasses import replace

import pytest
from twilio.base.exceptions import TwilioRestException

from faketwilio.hosts.api.records import UsageTrigger

ROOT = "/2010-04-01/Accounts"


@pytest.fixture
def triggers(parent, acme):
    return parent.api.v2010.accounts(acme["sid"]).usage.triggers


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("1000", "1000.000000"),
        ("0.5", "0.500000"),
        ("+30", "30.000000"),
        ("123456789012.123456", "123456789012.123456"),
    ],
)
def test_statement_30_a_value_reads_back_with_six_places(triggers, sent, read):
    trigger = triggers.create(callback_url="https://a.example/u", trigger_value=sent, usage_category="sms")
    assert trigger.trigger_value == read


@pytest.mark.parametrize("value", ["", "many", "-5", "1e3", "1,000", " 30", "1.2345678", "NaN", "٣"])
def test_a_value_that_is_no_amount_is_refused(wire, acme, value):
    """Twilio's documentation of usage triggers."""
    assert wire.trigger(acme["sid"], TriggerValue=value).status_code == 400


def test_statement_31_what_is_left_out_reads_back_as_twilios_defaults(wire, acme):
    record = wire.trigger(acme["sid"]).json()
    assert record["callback_method"] == "POST"
    assert record["trigger_by"] == "usage"
    assert record["recurring"] is None
    assert record["friendly_name"] == "Trigger for sms at usage of 1000"
    assert record["current_value"] == "0.000000"
    assert record["date_fired"] is None
    assert record["usage_record_uri"] == f"{ROOT}/{acme['sid']}/Usage/Records.json?Category=sms"


@pytest.mark.parametrize(("switch", "read"), [(None, None), ("alltime", "alltime")])
def test_statement_31_what_alltime_reads_back_as_is_a_switch(wire, acme, switch, read):
    wire.fake_control("POST", "/behaviour", {"alltime_reads_back": switch})
    assert wire.trigger(acme["sid"], Recurring="alltime").json()["recurring"] == read


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("http://www.example.com/", "http://www.example.com"),
        ("http://www.example.com/a/", "http://www.example.com/a/"),
        ("https://www.example.com/?a=/", "https://www.example.com/?a=/"),
    ],
)
def test_a_bare_hosts_slash_is_lost(wire, acme, sent, read):
    """Twilio's documentation of usage triggers, a switch."""
    assert wire.trigger(acme["sid"], CallbackUrl=sent).json()["callback_url"] == read


def test_statement_32_what_can_not_change_is_ignored(wire, acme):
    record = wire.trigger(acme["sid"], Recurring="daily", TriggerBy="count").json()
    changes = {"TriggerValue": "5", "UsageCategory": "calls", "Recurring": "monthly", "TriggerBy": "price"}
    answer = wire("POST", f"{ROOT}/{acme['sid']}/Usage/Triggers/{record['sid']}.json", data=changes)
    assert answer.status_code == 200
    assert answer.json() == record


def test_what_can_change_does(triggers):
    """Twilio's documentation of usage triggers."""
    trigger = triggers.create(callback_url="https://a.example/u", trigger_value="1", usage_category="sms")
    changed = triggers(trigger.sid).update(callback_url="https://b.example/", callback_method="GET", friendly_name="n")
    assert (changed.callback_url, changed.callback_method, changed.friendly_name) == ("https://b.example", "GET", "n")


def test_statement_35_the_thousand_and_first_trigger_is_rejected(wire, acme):
    trigger = wire.trigger(acme["sid"]).json()["sid"]
    store = wire.fake.store
    for number in range(999):
        store.table(UsageTrigger).put(replace(store.table(UsageTrigger).get(trigger), sid=f"UT{number:032x}"))
    assert wire.trigger(acme["sid"]).status_code == 400
    wire("DELETE", f"{ROOT}/{acme['sid']}/Usage/Triggers/{trigger}.json")
    assert wire.trigger(acme["sid"]).status_code == 201


def test_statement_35_there_is_a_most_of_triggers(wire, acme):
    wire.fake_control("POST", "/behaviour", {"max_triggers": 1})
    assert wire.trigger(acme["sid"]).status_code == 201
    assert wire.trigger(acme["sid"]).status_code == 400


@pytest.mark.parametrize("missing", ["CallbackUrl", "TriggerValue", "UsageCategory"])
def test_a_trigger_needs_three_parameters(wire, acme, missing):
    """Twilio's documentation of usage triggers."""
    answer = wire.trigger(acme["sid"], **{missing: None})
    assert (answer.status_code, answer.json()["code"]) == (400, 20001)
    assert missing in answer.json()["message"]


@pytest.mark.parametrize("url", ["ftp://a.example", "a.example/u", "https://", "https://a b.example/", "http://[x/"])
def test_a_callback_url_that_is_none_is_refused(wire, acme, url):
    """Twilio's documentation of usage triggers."""
    assert wire.trigger(acme["sid"], CallbackUrl=url).json()["code"] == 21456


@pytest.mark.parametrize("wrong", [{"Recurring": "weekly"}, {"TriggerBy": "size"}, {"CallbackMethod": "PUT"}])
def test_a_choice_that_is_none_is_refused(wire, acme, wrong):
    """Twilio's documentation of usage triggers."""
    assert wire.trigger(acme["sid"], **wrong).status_code == 400


def test_a_trigger_is_listed_by_all_but_its_name(triggers):
    """Twilio's documentation of usage triggers."""
    for recurring in ("daily", "alltime"):
        triggers.create(
            callback_url="https://a.example",
            trigger_value="1",
            usage_category="sms",
            recurring=recurring,
            friendly_name=recurring,
        )
    assert [trigger.friendly_name for trigger in triggers.list(recurring="alltime")] == ["alltime"]
    assert [trigger.friendly_name for trigger in triggers.list(recurring="daily")] == ["daily"]
    assert len(triggers.list(usage_category="sms", trigger_by="usage")) == 2
    assert triggers.list(usage_category="calls") == []


def test_a_name_filter_is_ignored(wire, acme):
    """Twilio's documentation of usage triggers: there is none."""
    wire.trigger(acme["sid"], FriendlyName="a")
    listed = wire("GET", f"{ROOT}/{acme['sid']}/Usage/Triggers.json", params={"FriendlyName": "b"}).json()
    assert len(listed["usage_triggers"]) == 1


def test_a_deleted_trigger_is_gone(triggers):
    """Twilio's documentation of usage triggers."""
    trigger = triggers.create(callback_url="https://a.example/u", trigger_value="1", usage_category="sms")
    assert triggers(trigger.sid).delete() is True
    with pytest.raises(TwilioRestException) as caught:
        triggers(trigger.sid).fetch()
    assert (caught.value.status, caught.value.code) == (404, 20404)


def test_which_categories_are_refused_is_a_switch(wire, acme):
    """Twilio does not document it: a switch of docs/fake.md decides."""
    assert wire.trigger(acme["sid"], UsageCategory="nonsense").status_code == 201
    for code in (20001, 21400):
        refused = {"refused_usage_categories": ["nonsense"], "refused_usage_category_code": code}
        wire.fake_control("POST", "/behaviour", refused)
        answer = wire.trigger(acme["sid"], UsageCategory="nonsense")
        assert (answer.status_code, answer.json()["code"]) == (400, code)
