"""The control plane, and acts as in the Console."""

import pytest

from faketwilio.hosts.api.records import UsageTrigger
from faketwilio.hosts.events.records import EventSink

ROOT = "/2010-04-01/Accounts"


def test_the_state_shows_all_by_account_and_no_secret(wire, fake, parent, acme, acme_auth):
    key = parent.api.v2010.accounts(acme["sid"]).new_keys.create(friendly_name="web#1")
    trigger = wire.trigger(acme["sid"]).json()
    sink = wire.sink(acme_auth).json()
    subscription = wire.subscription(acme_auth, sink["sid"]).json()
    answer = wire.fake_control("GET", "/state")
    state = answer.json()
    account = state["accounts"][acme["sid"]]
    assert state["parent"] == fake.account_sid
    assert set(state["accounts"]) == {fake.account_sid, acme["sid"]}
    assert [api_key["friendly_name"] for api_key in account["api_keys"]] == ["web#1"]
    assert [api_key["sid"] for api_key in account["usage_triggers"]] == [trigger["sid"]]
    assert [api_key["sid"] for api_key in account["event_sinks"]] == [sink["sid"]]
    assert [api_key["sid"] for api_key in account["event_subscriptions"]] == [subscription["sid"]]
    assert account["event_subscriptions"][0]["types"] == {"com.twilio.error-logs.error.logged": 2}
    for secret in (fake.auth_token, acme["auth_token"], key.secret):
        assert secret not in answer.text


def test_a_reset_leaves_a_fresh_parent_with_the_same_credentials(wire, fake, acme):
    before = fake.account_sid, fake.auth_token
    wire.fake_control("POST", "/reset")
    assert (fake.account_sid, fake.auth_token) == before
    assert [account["sid"] for account in wire("GET", f"{ROOT}.json").json()["accounts"]] == [fake.account_sid]
    assert wire.subaccount()["sid"] != acme["sid"]


def test_requests_are_counted_by_path_without_sids(wire, acme):
    wire.fake_control("POST", "/requests/reset")
    for _ in range(2):
        wire("GET", f"{ROOT}/{acme['sid']}/Keys.json?PageSize=5")
    seen = wire.fake_control("GET", "/requests").json()
    assert seen["count"] == {"GET /2010-04-01/Accounts/{Sid}/Keys.json": 2}
    assert (seen["total"], seen["most_in_flight"]) == (2, 1)
    path = f"{ROOT}/{acme['sid']}/Keys.json"
    assert seen["log"] == [["GET", "api.twilio.com", path, 200, wire.fake.account_sid]] * 2


def test_the_journal_knows_whose_credentials_a_request_had(wire, acme, acme_auth):
    wire.fake_control("POST", "/requests/reset")
    wire.events("GET", "/v1/Sinks", auth=acme_auth)
    wire.events("GET", "/v1/Sinks", auth=wire.key(acme["sid"]))
    assert [line[4] for line in wire.fake_control("GET", "/requests").json()["log"]] == [acme["sid"]] * 2


def test_the_console_changes_what_the_api_does_not(wire, acme):
    trigger = wire.trigger(acme["sid"]).json()["sid"]
    fields = {"trigger_value": "5.000000", "callback_url": "https://elsewhere.example"}
    wire.fake_control("POST", "/console", {"set": trigger, "fields": fields})
    read = wire("GET", f"{ROOT}/{acme['sid']}/Usage/Triggers/{trigger}.json").json()
    assert {name: read[name] for name in fields} == fields


def test_the_console_deletes(wire, acme, acme_auth):
    sink = wire.sink(acme_auth).json()["sid"]
    subscription = wire.subscription(acme_auth, sink).json()["sid"]
    assert wire.fake_control("POST", "/console", {"delete": sink}).json() == {"deleted": sink}
    assert wire.events("GET", f"/v1/Subscriptions/{subscription}", auth=acme_auth).status_code == 404


def test_the_console_deletes_an_account_with_all_it_has(wire, acme, acme_auth):
    wire.trigger(acme["sid"])
    wire.sink(acme_auth)
    wire.fake_control("POST", "/console", {"delete": acme["sid"]})
    assert wire("GET", f"{ROOT}/{acme['sid']}.json").status_code == 404
    assert wire.fake.store.table(UsageTrigger).all() == []
    assert wire.fake.store.table(EventSink).all() == []


@pytest.mark.parametrize("kind", ["api_key", "usage_trigger", "event_sink", "event_subscription"])
def test_the_console_makes_what_nobody_manages(wire, acme, acme_auth, kind):
    sink = {} if kind != "event_subscription" else {"sink_sid": wire.sink(acme_auth).json()["sid"]}
    record = wire.fake_control("POST", "/console", {"create": kind, "account": acme["sid"], "fields": sink}).json()
    state = wire.fake_control("GET", "/state").json()["accounts"][acme["sid"]]
    assert [item["sid"] for item in state[f"{kind}s"]] == [record["sid"]]


