"""A sink that does not take its events is an error in its account's log."""

import socket

import pytest

HOURS = 3600


@pytest.fixture
def free_port():
    """A port of this machine at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def test_a_failing_sink_is_an_error_of_its_own_every_twenty_minutes(wire, subscribe, log, receiver):
    receiver.answers.extend([503] * 99)
    sink = subscribe()
    log()
    wire.deliveries()
    assert [item["error_code"] for item in _alerts(wire)] == ["91306", "11200"]
    wire.advance(4 * HOURS)
    failures = [item for item in _alerts(wire) if item["error_code"] == "91306"]
    assert 3 <= len(failures) <= 12
    assert {item["resource_sid"] for item in failures} == {sink}
    assert len(_of(wire, sink)) == 1


def test_no_password_of_a_url_is_in_the_log(wire, log, receiver, acme_auth):
    receiver.answers.append(400)
    destination = receiver.url.replace("://", "://ana:secret@") + "/e"
    sink = wire.sink(acme_auth, {"destination": destination}).json()["sid"]
    wire.subscription(acme_auth, sink)
    log()
    wire.deliveries()
    alert = next(item for item in _alerts(wire) if item["error_code"] == "91305")
    assert alert["request_url"] == f"{receiver.url}/e"


@pytest.mark.parametrize(("status", "code"), [(404, "91305"), (503, "91306"), (302, "91300")])
def test_the_error_of_a_sink_tells_the_cause(wire, subscribe, log, receiver, status, code):
    receiver.answers.append(status)
    subscribe()
    log()
    wire.deliveries()
    assert [item["error_code"] for item in _alerts(wire)] == [code, "11200"]


def test_a_sink_that_does_not_answer_is_an_error_of_its_own(wire, acme_auth, log, free_port):
    sink = wire.sink(acme_auth, {"destination": f"http://127.0.0.1:{free_port}/e"}).json()["sid"]
    wire.subscription(acme_auth, sink)
    log()
    wire.deliveries()
    assert [item["error_code"] for item in _alerts(wire)] == ["91308", "11200"]


def test_whether_the_error_of_a_sink_tells_the_cause_is_a_switch(wire, subscribe, log, receiver):
    wire.fake_control("POST", "/behaviour", {"sink_failure_code": "93101"})
    receiver.answers.append(404)
    subscribe()
    log()
    wire.deliveries()
    assert [item["error_code"] for item in _alerts(wire)] == ["93101", "11200"]


@pytest.mark.parametrize(("errors", "notices"), [(1, 1), (9, 1), (10, 2), (11, 2), (100, 3)])
def test_the_tenth_and_hundredth_error_in_a_row_are_notices_too(wire, subscribe, log, receiver, errors, notices):
    receiver.answers.extend([404] * errors)
    subscribe()
    for _ in range(errors):
        log()
    wire.deliveries()
    assert sum(item["error_code"] == "91305" for item in _alerts(wire)) == notices


def test_errors_in_a_row_end_when_an_event_is_taken(wire, subscribe, log, receiver):
    receiver.answers.extend([404] * 9 + [200, 404])
    subscribe()
    for _ in range(11):
        log()
    wire.deliveries()
    assert sum(item["error_code"] == "91305" for item in _alerts(wire)) == 1


def _of(wire, sink):
    return [delivery for delivery in wire.deliveries() if delivery["about"] == sink]


def _alerts(wire):
    account = next(
        item for item in wire.fake_control("GET", "/state").json()["accounts"] if item != wire.fake.account_sid
    )
    auth = (account, wire.fake.store.accounts.get(account).auth_token)
    return wire.monitor("GET", "/v1/Alerts?PageSize=1000", auth=auth).json()["alerts"]
