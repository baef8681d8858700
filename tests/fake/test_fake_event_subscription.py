"""Statements 39, 41 to 43 and 45: subscriptions and their types."""

import json

import pytest
from twilio.base.exceptions import TwilioRestException

from faketwilio.hosts.events.catalogue import EventTypes

ERRORS = "com.twilio.error-logs.error.logged"
SENT = "com.twilio.messaging.message.sent"


@pytest.fixture
def sink_sid(wire, acme_auth):
    return wire.sink(acme_auth).json()["sid"]


@pytest.fixture
def subscriptions(acme_client):
    return acme_client.events.v1.subscriptions


def test_a_subscription_says_whose_it_is(subscriptions, sink_sid, acme):
    """Twilio's documentation of credentials."""
    subscription = subscriptions.create(description="errors", sink_sid=sink_sid, types=[{"type": ERRORS}])
    assert (subscription.account_sid, subscription.sink_sid) == (acme["sid"], sink_sid)
    assert subscriptions(subscription.sid).fetch().description == "errors"


def test_statement_39_a_sink_has_one_subscription(wire, acme_auth, sink_sid):
    assert wire.subscription(acme_auth, sink_sid).status_code == 201
    answer = wire.subscription(acme_auth, sink_sid)
    assert answer.status_code == 400
    assert f"Sink with SID {sink_sid} is in use" in answer.json()["message"]


def test_a_sink_of_another_account_is_not_found(wire, acme_auth):
    """Statement 18."""
    parents = wire.sink(None).json()["sid"]
    assert wire.subscription(acme_auth, parents).json()["code"] == 91001


def test_statement_42_types_as_one_array_are_refused(wire, acme_auth, sink_sid):
    answer = wire.subscription(acme_auth, sink_sid, types=[f'[{{"type":"{ERRORS}"}}]'])
    assert answer.status_code == 400
    assert answer.json()["message"] == "Missing required input parameter event_types[0].type"


def test_statement_43_an_omitted_version_is_pinned_to_todays_latest(wire, subscriptions, sink_sid):
    subscription = subscriptions.create(description="e", sink_sid=sink_sid, types=[{"type": SENT}])
    latest = wire.fake.store.part(EventTypes)[SENT].latest_schema_version
    assert latest > 1
    assert subscriptions(subscription.sid).subscribed_events(SENT).fetch().schema_version == latest


def test_statement_43_a_given_version_is_kept(subscriptions, sink_sid):
    types = [{"type": SENT, "schema_version": 2}, {"type": ERRORS}]
    subscription = subscriptions.create(description="e", sink_sid=sink_sid, types=types)
    events = {event.type: event.schema_version for event in subscriptions(subscription.sid).subscribed_events.list()}
    assert events == {SENT: 2, ERRORS: 2}


def test_statement_45_a_type_that_is_there_is_answered_with_200(wire, acme_auth, sink_sid):
    sid = wire.subscription(acme_auth, sink_sid).json()["sid"]
    path = f"/v1/Subscriptions/{sid}/SubscribedEvents"
    assert wire.events("POST", path, auth=acme_auth, data={"Type": SENT}).status_code == 201
    assert wire.events("POST", path, auth=acme_auth, data={"Type": SENT}).status_code == 200


def test_a_subscribed_event_is_repinned_and_deleted(subscriptions, sink_sid):
    """Twilio's documentation of Event Streams."""
    subscription = subscriptions.create(description="e", sink_sid=sink_sid, types=[{"type": ERRORS}, {"type": SENT}])
    event = subscriptions(subscription.sid).subscribed_events(SENT)
    assert event.update(schema_version=3).schema_version == 3
    assert event.delete() is True
    assert [subscribed_event.type for subscribed_event in subscriptions(subscription.sid).subscribed_events.list()] == [
        ERRORS
    ]


