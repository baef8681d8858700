"""Events arrive at webhook sinks: statements 44, 46 and 47."""

import json

import pytest
from twilio.request_validator import RequestValidator

ERRORS = "com.twilio.error-logs.error.logged"
HOURS = 3600


@pytest.fixture
def events(wire, receiver):
    """What the receiver got, once all that was due was attempted."""

    def _events():
        wire.deliveries()
        return [json.loads(got.body) for got in receiver.received]

    return _events


def _of(wire, sink):
    return [delivery for delivery in wire.deliveries() if delivery["about"] == sink]


def test_statement_44_a_test_sends_an_event_with_the_accounts_sid(wire, acme_client, acme, receiver, events):
    sink = acme_client.events.v1.sinks.create(
        description="e", sink_type="webhook", sink_configuration={"destination": f"{receiver.url}/e"}
    )
    assert acme_client.events.v1.sinks(sink.sid).sink_test.create().result == "submitted"
    [event] = events()
    assert (event["id"], event["type"]) == (acme["sid"], "com.twilio.eventstreams.test-event")
    assert event["specversion"] == "1.0"
    validated = acme_client.events.v1.sinks(sink.sid).sink_validate.create(test_id=event["data"]["test_id"])
    assert validated.result == "valid"


def test_statement_46_the_signature_is_over_the_url_with_the_bodys_hash(subscribe, log, events, receiver, acme):
    subscribe("/errors?tenant=acme")
    log()
    events()
    [got] = receiver.received
    assert got.path.startswith("/errors?tenant=acme&bodySHA256=")
    assert got.headers["Content-Type"] == "application/json"
    signature = got.headers["X-Twilio-Signature"]
    validator = RequestValidator(acme["auth_token"])
    assert validator.validate(receiver.url + got.path, got.body, signature)
    assert not validator.validate(receiver.url + got.path, got.body + " ", signature)
    assert not RequestValidator("0" * 32).validate(receiver.url + got.path, got.body, signature)


@pytest.mark.parametrize(("batched", "kind"), [(True, list), (False, dict)])
def test_statement_46_a_batch_is_a_list_and_one_event_is_not(subscribe, log, events, batched, kind):
    subscribe(batch_events=batched)
    log()
    assert [type(got) for got in events()] == [kind]


def test_statement_46_events_that_wait_go_in_one_batch(wire, subscribe, log, receiver):
    receiver.answers.append("hold")
    sink = subscribe(batch_events=True)
    sent = [log()["alert"]]
    receiver.busy.wait(120)
    sent += [log()["alert"], log()["alert"]]
    receiver.released.set()
    batches = [[event["id"] for event in item["events"]] for item in _of(wire, sink)]
    assert batches == [sent[:1], sent[1:]]


def test_a_reset_forgets_what_is_under_way(wire, subscribe, log, receiver):
    receiver.answers.append("hold")
    subscribe()
    log()
    receiver.busy.wait(120)
    wire.fake_control("POST", "/reset")
    receiver.released.set()
    assert wire.deliveries() == []


@pytest.mark.parametrize("status", [200, 202, 204])
def test_statement_46_a_success_is_the_end(wire, subscribe, log, receiver, status):
    receiver.answers.append(status)
    sink = subscribe()
    log()
    [delivery] = _of(wire, sink)
    assert (delivery["state"], len(delivery["attempts"]), delivery["next_attempt"]) == ("delivered", 1, None)


@pytest.mark.parametrize("status", [302, 400, 401, 404])
def test_statement_46_other_answers_than_429_and_5xx_drop_the_event(wire, subscribe, log, receiver, status):
    receiver.answers.append(status)
    sink = subscribe()
    log()
    wire.advance(5 * HOURS)
    [delivery] = _of(wire, sink)
    assert (delivery["state"], len(receiver.received)) == ("failed", 1)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_statement_46_429_and_5xx_are_tried_again_later(wire, subscribe, log, receiver, status):
    receiver.answers.extend([status, status])
    sink = subscribe()
    log()
    [delivery] = _of(wire, sink)
    assert (delivery["state"], len(receiver.received)) == ("waiting", 1)
    wire.advance(HOURS)
    [delivery] = _of(wire, sink)
    assert [attempt["status"] for attempt in delivery["attempts"]] == [status, status, 200]


def test_statement_46_it_ends_after_four_hours_with_ever_longer_waits(wire, subscribe, log, receiver):
    receiver.answers.extend([503] * 99)
    sink = subscribe()
    log()
    wire.advance(24 * HOURS)
    [delivery] = _of(wire, sink)
    moments = [attempt["at"] for attempt in delivery["attempts"]]
    assert (delivery["state"], delivery["reason"]) == ("failed", "given up after four hours")
    assert 8 <= len(moments) <= 14
    assert "2027-01-15T13:00:00Z" < moments[-1] <= "2027-01-15T16:00:00Z"


def test_statement_46_an_answer_takes_five_seconds_at_most(wire, subscribe, log, receiver):
    assert wire.fake_control("GET", "/behaviour").json()["sink_timeout_seconds"] == 5.0
    wire.fake_control("POST", "/behaviour", {"sink_timeout_seconds": 0.1})
    receiver.answers.append("hang")
    sink = subscribe()
    log()
    [delivery] = _of(wire, sink)
    assert (delivery["state"], delivery["attempts"][0]["error"]) == ("waiting", "no answer within 0.1 s")


