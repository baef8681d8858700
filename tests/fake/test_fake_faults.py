"""Statement 65 and the other faults on order, on the raw wire; test_fake_faults_sdk has what the SDK makes of them."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from email.utils import parsedate_to_datetime

import pytest
import requests
from starlette.responses import Response

from faketwilio.faults.failures import fail
from faketwilio.store.fault import Fault

ROOT = "/2010-04-01/Accounts"
DONE = [(mode, []) for mode in ("503", "error", "html", "drop", "reset")]
DONE += [(f"{mode}-after-commit", ["x"]) for mode, _ in DONE]
ANSWERED = [(mode, created) for mode, created in DONE if mode[:4] not in ("drop", "rese")]
LOST = [(mode, created) for mode, created in DONE if mode[:4] in ("drop", "rese")]


@pytest.fixture
def order(wire):
    def _order(**fault):
        answer = wire.fake_control("POST", "/faults", fault)
        assert answer.status_code == 200, answer.text

    return _order


def _names(fake):
    return [account.friendly_name for account in fake.store.accounts_of(fake.account_sid)[:-1]]


def _post(wire):
    return wire("POST", f"{ROOT}.json", data={"FriendlyName": "x"})


@pytest.mark.parametrize(("mode", "created"), [("503", []), ("503-after-commit", ["x"])])
def test_statement_65_unavailable_before_or_after_the_commit(wire, fake, order, mode, created):
    order(mode=mode, method="POST", retry_after=2)
    answer = _post(wire)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert _names(fake) == created


@pytest.mark.parametrize(("mode", "created"), LOST)
def test_statement_65_a_connection_lost_before_or_after_the_commit(wire, fake, order, mode, created):
    order(mode=mode)
    with pytest.raises(requests.ConnectionError) as caught:
        _post(wire)
    assert ("reset by peer" in str(caught.value)) == mode.startswith("reset")
    assert _names(fake) == created
    assert wire("GET", f"{ROOT}.json").status_code == 200


@pytest.mark.parametrize(("mode", "created"), ANSWERED)
def test_statement_65_an_error_before_or_after_the_commit(wire, fake, order, mode, created):
    order(mode=mode)
    assert _post(wire).status_code >= 500
    assert _names(fake) == created
    assert _post(wire).status_code == 201


def test_statement_65_an_ordered_429_does_nothing(wire, fake, order):
    order(mode="429")
    answer = _post(wire)
    assert (answer.status_code, answer.json()["code"]) == (429, 20429)
    assert "Retry-After" not in answer.headers
    assert _names(fake) == []


def test_a_429_can_say_when_to_come_back(wire, order):
    order(mode="429", retry_after=7)
    assert _post(wire).headers["Retry-After"] == "7"


def test_any_status_and_code_can_be_ordered(wire, order):
    order(mode="error", status=409, code=20009, message="Cannot delete this resource before it is complete")
    answer = _post(wire)
    assert answer.status_code == 409
    assert answer.json() == {
        "code": 20009,
        "message": "Cannot delete this resource before it is complete",
        "more_info": "https://www.twilio.com/docs/errors/20009",
        "status": 409,
    }


@pytest.mark.parametrize("status", [502, 200])
def test_a_proxy_answers_html(wire, order, status):
    order(mode="html", status=status)
    answer = _post(wire)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "text/html; charset=utf-8")
    assert answer.text.startswith("<html>")


def test_a_truncated_answer_was_done_and_ends_in_the_middle(wire, fake, order):
    order(mode="truncate", method="POST")
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        _post(wire)
    assert _names(fake) == ["x"]


def test_an_answer_without_a_body_can_not_be_truncated(wire, acme, order):
    key = wire("POST", f"{ROOT}/{acme['sid']}/Keys.json").json()["sid"]
    order(mode="truncate")
    assert wire("DELETE", f"{ROOT}/{acme['sid']}/Keys/{key}.json").status_code == 204


def test_a_slow_body_takes_its_time_and_is_whole(wire, order):
    order(mode="slow-body", ms=200)
    started = time.monotonic()
    assert wire("GET", f"{ROOT}.json").json()["page"] == 0
    assert time.monotonic() - started >= 0.19


def test_a_slow_body_comes_in_pieces():
    body, sent = bytes(range(210)), []

    async def _send(message):
        sent.append(message)

    slow = Fault("slow-body", ms=0)
    asyncio.run(fail(slow, Response(body), {"type": "http", "method": "GET"}, None, _send))
    pieces = [message["body"] for message in sent if message["type"] == "http.response.body"]
    assert len(pieces) > 10
    assert b"".join(pieces) == body
    assert [message["more_body"] for message in sent[1:]] == [True] * (len(pieces) - 1) + [False]


@pytest.mark.parametrize(("mode", "created"), [("latency", []), ("latency-after-commit", ["x"])])
def test_who_gives_up_waiting_does_not_know_what_was_done(wire, fake, order, mode, created):
    order(mode=mode, ms=600_000)
    with pytest.raises(requests.Timeout):
        requests.post(
            f"{fake.url}{ROOT}.json",
            data={"FriendlyName": "x"},
            auth=(fake.account_sid, fake.auth_token),
            headers={"Host": "api.twilio.com"},
            timeout=0.3,
        )
    assert _names(fake) == created


@pytest.mark.parametrize("mode", ["latency", "latency-after-commit"])
def test_a_late_answer_is_the_right_one(wire, fake, order, mode):
    order(mode=mode, ms=50)
    started = time.monotonic()
    assert _post(wire).json()["friendly_name"] == "x"
    assert time.monotonic() - started >= 0.05


def test_an_error_can_come_late(wire, order):
    order(mode="503", ms=50)
    started = time.monotonic()
    assert _post(wire).status_code == 503
    assert time.monotonic() - started >= 0.05


@pytest.mark.parametrize("seconds", [-7200, 7200])
def test_a_skewed_clock_makes_the_date_header_differ_from_the_dates(wire, order, seconds):
    order(mode="clock-skew", seconds=seconds)
    answer = _post(wire)
    header, body = (parsedate_to_datetime(text) for text in (answer.headers["Date"], answer.json()["date_created"]))
    assert (header - body).total_seconds() == seconds


def test_a_fault_hits_only_what_it_is_about_and_so_often(wire, order):
    order(mode="503", method="GET", path_contains="FriendlyName=x", host="api.twilio.com", skip=1, times=2)
    statuses = [wire("GET", f"{ROOT}.json?FriendlyName=x").status_code for _ in range(4)]
    assert statuses == [200, 503, 503, 200]
    assert wire("GET", f"{ROOT}.json").status_code == 200


def test_a_fault_can_be_about_a_pattern_of_paths(wire, acme, order):
    order(mode="503", path=f"{ROOT}/AC*/Keys.json", times=None)
    assert wire("GET", f"{ROOT}/{acme['sid']}/Keys.json?PageSize=1").status_code == 503
    assert wire("GET", f"{ROOT}/{acme['sid']}/SigningKeys.json").status_code == 200


def test_a_fault_can_be_about_one_account(wire, acme, acme_auth, order):
    order(mode="503", account=acme["sid"], times=9)
    assert wire.events("GET", "/v1/Sinks").status_code == 200
    assert wire.events("GET", "/v1/Sinks", auth=acme_auth).status_code == 503


def _statuses(wire, count):
    return [wire("GET", f"{ROOT}.json").status_code for _ in range(count)]


def test_chance_draws_the_same_for_the_same_seed_and_else_another(wire, order):
    seen = []
    for seed in (1, 1, 2):
        wire.fake_control("DELETE", "/faults")
        order(mode="503", probability=0.4, seed=seed)
        seen.append(_statuses(wire, 40))
    assert seen[0] == seen[1] != seen[2]
    assert 5 < seen[0].count(503) < 30


def test_chance_is_drawn_only_for_requests_that_match(wire, order, acme_auth):
    order(mode="503", probability=0.4, seed=1, host="api.twilio.com")
    alone = _statuses(wire, 20)
    wire.fake_control("DELETE", "/faults")
    order(mode="503", probability=0.4, seed=1, host="api.twilio.com")
    among_others = []
    for _ in range(20):
        among_others += _statuses(wire, 1)
        assert wire.events("GET", "/v1/Sinks", auth=acme_auth).status_code == 200
    assert among_others == alone


def test_chance_hits_as_many_in_whatever_order_threads_come(wire, order):
    hits = []
    for workers in (1, 8):
        wire.fake_control("DELETE", "/faults")
        order(mode="503", probability=0.4, seed=1)
        with ThreadPoolExecutor(workers) as pool:
            statuses = list(pool.map(lambda _: wire("GET", f"{ROOT}.json").status_code, range(48)))
        hits.append(statuses.count(503))
    assert hits[0] == hits[1]


@pytest.mark.parametrize(("probability", "status"), [(0, 200), (1, 503)])
def test_chance_can_be_never_and_always(wire, order, probability, status):
    order(mode="503", probability=probability)
    assert _statuses(wire, 5) == [status] * 5


def test_what_chance_spares_meets_the_next_order(wire, order):
    order(mode="503", probability=0)
    order(mode="429", times=1)
    assert _statuses(wire, 2) == [429, 200]


def test_faults_can_be_seen_and_called_off(wire, order):
    order(mode="503", times=9)
    wire("GET", f"{ROOT}.json")
    listed = wire.fake_control("GET", "/faults").json()[0]
    assert (listed["times"], listed["matched"]) == (8, 1)
    wire.fake_control("DELETE", "/faults")
    assert wire("GET", f"{ROOT}.json").status_code == 200


@pytest.mark.parametrize(
    "fault",
    [
        {},
        {"mode": "500"},
        {"mode": "429-after-commit"},
        {"mode": "503", "time": 1},
        {"mode": "503", "method": "post"},
        {"mode": "503", "times": -1},
        {"mode": "503", "times": True},
        {"mode": "503", "path_contains": 1},
        {"mode": "503", "status": 400},
        {"mode": "503", "matched": 1},
        {"mode": "503", "probability": 1.1},
        {"mode": "503", "probability": "0.5"},
        {"mode": "error", "status": 99},
        {"mode": "latency"},
        {"mode": "slow-body", "ms": 10**9},
        {"mode": "clock-skew", "ms": 5},
    ],
)
def test_an_order_that_is_none_is_refused(wire, fault):
    """An order with a slip would test nothing."""
    answer = wire.fake_control("POST", "/faults", fault)
    assert answer.status_code == 400
    assert "fault" in answer.json()["error"]
    assert wire.fake_control("GET", "/faults").json() == []


@pytest.mark.parametrize(("slip", "named"), [({"mode": "503-after-comit"}, "mode"), ({"method": "post"}, "method")])
def test_in_python_too(slip, named):
    with pytest.raises(ValueError, match=named):
        Fault(**{"mode": "503", **slip})
