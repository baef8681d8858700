"""Callbacks of triggers go out: signed, to this machine alone, tried again. Statement 34."""

import pytest
import requests
from twilio.request_validator import RequestValidator

from faketwilio.server import FakeTwilio
from faketwilio.store.behaviour import Behaviour
from faketwilio.store.store import Store

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
def fire(wire, acme):
    """Make a trigger that calls a URL, and let it fire; returns the trigger."""

    def _fire(url, **more):
        record = wire.trigger(acme["sid"], TriggerValue="10", Recurring="daily", CallbackUrl=url, **more).json()
        wire.fake_control("POST", "/usage", {"account": acme["sid"], "category": "sms", "count": 10, "usage": 10})
        wire.advance(60)
        return record

    return _fire


def test_statement_34_a_callback_has_ten_parameters(receiver, fire, acme):
    created = fire(f"{receiver.url}/usage")
    [got] = receiver.received
    assert (got.method, got.path) == ("POST", "/usage")
    assert got.form == {
        "AccountSid": acme["sid"],
        "UsageTriggerSid": created["sid"],
        "DateFired": "Fri, 15 Jan 2027 12:01:00 +0000",
        "Recurring": "daily",
        "UsageCategory": "sms",
        "TriggerBy": "usage",
        "TriggerValue": "10.000000",
        "CurrentValue": "10.000000",
        "UsageRecordUri": created["usage_record_uri"],
        "IdempotencyToken": f"{acme['sid']}-FIRES-{created['sid']}-2027-01-15",
    }


def test_statement_34_a_get_has_them_in_its_query(receiver, fire):
    fire(f"{receiver.url}/usage?a=b", CallbackMethod="GET")
    [got] = receiver.received
    assert (got.method, got.body) == ("GET", "")
    assert set(got.query) == TEN | {"a"}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_statement_34_the_sdks_validator_takes_the_signature(receiver, fire, acme, method):
    fire(f"{receiver.url}/usage?a=b", CallbackMethod=method)
    [got] = receiver.received
    signature = got.headers["X-Twilio-Signature"]
    assert RequestValidator(acme["auth_token"]).validate(receiver.url + got.path, got.form, signature)
    assert not RequestValidator("0" * 32).validate(receiver.url + got.path, got.form, signature)


def test_statement_34_it_is_signed_with_the_primary_token_alone(wire, receiver, fire, acme_client):
    secondary = acme_client.accounts.v1.secondary_auth_token().create().secondary_auth_token
    fire(f"{receiver.url}/usage")
    [got] = receiver.received
    signature = got.headers["X-Twilio-Signature"]
    assert not RequestValidator(secondary).validate(f"{receiver.url}/usage", got.form, signature)


def test_statement_34_there_are_three_retries_with_one_token(wire, receiver, fire):
    receiver.answers.extend([500] * 9)
    fire(f"{receiver.url}/usage")
    assert len(receiver.received) == 4
    assert len({got.form["IdempotencyToken"] for got in receiver.received}) == 1
    assert len({got.headers["I-Twilio-Idempotency-Token"] for got in receiver.received}) == 1
    [delivery] = wire.deliveries()
    assert (delivery["state"], len(delivery["attempts"])) == ("failed", 4)


def test_statement_34_a_retry_that_is_taken_is_the_last(wire, receiver, fire):
    receiver.answers.extend([503, 200])
    fire(f"{receiver.url}/usage")
    [delivery] = wire.deliveries()
    assert (delivery["state"], [attempt["status"] for attempt in delivery["attempts"]]) == ("delivered", [503, 200])


@pytest.mark.parametrize("status", [301, 400, 404, 429])
def test_statement_34_only_5xx_is_tried_again(wire, receiver, fire, status):
    receiver.answers.append(status)
    fire(f"{receiver.url}/usage")
    assert len(receiver.received) == 1
    assert wire.deliveries()[0]["state"] == "failed"


def test_a_receiver_that_hangs_is_given_up(wire, receiver, fire):
    wire.fake_control("POST", "/behaviour", {"callback_timeout_seconds": 0.1})
    receiver.answers.append("hang")
    fire(f"{receiver.url}/usage")
    [delivery] = wire.deliveries()
    assert delivery["attempts"][0]["status"] is None
    assert delivery["attempts"][0]["error"] == "no answer within 0.1 s"


