"""Calls: made, listed by date, ended, deleted. Statements 48, 49, 53."""

from datetime import date

import pytest

ROOT = "/2010-04-01/Accounts"
CUSTOMER = "+14155550123"


@pytest.fixture
def account(parent, acme):
    return parent.api.v2010.accounts(acme["sid"])


@pytest.fixture
def number(account):
    return account.incoming_phone_numbers.create(phone_number="+15005550006").phone_number


@pytest.fixture
def calls(acme):
    return f"{ROOT}/{acme['sid']}/Calls"


def _code(answer):
    return answer.status_code, answer.json()["code"]


def test_a_call_is_queued_then_under_way_then_completed(wire, account, number):
    call = account.calls.create(CUSTOMER, number, url="https://a.example/voice")
    seen = [(call.status, call.start_time, call.duration)]
    for seconds in (1, 10):
        wire.advance(seconds)
        call = account.calls(call.sid).fetch()
        seen.append((call.status, call.start_time and call.start_time.second, call.duration))
    assert seen == [("queued", None, None), ("in-progress", 1, None), ("completed", 1, "10")]
    assert (call.end_time - call.start_time).seconds == 10
    assert (call.to_formatted, call.price_unit) == ("(415) 555-0123", "USD")


@pytest.mark.parametrize(
    ("data", "code"),
    [({"To": ""}, 21201), ({"From": ""}, 21213), ({"Url": ""}, 21205), ({"From": "+15005550007"}, 21210)],
)
def test_a_call_that_twilio_would_not_make_is_refused(wire, number, calls, data, code):
    good = {"To": CUSTOMER, "From": number, "Url": "https://a.example/voice"}
    assert _code(wire("POST", f"{calls}.json", data=good | data)) == (400, code)
    assert wire("GET", f"{calls}.json").json()["calls"] == []


def test_a_call_under_way_is_ended_once(wire, account, number, calls):
    call = account.calls.create(CUSTOMER, number, twiml="<Response/>")
    wire.advance(4)
    assert _code(wire("POST", f"{calls}/{call.sid}.json", data={"Status": "canceled"})) == (400, 21220)
    ended = account.calls(call.sid).update(status="completed")
    assert (ended.status, ended.duration) == ("completed", "3")
    assert _code(wire("POST", f"{calls}/{call.sid}.json", data={"Status": "completed"})) == (400, 21220)


def test_a_queued_call_is_canceled_and_never_starts(wire, account, number):
    call = account.calls.create(CUSTOMER, number, twiml="<Response/>")
    account.calls(call.sid).update(status="canceled")
    wire.advance(3600)
    canceled = account.calls(call.sid).fetch()
    assert (canceled.status, canceled.start_time, canceled.end_time) == ("canceled", None, None)


def test_statement_48_a_call_is_deleted_once_and_its_recordings_stay(wire, account, acme, calls):
    [sid] = wire.seed("call", acme["sid"])
    [recording] = wire.seed("recording", acme["sid"], call_sid=sid)
    assert account.calls(sid).delete()
    assert _code(wire("DELETE", f"{calls}/{sid}.json")) == (404, 20404)
    assert account.recordings(recording).fetch().call_sid == sid


@pytest.mark.parametrize("status", ["queued", "ringing", "in-progress"])
def test_statement_49_a_call_under_way_is_not_deleted(wire, acme, calls, status):
    [sid] = wire.seed("call", acme["sid"], status=status)
    assert _code(wire("DELETE", f"{calls}/{sid}.json")) == (409, 20009)


def test_statement_53_on_calls_the_day_itself_is_not_before_it(wire, account, acme):
    sids = [
        wire.seed("call", acme["sid"], date_created=moment, start_time=moment)[0]
        for moment in ("2026-01-01T23:59:59Z", "2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z")
    ]
    second = date(2026, 1, 2)
    lists = {
        "on": account.calls.list(start_time=second),
        "before": account.calls.list(start_time_before=second),
        "after": account.calls.list(start_time_after=second),
    }
    names = {name: [sids.index(item.sid) for item in found] for name, found in lists.items()}
    assert names == {"on": [1], "before": [0], "after": [2, 1]}


def test_statement_53_the_same_holds_for_the_end_of_a_call(wire, account, acme):
    [sid] = wire.seed("call", acme["sid"], date_created="2026-01-01T23:59:30Z", start_time="2026-01-01T23:59:30Z")
    ends = {day: len(account.calls.list(end_time_before=date(2026, 1, day))) for day in (2, 3)}
    assert ends == {2: 0, 3: 1}
    assert [item.sid for item in account.calls.list(end_time_after=date(2026, 1, 2))] == [sid]


def test_calls_are_listed_by_status_number_and_parent(wire, account, acme):
    busy, done = wire.seed("call", acme["sid"], count=2, status=["busy", "completed"], to=["+14155550101", CUSTOMER])
    [leg] = wire.seed("call", acme["sid"], parent_call_sid=done)
    found = [
        account.calls.list(status="busy"),
        account.calls.list(to=CUSTOMER),
        account.calls.list(parent_call_sid=done),
        account.calls.list(status="completed", to=CUSTOMER),
    ]
    assert [[first.sid for first in item] for item in found] == [[busy], [done], [leg], [done]]


def test_a_status_that_is_none_is_refused(wire, calls):
    assert _code(wire("GET", f"{calls}.json?Status=done")) == (400, 20001)