def test_the_console_makes_a_subaccount(wire):
    order = {"create": "subaccount", "account": wire.fake.account_sid, "fields": {"friendly_name": "by hand"}}
    wire.fake_control("POST", "/console", order)
    listed = wire("GET", f"{ROOT}.json?FriendlyName=by+hand").json()["accounts"]
    assert [item["status"] for item in listed] == ["active"]


@pytest.mark.parametrize("status", ["closed", "suspended"])
def test_the_console_closes_and_suspends(wire, acme, status):
    wire.fake_control("POST", "/console", {"set": acme["sid"], "fields": {"status": status}})
    assert wire("GET", f"{ROOT}/{acme['sid']}.json").json()["status"] == status


@pytest.mark.parametrize(
    ("act", "code"),
    [
        ({}, 400),
        ({"set": "UT" + "0" * 32, "fields": {}}, 404),
        ({"delete": "junk"}, 404),
        ({"create": "phone", "account": "AC" + "0" * 32, "fields": {}}, 400),
        ({"create": "api_key", "account": "AC" + "0" * 32, "fields": {}}, 404),
        ({"delete": "x", "set": "y"}, 400),
    ],
)
def test_an_act_that_is_none_is_refused(wire, act, code):
    assert wire.fake_control("POST", "/console", act).status_code == code


def test_an_act_names_the_fields_there_are(wire, acme):
    answer = wire.fake_control("POST", "/console", {"set": acme["sid"], "fields": {"nmae": "x"}})
    assert answer.status_code == 400
    assert "friendly_name" in answer.json()["error"]


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "bogus"},
        {"friendly_name": 5},
        {"date_created": "yesterday"},
        {"closed_at": "0001-01-01"},
        {"suspended_by_twilio": "yes"},
        {"auth_token": None},
        {"sid": "AC" + "1" * 32},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_an_invalid_value_of_a_field_is_refused_and_changes_nothing(wire, acme, fields):
    before = wire.fake_control("GET", "/state").json()
    answer = wire.fake_control("POST", "/console", {"set": acme["sid"], "fields": fields})
    assert answer.status_code == 400
    assert next(iter(fields)) in answer.json()["error"]
    assert wire.fake_control("GET", "/state").json() == before


def test_a_date_of_the_console_without_a_zone_is_gmt(wire, acme):
    wire.fake_control("POST", "/console", {"set": acme["sid"], "fields": {"date_created": "2026-03-01"}})
    record = wire("GET", f"{ROOT}/{acme['sid']}.json").json()["date_created"]
    assert record == "Sun, 01 Mar 2026 00:00:00 +0000"


@pytest.mark.parametrize(("method", "path"), [("GET", "/no-such"), ("PUT", "/state"), ("GET", ""), ("GET", "/state/")])
def test_what_is_no_act_says_which_there_are(wire, method, path):
    answer = wire.fake_control(method, path)
    assert answer.status_code == 404
    assert "POST /_fake/console" in answer.json()["error"]


def test_the_parent_can_not_be_deleted(wire, fake):
    assert wire.fake_control("POST", "/console", {"delete": fake.account_sid}).status_code == 400


@pytest.mark.parametrize(
    "switches",
    [
        {"no_such": 1},
        {"max_keys": "1"},
        {"policy_on_standard_key": "guess"},
        {"permission_products": [1]},
        {"sink_timeout_seconds": 0},
        {"sink_timeout_seconds": True},
        {"max_keys": -1},
        {"status_error_status": 99},
    ],
)
def test_a_switch_that_is_none_is_refused(wire, switches):
    before = wire.fake_control("GET", "/behaviour").json()
    assert wire.fake_control("POST", "/behaviour", switches).status_code == 400
    assert wire.fake_control("GET", "/behaviour").json() == before


@pytest.mark.parametrize(
    "order", [{"advance_seconds": -1}, {"advance_seconds": "1"}, {"advance_seconds": 1e11}, {}, {"seconds": 1}]
)
def test_the_clock_never_goes_back_or_past_all_dates(wire, order):
    assert wire.fake_control("POST", "/clock", order).status_code == 400


def test_a_refused_advance_moves_nothing(wire, acme):
    """With something due in between, which is where it would stop."""
    wire.trigger(acme["sid"])
    before = wire.fake_control("GET", "/clock").json()
    wire.fake_control("POST", "/clock", {"advance_seconds": 1e11})
    assert wire.fake_control("GET", "/clock").json() == before


@pytest.mark.parametrize("body", ["junk", "[]", "1"])
def test_an_order_that_is_no_object_is_refused(wire, fake, body):
    answer = wire.session.post(f"{fake.url}/_fake/clock", data=body, timeout=120)
    assert answer.status_code == 400


def test_products_of_permissions_can_be_added(wire, acme_auth):
    policy = '{"allow":["/twilio/verify/services/read"]}'
    data = {"AccountSid": acme_auth[0], "KeyType": "restricted", "Policy": policy}
    assert wire.iam("POST", "/v1/Keys", data=data, auth=acme_auth).status_code == 400
    wire.fake_control("POST", "/behaviour", {"permission_products": ["verify"]})
    assert wire.iam("POST", "/v1/Keys", data=data, auth=acme_auth).status_code == 201
