"""Each open question is a switch that is tested; these are the ones of which no other file tells."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from faketwilio.store.behaviour import Behaviour, behaviour_of

ROOT = "/2010-04-01/Accounts"
DAY = 86_400
TESTS = "\n".join(file.read_text(encoding="utf-8") for file in Path(__file__).parent.glob("test_fake_*.py"))


@pytest.fixture
def switch(wire):
    def _switch(**values):
        answer = wire.fake_control("POST", "/behaviour", values)
        assert answer.status_code == 200, answer.text

    return _switch


@pytest.mark.parametrize("name", [field.name for field in fields(Behaviour)])
def test_each_switch_is_turned_in_a_test(name):
    assert f'"{name}"' in TESTS or f"{name}=" in TESTS


@pytest.mark.parametrize(("counted", "status"), [(True, 400), (False, 201)])
def test_whether_closed_accounts_count_to_the_limit(wire, acme, switch, counted, status):
    switch(max_subaccounts=1, closed_accounts_count=counted)
    wire("POST", f"{ROOT}/{acme['sid']}.json", data={"Status": "closed"})
    assert wire("POST", f"{ROOT}.json").status_code == status


def test_when_a_closed_account_vanishes(wire, acme, switch):
    switch(close_deletes_after_days=2)
    wire("POST", f"{ROOT}/{acme['sid']}.json", data={"Status": "closed"})
    wire.fake_control("POST", "/clock", {"advance_seconds": 2 * DAY - 1})
    assert wire("GET", f"{ROOT}/{acme['sid']}.json").status_code == 200
    wire.fake_control("POST", "/clock", {"advance_seconds": 1})
    assert wire("GET", f"{ROOT}/{acme['sid']}.json").status_code == 404


def test_what_a_refused_status_is_answered_with(wire, acme, switch):
    switch(status_error_status=409, max_subaccounts=1)
    answer = wire("POST", f"{ROOT}/{acme['sid']}.json", data={"Status": "junk"})
    assert (answer.status_code, answer.json()["code"]) == (409, 21475)
    answer = wire("POST", f"{ROOT}.json")
    assert (answer.status_code, answer.json()["code"]) == (409, 21480)


def test_statement_24_the_code_of_a_restricted_key_without_a_policy(wire, acme_auth, switch):
    data = {"AccountSid": acme_auth[0], "KeyType": "restricted"}
    assert wire.iam("POST", "/v1/Keys", data=data, auth=acme_auth).json()["code"] == 20001
    switch(missing_policy_code=70002)
    assert wire.iam("POST", "/v1/Keys", data=data, auth=acme_auth).json()["code"] == 70002


def test_the_code_of_one_trigger_too_many(wire, acme, switch):
    switch(max_triggers=0, max_triggers_code=20010)
    assert wire.trigger(acme["sid"]).json()["code"] == 20010


def test_the_code_of_a_second_secondary_token(wire, acme_auth, switch):
    switch(second_secondary_token_code=20010)
    codes = [
        wire("POST", "/v1/AuthTokens/Secondary", host="accounts.twilio.com", auth=acme_auth).json().get("code")
        for _ in range(2)
    ]
    assert codes == [None, 20010]


@pytest.mark.parametrize(("loses", "read"), [(True, "https://a.example"), (False, "https://a.example/")])
def test_whether_a_callback_url_loses_its_last_slash(wire, acme, switch, loses, read):
    switch(callback_url_loses_root_slash=loses)
    assert wire.trigger(acme["sid"], CallbackUrl="https://a.example/").json()["callback_url"] == read


def test_the_code_of_one_subscription_too_many(wire, acme_auth, switch):
    switch(max_subscriptions=0, max_subscriptions_code=20010)
    sink = wire.sink(acme_auth).json()["sid"]
    assert wire.subscription(acme_auth, sink).json()["code"] == 20010


def test_the_code_of_a_sink_that_is_taken(wire, acme_auth, switch):
    switch(sink_taken_code=20010)
    sink = wire.sink(acme_auth).json()["sid"]
    assert [wire.subscription(acme_auth, sink).json().get("code") for _ in range(2)] == [None, 20010]


@pytest.mark.parametrize(
    ("setting", "text"),
    [
        ("max_keys=x", "switch max_keys can't be 'x'; its default is 1000"),
        ("undeletable=no", "switch undeletable can't be 'no'; it is one of not-allowed, not-found; its default is"),
    ],
)
def test_a_value_that_is_none_is_said_with_those_there_are(setting, text):
    with pytest.raises(ValueError, match=re.escape(text)):
        behaviour_of([setting])


def test_switches_are_read_as_they_are_written():
    read = behaviour_of(
        ["max_keys = 20", 'permission_products=["verify"]', "undeletable=not-found", "message_privacy=true"]
    )
    assert read == Behaviour(
        max_keys=20, permission_products=("verify",), undeletable="not-found", message_privacy=True
    )


def test_a_read_only_twilio_refuses_every_write(wire, acme, switch):
    switch(read_only=True)
    path = f"{ROOT}/{acme['sid']}"
    assert wire("GET", f"{path}.json").status_code == 200
    assert wire("POST", f"{path}.json", data={"FriendlyName": "Other"}).status_code == 403
    assert wire("POST", f"{path}/Keys.json").json()["code"] == 20403
    assert wire("GET", f"{path}.json").json()["friendly_name"] == acme["friendly_name"]