def test_statement_46_duplicates_are_possible(wire, subscribe, log, events):
    wire.fake_control("POST", "/deliveries/disorder", {"duplicates": 1})
    subscribe()
    log()
    first, second = events()
    assert first == second


def test_statement_46_events_may_come_out_of_order(wire, subscribe, log, receiver, events):
    wire.fake_control("POST", "/deliveries/disorder", {"shuffled": True, "seed": 3})
    receiver.answers.append("hold")
    subscribe()
    sent = [log()["alert"]]
    receiver.busy.wait(120)
    sent += [log()["alert"] for _ in range(6)]
    receiver.released.set()
    got = [event["id"] for event in events()]
    assert sorted(got) == sorted(sent)
    assert got != sent


def test_statement_46_the_order_of_disorder_is_checked(wire):
    for order in ({"duplicates": 2}, {"duplicates": True}, {"shuffled": 1}, {"seed": "x"}, {"more": 1}):
        assert wire.fake_control("POST", "/deliveries/disorder", order).status_code == 400


@pytest.mark.parametrize("level", ["error", "warning", "info"])
def test_statement_47_every_level_is_sent(subscribe, log, events, level):
    subscribe()
    assert log(level)["events"] == 1
    [event] = events()
    assert (event["type"], event["data"]["level"]) == (ERRORS, level.upper())


def test_statement_47_the_payload_is_a_string_of_json(subscribe, log, events, acme, fake):
    subscribe()
    alert = log(error_code="11750", resource_sid="CA" + "0" * 32, request_url="https://app.example", response_body="no")
    [event] = events()
    data = event["data"]
    assert isinstance(data["payload"], str)
    payload = json.loads(data["payload"])
    assert (payload["error_code"], payload["resource_sid"]) == ("11750", "CA" + "0" * 32)
    assert payload["webhook"]["response"]["body"] == "no"
    assert (event["id"], data["sid"], data["error_code"]) == (alert["alert"], alert["alert"], "11750")
    assert (data["account_sid"], data["master_account_sid"]) == (acme["sid"], fake.account_sid)
    assert event["dataschema"] == "https://events-schemas.twilio.com/ErrorLogs.Error/2"


def test_an_event_of_any_type_can_be_sent(wire, acme, acme_auth, receiver, events):
    sink = wire.sink(acme_auth, {"destination": receiver.url}).json()["sid"]
    wire.subscription(acme_auth, sink, types=['{"type":"com.twilio.messaging.message.sent","schema_version":2}'])
    order = {"account": acme["sid"], "type": "com.twilio.messaging.message.sent", "data": {"messageSid": "SM1"}}
    record = wire.fake_control("POST", "/events", order).json()
    [event] = events()
    assert (event["id"], event["data"]) == (record["id"], {"messageSid": "SM1"})
    assert event["dataschema"] == "https://events-schemas.twilio.com/Messaging.MessageStatus/2"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"account": "x"}, 404),
        ({"type": "com.example"}, 404),
        ({"type": []}, 404),
        ({"data": 1}, 400),
        ({"at": 1}, 400),
    ],
)
def test_an_event_that_is_none_is_refused(wire, acme, wrong, code):
    order = {"account": acme["sid"], "type": ERRORS, **wrong}
    assert wire.fake_control("POST", "/events", order).status_code == code


def test_an_account_without_a_subscription_gets_no_event(wire, acme_auth, receiver, log, events):
    wire.sink(acme_auth, {"destination": receiver.url})
    assert log()["events"] == 0
    assert events() == []


def test_the_parents_sink_gets_no_event_of_a_subaccount(wire, receiver, log, events):
    sink = wire.sink(None, {"destination": receiver.url}).json()["sid"]
    wire.subscription(None, sink)
    log()
    assert events() == []


def test_an_event_for_a_sink_that_is_gone_is_dropped(wire, subscribe, log, receiver):
    receiver.answers.append(503)
    sink = subscribe()
    log()
    wire.deliveries()
    wire.fake_control("POST", "/console", {"delete": sink})
    wire.advance(HOURS)
    [delivery] = _of(wire, sink)
    assert (delivery["state"], len(receiver.received)) == ("dropped", 1)


def test_a_sink_that_is_no_webhook_is_not_delivered_to(wire, acme_auth, log):
    sink = wire.sink(acme_auth, {"write_key": "x"}, SinkType="segment").json()["sid"]
    wire.subscription(acme_auth, sink)
    log()
    assert [delivery["state"] for delivery in wire.deliveries()] == ["unsent"]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"account": "AC" + "0" * 32}, 404),
        ({"level": "fatal"}, 400),
        ({"error_code": "x"}, 400),
        ({"error_code": 11200}, 400),
        ({"severity": "high"}, 400),
    ],
)
def test_an_error_that_is_none_is_refused(wire, acme, wrong, code):
    assert wire.fake_control("POST", "/errors", {"account": acme["sid"], **wrong}).status_code == code