@pytest.mark.parametrize(("can_go", "status"), [(False, 400), (True, 204)])
def test_whether_the_last_type_can_go_is_a_switch(wire, acme_auth, sink_sid, can_go, status):
    """Unknown at Twilio."""
    wire.fake_control("POST", "/behaviour", {"last_subscribed_event_can_go": can_go})
    sid = wire.subscription(acme_auth, sink_sid).json()["sid"]
    path = f"/v1/Subscriptions/{sid}/SubscribedEvents/{ERRORS}"
    assert wire.events("DELETE", path, auth=acme_auth).status_code == status


@pytest.mark.parametrize(
    ("types", "code"),
    [
        ([], 91103),
        (['{"type":"com.example.nothing"}'], 91104),
        ([f'{{"type":"{ERRORS}"}}'] * 2, 91101),
        (["junk"], 20001),
        ([f'{{"type":"{ERRORS}","schema_version":99}}'], 20001),
        ([f'{{"type":"{ERRORS}","schema_version":"1"}}'], 20001),
    ],
)
def test_types_that_are_none_are_refused(wire, acme_auth, sink_sid, types, code):
    """Twilio's documentation of Event Streams."""
    answer = wire.subscription(acme_auth, sink_sid, types=types)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


@pytest.mark.parametrize(("status", "code"), [("deprecated", 201), ("discontinued", 400)])
def test_a_deprecated_type_is_accepted_and_a_discontinued_one_is_not(wire, fake, acme_auth, sink_sid, status, code):
    """Twilio's documentation of Event Streams."""
    wire.fake_control("POST", "/event-types", {"type": ERRORS, "status": status})
    assert wire.subscription(acme_auth, sink_sid).status_code == code


@pytest.mark.parametrize(
    "name",
    [
        "com.twilio.messaging.message.undelivered",
        "com.twilio.messaging.message.queued",
        "com.twilio.messaging.message.read",
        "com.twilio.voice.insights.call-summary.partial",
        "com.twilio.voice.insights.call-summary.predicted-complete",
        "com.twilio.taskrouter.reservation.accepted",
        "com.twilio.voice.webhook.status-callback.call.initiated",
    ],
)
def test_the_types_of_twilios_documentation_are_known(wire, acme_auth, sink_sid, name):
    assert wire.subscription(acme_auth, sink_sid, types=[json.dumps({"type": name})]).status_code == 201


@pytest.mark.parametrize(
    ("name", "status"),
    [("com.twilio.future.thing.done", 501), ("com.twilio.voice.twiml.requested", 400), ("com.twilio", 400)],
)
def test_a_type_that_the_fake_can_not_know_is_loud(wire, acme_auth, sink_sid, name, status):
    assert wire.subscription(acme_auth, sink_sid, types=[json.dumps({"type": name})]).status_code == status


def test_a_type_that_is_new_is_added_by_an_order(wire, acme_auth, sink_sid):
    order = {"type": "com.twilio.future.thing.done", "schema_id": "Future.Thing"}
    assert wire.fake_control("POST", "/event-types", order).status_code == 200
    types = [json.dumps({"type": order["type"], "schema_version": 1})]
    assert wire.subscription(acme_auth, sink_sid, types=types).status_code == 201


def test_whether_a_sink_takes_two_subscriptions_is_a_switch(wire, acme_auth, sink_sid):
    wire.fake_control("POST", "/behaviour", {"one_subscription_per_sink": False})
    assert [wire.subscription(acme_auth, sink_sid).status_code for _ in range(2)] == [201, 201]


@pytest.mark.parametrize(("kind", "prefix", "code"), [("Sinks", "DG", 91001), ("Subscriptions", "DF", 91102)])
def test_what_is_not_there_has_a_code_of_its_own(wire, acme_auth, kind, prefix, code):
    answer = wire.events("GET", f"/v1/{kind}/{prefix}{'0' * 32}", auth=acme_auth)
    assert (answer.status_code, answer.json()["code"]) == (404, code)


