"""Statements 37, 38, 40, 41 and 44: sinks."""

import re

import pytest
from twilio.base.exceptions import TwilioRestException

from faketwilio.hosts.events.records import EventSink

DESTINATION = {"destination": "https://a.example/e"}


@pytest.fixture
def sinks(acme_client):
    return acme_client.events.v1.sinks


def test_statement_37_a_webhook_sink_is_active_with_lower_case_defaults(sinks):
    sink = sinks.create(description="errors", sink_type="webhook", sink_configuration=DESTINATION)
    assert re.fullmatch("DG[0-9a-f]{32}", sink.sid)
    assert sink.status == "active"
    assert sink.sink_configuration == {**DESTINATION, "method": "post", "batch_events": False}


def test_statement_37_what_was_given_is_read_back_as_given(sinks):
    given = {**DESTINATION, "method": "POST", "batch_events": True}
    sink = sinks.create(description="errors", sink_type="webhook", sink_configuration=given)
    assert sink.sink_configuration == given


def test_a_sink_does_not_say_whose_it_is(wire, acme_auth):
    """Twilio's documentation of Event Streams."""
    assert "account_sid" not in wire.sink(acme_auth).json()


def test_a_sinks_dates_are_iso(wire, acme_auth):
    """Twilio's documentation of formats."""
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", wire.sink(acme_auth).json()["date_created"])


def test_statement_38_only_the_description_of_a_sink_changes(wire, acme_auth):
    sink = wire.sink(acme_auth).json()
    changes = {"Description": "new", "SinkConfiguration": '{"destination":"https://b.example"}', "SinkType": "email"}
    changed = wire.events("POST", f"/v1/Sinks/{sink['sid']}", auth=acme_auth, data=changes).json()
    assert changed == {**sink, "description": "new", "date_updated": changed["date_updated"]}


def test_statement_38_an_update_without_a_description_is_refused(wire, acme_auth):
    sink = wire.sink(acme_auth).json()
    assert wire.events("POST", f"/v1/Sinks/{sink['sid']}", auth=acme_auth).json()["code"] == 20001


def test_statement_40_deleting_a_subscription_leaves_its_sink(wire, sinks, acme_auth):
    sink_sid = wire.sink(acme_auth).json()["sid"]
    subscription_sid = wire.subscription(acme_auth, sink_sid).json()["sid"]
    wire.events("DELETE", f"/v1/Subscriptions/{subscription_sid}", auth=acme_auth)
    assert sinks(sink_sid).fetch().sid == sink_sid
    assert sinks(sink_sid).delete() is True
    assert wire.events("GET", f"/v1/Sinks/{sink_sid}", auth=acme_auth).json()["code"] == 91001


def test_statement_40_a_sink_in_use_can_not_be_deleted(wire, sinks, acme_auth):
    sink_sid = wire.sink(acme_auth).json()["sid"]
    wire.subscription(acme_auth, sink_sid)
    with pytest.raises(TwilioRestException) as caught:
        sinks(sink_sid).delete()
    assert (caught.value.status, caught.value.code) == (400, 91007)
    assert sinks(sink_sid).fetch().status == "active"


def test_statement_41_there_are_a_hundred_sinks_at_most(wire, acme_auth):
    codes = [wire.sink(acme_auth).status_code for _ in range(100)]
    assert set(codes) == {201}
    assert wire.sink(acme_auth).json()["code"] == 91003


def test_statement_41_a_sink_that_is_not_active_has_no_subscription(wire, sinks, acme_auth):
    sink = sinks.create(description="k", sink_type="kinesis", sink_configuration={"arn": "a"})
    assert sink.status == "initialized"
    assert wire.subscription(acme_auth, sink.sid).json()["code"] == 91100


def test_statement_44_a_kinesis_sink_is_active_after_test_and_validation(wire, sinks, acme_auth):
    sink = sinks.create(description="k", sink_type="kinesis", sink_configuration={"arn": "a"})
    assert sinks(sink.sid).sink_test.create().result == "submitted"
    test_id = wire.fake.store.table(EventSink).get(sink.sid).test_id
    assert sinks(sink.sid).sink_validate.create(test_id=test_id).result == "valid"
    assert wire.subscription(acme_auth, sink.sid).status_code == 201


@pytest.mark.parametrize("data", [{}, {"TestId": "another"}])
def test_statement_44_a_validation_needs_the_id_of_the_test(wire, acme_auth, data):
    sid = wire.sink(acme_auth).json()["sid"]
    wire.events("POST", f"/v1/Sinks/{sid}/Test", auth=acme_auth)
    answer = wire.events("POST", f"/v1/Sinks/{sid}/Validate", auth=acme_auth, data=data)
    assert answer.status_code == 400
    assert "TestId" in answer.json()["message"]


def test_sinks_are_listed_by_use_and_status(wire, sinks, acme_auth):
    """Twilio's documentation of Event Streams."""
    free, used = (wire.sink(acme_auth).json()["sid"] for _ in range(2))
    wire.subscription(acme_auth, used)
    assert [sink.sid for sink in sinks.list(in_use=False)] == [free]
    assert [sink.sid for sink in sinks.list(in_use=True)] == [used]
    assert [sink.sid for sink in sinks.list(status="active")] == [used, free]
    assert sinks.list(status="failed") == []


@pytest.mark.parametrize("sid", ["DFaaaa", "AC" + "0" * 32, "x"])
def test_a_malformed_sink_sid_is_its_own_error(wire, acme_auth, sid):
    """Twilio's documentation of Event Streams."""
    answer = wire.events("GET", f"/v1/Sinks/{sid}", auth=acme_auth)
    assert (answer.status_code, answer.json()["code"]) == (400, 91006)


@pytest.mark.parametrize(
    "configuration",
    [
        {"method": "POST"},
        {"destination": "a.example"},
        {**DESTINATION, "method": "PUT"},
        {**DESTINATION, "batch_events": "true"},
        {**DESTINATION, "retries": 3},
    ],
)
def test_a_webhook_that_is_none_is_refused(wire, acme_auth, configuration):
    """Twilio's documentation of Event Streams."""
    assert wire.sink(acme_auth, configuration).status_code == 400
    assert wire.events("GET", "/v1/Sinks", auth=acme_auth).json()["sinks"] == []


@pytest.mark.parametrize("wrong", [{"SinkType": "ftp"}, {"SinkConfiguration": "junk"}, {"SinkConfiguration": "[]"}])
def test_a_sink_that_is_none_is_refused(wire, acme_auth, wrong):
    """Twilio's documentation of Event Streams."""
    assert wire.sink(acme_auth, **wrong).status_code == 400


@pytest.mark.parametrize("missing", ["Description", "SinkType", "SinkConfiguration"])
def test_a_sink_needs_three_parameters(wire, acme_auth, missing):
    """Twilio's documentation of Event Streams."""
    answer = wire.sink(acme_auth, **{missing: None})
    assert (answer.status_code, answer.json()["code"]) == (400, 20001)