def test_a_receiver_that_is_not_there_is_told_in_the_attempt(wire, fire):
    fire("http://127.0.0.1:1/usage")
    [delivery] = wire.deliveries()
    assert (delivery["state"], delivery["attempts"][0]["status"]) == ("failed", None)
    assert "Connect" in delivery["attempts"][0]["error"]


@pytest.mark.parametrize(
    "url", ["https://hooks.owl.example/u", "http://192.0.2.1/u", "http://127.0.0.1.owl.example/u", "http://[::2]/u"]
)
def test_nothing_goes_to_a_real_network(wire, fire, url):
    fire(url)
    [delivery] = wire.deliveries()
    assert (delivery["state"], delivery["attempts"]) == ("unsent", [])


@pytest.mark.parametrize("name", ["http_proxy", "HTTP_PROXY"])
def test_no_proxy_of_this_machine_comes_between(receiver, fire, monkeypatch, name):
    """What the fake sends would leave the machine by it."""
    for other in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(other, raising=False)
    monkeypatch.setenv(name, "http://127.0.0.1:9")
    fire(f"{receiver.url}/usage")
    assert len(receiver.received) == 1


def test_a_host_mapped_to_this_machine_is_called_and_signed_as_configured(wire, receiver, fire, acme):
    wire.fake_control("POST", "/deliveries/routes", {"hooks.owl.example": receiver.url})
    fire("https://hooks.owl.example/usage/acme?x=1")
    [got] = receiver.received
    assert (got.path, got.headers["Host"]) == ("/usage/acme?x=1", "hooks.owl.example")
    signed = RequestValidator(acme["auth_token"])
    url = "https://hooks.owl.example/usage/acme?x=1"
    assert signed.validate(url, got.form, got.headers["X-Twilio-Signature"])
    assert wire.fake_control("GET", "/deliveries/routes").json() == {"hooks.owl.example": receiver.url}


def test_credentials_in_a_url_are_sent_as_basic_authentication(receiver, fire):
    fire(receiver.url.replace("://", "://ana:s%40cret@") + "/usage")
    [got] = receiver.received
    assert got.headers["Authorization"] == "Basic YW5hOnNAY3JldA=="
    assert "@" not in got.headers["Host"]


@pytest.mark.parametrize(
    "routes",
    [
        {"hooks.owl.example": "http://192.0.2.1:9000"},
        {"hooks.owl.example": "https://owl.example"},
        {"hooks.owl.example": "http://127.0.0.1:9000/path"},
        {"hooks.owl.example": "ftp://127.0.0.1"},
        {"hooks.owl.example": "http://127.0.0.1:x"},
        {"hooks.owl.example": 9000},
        {"https://hooks.owl.example": "http://127.0.0.1:9000"},
    ],
)
def test_a_route_that_leaves_this_machine_is_refused(wire, routes):
    assert wire.fake_control("POST", "/deliveries/routes", routes).status_code == 400
    assert wire.fake_control("GET", "/deliveries/routes").json() == {}


def test_a_minute_of_real_time_passes_too(receiver):
    """Nobody asks the fake for anything, and the trigger fires all the same; its minute is a second here."""
    receiver.answers.append("hold")
    with FakeTwilio(Store(behaviour=Behaviour(trigger_evaluation_seconds=1))) as fake:
        auth = (fake.account_sid, fake.auth_token)
        data = {"CallbackUrl": receiver.url, "TriggerValue": "1", "UsageCategory": "sms"}
        path = f"{fake.url}/2010-04-01/Accounts/{fake.account_sid}/Usage/Triggers.json"
        requests.post(path, data=data, auth=auth, headers={"Host": "api.twilio.com"}, timeout=120)
        usage = {"account": fake.account_sid, "category": "sms", "usage": 1}
        requests.post(f"{fake.url}/_fake/usage", json=usage, timeout=120)
        assert receiver.busy.wait(120)
        receiver.released.set()


def test_routes_can_be_given_at_the_start_and_survive_a_reset(receiver):
    store = Store(routes={"hooks.owl.example": receiver.url})
    store.routes = {}
    store.reset()
    assert store.routes == {"hooks.owl.example": receiver.url}
    with pytest.raises(ValueError, match=r"hooks\.owl\.example can only be mapped"):
        Store(routes={"hooks.owl.example": "https://owl.example"})
