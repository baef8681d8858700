"""Statement 65: faults on order."""

import pytest
import requests

ROOT = "/2010-04-01/Accounts"


@pytest.fixture
def order(wire):
    def _order(**fault):
        answer = wire.fake_control("POST", "/faults", fault)
        assert answer.status_code == 200, answer.text

    return _order


def _names(fake):
    return [account.friendly_name for account in fake.store.accounts.all()[1:]]


@pytest.mark.parametrize(("mode", "made"), [("503", []), ("503-after-commit", ["x"])])
def test_unavailable_before_or_after_the_commit(wire, fake, order, mode, made):
    """Statement 65."""
    order(mode=mode, method="POST", retry_after=2)
    answer = wire("POST", f"{ROOT}.json", data={"FriendlyName": "x"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert _names(fake) == made


@pytest.mark.parametrize(("mode", "made"), [("drop", []), ("drop-after-commit", ["x"])])
def test_a_connection_lost_before_or_after_the_commit(wire, fake, order, mode, made):
    """Statement 65."""
    order(mode=mode)
    with pytest.raises(requests.ConnectionError):
        wire("POST", f"{ROOT}.json", data={"FriendlyName": "x"})
    assert _names(fake) == made
    assert wire("GET", f"{ROOT}.json").status_code == 200


def test_an_ordered_429_does_nothing(wire, fake, order):
    """Statement 65."""
    order(mode="429")
    answer = wire("POST", f"{ROOT}.json", data={"FriendlyName": "x"})
    assert (answer.status_code, answer.json()["code"]) == (429, 20429)
    assert "Retry-After" not in answer.headers
    assert _names(fake) == []


def test_a_fault_hits_only_what_it_is_about_and_so_often(wire, order):
    """Statement 65."""
    order(mode="503", method="GET", path_contains="FriendlyName=x", host="api.twilio.com", skip=1, times=2)
    statuses = [wire("GET", f"{ROOT}.json?FriendlyName=x").status_code for _ in range(4)]
    assert statuses == [200, 503, 503, 200]
    assert wire("GET", f"{ROOT}.json").status_code == 200


def test_a_fault_can_be_about_one_account(wire, acme, acme_auth, order):
    """Statement 65."""
    order(mode="503", account=acme["sid"], times=9)
    assert wire.events("GET", "/v1/Sinks").status_code == 200
    assert wire.events("GET", "/v1/Sinks", auth=acme_auth).status_code == 503


def test_faults_can_be_seen_and_called_off(wire, order):
    """Statement 65."""
    order(mode="503", times=9)
    assert wire.fake_control("GET", "/faults").json()[0]["times"] == 9
    wire.fake_control("DELETE", "/faults")
    assert wire("GET", f"{ROOT}.json").status_code == 200


@pytest.mark.parametrize(
    "fault",
    [
        {},
        {"mode": "500"},
        {"mode": "503", "time": 1},
        {"mode": "503", "times": -1},
        {"mode": "503", "path_contains": 1},
    ],
)
def test_an_order_that_is_none_is_refused(wire, fault):
    """An order with a slip would test nothing."""
    answer = wire.fake_control("POST", "/faults", fault)
    assert answer.status_code == 400
    assert "fault" in answer.json()["error"]
