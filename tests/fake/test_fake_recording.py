"""Recordings: of an account, a call, a conference, deleted softly. Statements 48, 49, 52, 53."""

from datetime import date

import pytest

ROOT = "/2010-04-01/Accounts"
CALL, CONFERENCE = "CA" + "1" * 32, "CF" + "2" * 32
DAY = 86_400


@pytest.fixture
def account(parent, acme):
    return parent.api.v2010.accounts(acme["sid"])


@pytest.fixture
def recordings(acme):
    return f"{ROOT}/{acme['sid']}/Recordings"


def _code(answer):
    return answer.status_code, answer.json()["code"]


def test_statement_48_a_recording_is_deleted_once(wire, account, acme, recordings):
    [sid] = wire.seed("recording", acme["sid"])
    assert account.recordings(sid).delete()
    assert _code(wire("DELETE", f"{recordings}/{sid}.json")) == (404, 20404)


@pytest.mark.parametrize("status", ["in-progress", "paused", "processing"])
def test_statement_49_an_unfinished_recording_is_not_deleted(wire, acme, recordings, status):
    [sid] = wire.seed("recording", acme["sid"], status=status)
    assert _code(wire("DELETE", f"{recordings}/{sid}.json")) == (409, 20009)


def test_statement_52_a_deleted_recording_stays_visible_for_40_days(wire, account, acme, recordings):
    kept, gone = wire.seed("recording", acme["sid"], count=2)
    account.recordings(gone).delete()
    seen = []
    for seconds in (0, 40 * DAY - 1, 1):
        wire.advance(seconds)
        listed = account.recordings.list(include_soft_deleted=True)
        seen.append(([item.sid for item in listed], [item.status for item in listed]))
    both, alone = ([gone, kept], ["deleted", "completed"]), ([kept], ["completed"])
    assert seen == [both, both, alone]


def test_statement_52_those_who_do_not_ask_see_no_deleted_recording(wire, account, acme, recordings):
    [sid] = wire.seed("recording", acme["sid"])
    account.recordings(sid).delete()
    assert account.recordings.list() == []
    assert _code(wire("GET", f"{recordings}/{sid}.json")) == (404, 20404)
    assert account.recordings(sid).fetch(include_soft_deleted=True).status == "deleted"
    wire.advance(40 * DAY)
    assert wire("GET", f"{recordings}/{sid}.json?IncludeSoftDeleted=true").status_code == 404


def test_statement_53_the_day_itself_is_before_and_after_it(wire, account, acme):
    [sid] = wire.seed("recording", acme["sid"], date_created="2026-01-02T23:59:59Z")
    assert [item.sid for item in account.recordings.list(date_created_before=date(2026, 1, 2))] == [sid]
    assert [item.sid for item in account.recordings.list(date_created_after=date(2026, 1, 2))] == [sid]
    assert account.recordings.list(date_created_before=date(2026, 1, 1)) == []


def test_recordings_are_listed_by_call_and_by_conference(wire, account, acme):
    of_call, of_conference = (
        wire.seed("recording", acme["sid"], **{field: sid})[0]
        for field, sid in (("call_sid", CALL), ("conference_sid", CONFERENCE))
    )
    wire.seed("recording", acme["sid"])
    found = [
        account.recordings.list(call_sid=CALL),
        account.calls(CALL).recordings.list(),
        account.recordings.list(conference_sid=CONFERENCE),
        account.conferences(CONFERENCE).recordings.list(),
    ]
    assert [[first.sid for first in item] for item in found] == [[of_call], [of_call], [of_conference], [of_conference]]


def test_deleting_by_the_calls_path_deletes_softly_too(wire, account, acme):
    [sid] = wire.seed("recording", acme["sid"], call_sid=CALL)
    assert account.calls(CALL).recordings(sid).fetch().track == "both"
    assert account.calls(CALL).recordings(sid).delete()
    assert account.calls(CALL).recordings.list() == []
    assert account.recordings(sid).fetch(include_soft_deleted=True).status == "deleted"


def test_a_recording_of_another_call_is_not_found(wire, acme):
    [sid] = wire.seed("recording", acme["sid"], call_sid=CALL)
    other = f"{ROOT}/{acme['sid']}/Calls/CA{'3' * 32}/Recordings/{sid}.json"
    assert [wire(method, other).status_code for method in ("GET", "DELETE")] == [404, 404]
