"""Transcriptions, conferences, notifications: what no date filters, what is never deleted. Statements 48, 53, 54."""

from datetime import date

import pytest

ROOT = "/2010-04-01/Accounts"
RECORDING, CALL = "RE" + "1" * 32, "CA" + "1" * 32


@pytest.fixture
def account(parent, acme):
    return parent.api.v2010.accounts(acme["sid"])


def _code(answer):
    return answer.status_code, answer.json()["code"]


def test_statement_48_a_transcription_is_deleted_once(wire, account, acme):
    [sid] = wire.seed("transcription", acme["sid"], recording_sid=RECORDING)
    assert account.transcriptions(sid).fetch().recording_sid == RECORDING
    assert account.transcriptions(sid).delete()
    assert _code(wire("DELETE", f"{ROOT}/{acme['sid']}/Transcriptions/{sid}.json")) == (404, 20404)


def test_no_date_filters_transcriptions(wire, acme):
    wire.seed("transcription", acme["sid"], recording_sid=RECORDING, date_created="2026-01-01")
    found = wire("GET", f"{ROOT}/{acme['sid']}/Transcriptions.json", params={"DateCreated<": "2025-01-01"})
    assert len(found.json()["transcriptions"]) == 1


def test_transcriptions_of_a_recording_are_found_by_its_path_only(wire, account, acme):
    [sid] = wire.seed("transcription", acme["sid"], recording_sid=RECORDING)
    wire.seed("transcription", acme["sid"], recording_sid="RE" + "2" * 32)
    assert [transcription.sid for transcription in account.recordings(RECORDING).transcriptions.list()] == [sid]
    other = f"{ROOT}/{acme['sid']}/Recordings/RE{'2' * 32}/Transcriptions/{sid}.json"
    assert wire("GET", other).status_code == 404


@pytest.mark.parametrize(("kind", "folder"), [("conference", "Conferences"), ("notification", "Notifications")])
def test_statement_54_what_has_no_delete_is_not_deleted(wire, acme, kind, folder):
    [sid] = wire.seed(kind, acme["sid"])
    path = f"{ROOT}/{acme['sid']}/{folder}/{sid}.json"
    assert _code(wire("DELETE", path)) == (405, 20004)
    wire.fake_control("POST", "/behaviour", {"undeletable": "not-found"})
    assert _code(wire("DELETE", path)) == (404, 20404)
    assert wire("GET", path).json()["sid"] == sid


def test_statement_53_conferences_are_filtered_by_two_dates(wire, account, acme):
    [sid] = wire.seed("conference", acme["sid"], date_created="2026-01-02T12:00:00Z", date_updated="2026-01-04")
    second = date(2026, 1, 2)
    assert [item.sid for item in account.conferences.list(date_created_before=second)] == [sid]
    assert account.conferences.list(date_updated_before=second) == []
    assert [item.sid for item in account.conferences.list(date_updated_after=second)] == [sid]


def test_conferences_are_listed_by_name_and_status_and_ended(wire, account, acme):
    live, over = wire.seed("conference", acme["sid"], count=2, friendly_name=["a", "b"], status=["init", "completed"])
    assert [item.sid for item in account.conferences.list(friendly_name="b")] == [over]
    assert [item.sid for item in account.conferences.list(status="init")] == [live]
    ended = account.conferences(live).update(status="completed")
    assert (ended.status, ended.reason_conference_ended) == ("completed", "conference-ended-via-api")


def test_notifications_are_listed_by_date_level_and_call(wire, account, acme):
    [error] = wire.seed("notification", acme["sid"], log="0", call_sid=CALL, message_date="2026-01-02")
    [warning] = wire.seed("notification", acme["sid"], log="1")
    found = [
        account.notifications.list(log=1),
        account.notifications.list(message_date_before=date(2026, 1, 2)),
        account.calls(CALL).notifications.list(),
    ]
    assert [[first.sid for first in item] for item in found] == [[warning], [error], [error]]


def test_only_a_single_notification_shows_what_was_said(wire, account, acme):
    [sid] = wire.seed("notification", acme["sid"], response_body="oops")
    assert account.notifications(sid).fetch().response_body == "oops"
    assert "response_body" not in wire("GET", f"{ROOT}/{acme['sid']}/Notifications.json").json()["notifications"][0]