def test_an_empty_description_is_refused(wire, acme_auth, sink_sid):
    """Twilio's documentation of Event Streams."""
    assert wire.subscription(acme_auth, sink_sid, Description="").json()["code"] == 91101


@pytest.mark.parametrize(("sink", "code"), [("DG" + "0" * 32, 91001), ("AC" + "0" * 32, 91006)])
def test_a_sink_that_is_none_has_no_subscription(wire, acme_auth, sink, code):
    """Twilio's documentation of Event Streams."""
    assert wire.subscription(acme_auth, sink).json()["code"] == code


def test_there_is_a_most_of_subscriptions(wire, acme_auth, sink_sid):
    """Twilio's documentation of Event Streams."""
    wire.fake_control("POST", "/behaviour", {"max_subscriptions": 0})
    assert wire.subscription(acme_auth, sink_sid).status_code == 400


def test_only_the_description_of_a_subscription_changes(wire, subscriptions, acme_auth, sink_sid):
    """Twilio's documentation of Event Streams."""
    subscription = subscriptions.create(description="old", sink_sid=sink_sid, types=[{"type": ERRORS}])
    other = wire.sink(acme_auth).json()["sid"]
    changes = {"Description": "new", "SinkSid": other}
    changed = wire.events("POST", f"/v1/Subscriptions/{subscription.sid}", auth=acme_auth, data=changes).json()
    assert (changed["description"], changed["sink_sid"]) == ("new", sink_sid)


def test_subscriptions_are_listed_by_sink(subscriptions, sink_sid):
    """Twilio's documentation of Event Streams."""
    subscription = subscriptions.create(description="e", sink_sid=sink_sid, types=[{"type": ERRORS}])
    assert [item.sid for item in subscriptions.list(sink_sid=sink_sid)] == [subscription.sid]
    assert subscriptions.list(sink_sid="DG" + "0" * 32) == []


def test_a_deleted_subscription_is_gone(subscriptions, sink_sid):
    """Twilio's documentation of Event Streams."""
    subscription = subscriptions.create(description="e", sink_sid=sink_sid, types=[{"type": ERRORS}])
    assert subscriptions(subscription.sid).delete() is True
    with pytest.raises(TwilioRestException) as caught:
        subscriptions(subscription.sid).fetch()
    assert caught.value.status == 404


def test_a_pinned_version_stays_when_a_newer_one_comes(wire, subscriptions, sink_sid):
    """Statement 43's other half."""
    subscription = subscriptions.create(description="e", sink_sid=sink_sid, types=[{"type": ERRORS}])
    wire.fake_control("POST", "/event-types", {"type": ERRORS, "latest_schema_version": 3})
    assert subscriptions(subscription.sid).subscribed_events(ERRORS).fetch().schema_version == 2


def test_a_schema_has_its_versions(acme_client):
    """Twilio's documentation of Event Streams."""
    schema = acme_client.events.v1.schemas("ErrorLogs.Error")
    assert schema.fetch().latest_version == 2
    assert [version.schema_version for version in schema.versions.list()] == [1, 2]
    assert schema.versions(2).fetch().raw == "https://events-schemas.twilio.com/ErrorLogs.Error/2"


@pytest.mark.parametrize(
    "path", ["Nothing", "Nothing/Versions", "ErrorLogs.Error/Versions/3", "ErrorLogs.Error/Versions/x"]
)
def test_a_schema_that_is_none_is_not_found(wire, acme_auth, path):
    """Twilio's documentation of Event Streams."""
    assert wire.events("GET", f"/v1/Schemas/{path}", auth=acme_auth).json()["code"] == 20404


def test_the_catalogue_has_the_error_log(acme_client):
    """Twilio's documentation of Event Streams."""
    assert ERRORS in [known.type for known in acme_client.events.v1.event_types.list()]
    assert acme_client.events.v1.event_types(ERRORS).fetch().status == "active"
