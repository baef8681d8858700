"""Errors of tenants: both forms in which Twilio tells of them are kept once, without what names a person."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from errors_world import ERRORS, MAIL, NUMBER, console_form, fail, restart, send_json, subscribe, url_of
from served_receiver import Served

from tenantry.ledger.holds import HeldTenant, record_hold
from tenantry.ledger.mentions import count_mentions
from tenantry.ledger.opening import open_ledger
from tenantry.operations.error_events.keeping import KEEP_ERRORS, forget_errors, read_keep_days
from tenantry.operations.errors import OperationError


def rows(world, columns="code, level, tenant"):
    with world.ledger() as ledger:
        return ledger.rows(f"SELECT {columns} FROM error_events ORDER BY id")


@pytest.mark.parametrize("batch", [False, True])
def test_an_event_of_a_sink_is_kept_once(world, batch):
    subscribe(world, batch=batch)
    sid = fail(world, error_code="11200")
    assert rows(world, "identity, code, level, tenant, account_sid") == [
        (sid, "11200", "error", "acme", world.sids["acme"])
    ]


def test_both_forms_of_one_error_are_one(world):
    subscribe(world)
    sid = fail(world)
    assert world.send(console_form(world, sid), url=url_of()) == 204
    assert world.send(console_form(world, "NO" + "1" * 32), url=url_of()) == 204
    assert [row[0] for row in rows(world, "identity")] == [sid, "NO" + "1" * 32]


def test_personal_fields_are_redacted_in_both_forms(world):
    subscribe(world)
    fail(world)
    world.send(console_form(world, "NO" + "1" * 32), url=url_of())
    with world.ledger() as ledger:
        assert [count_mentions(ledger, text) for text in (NUMBER[1:], MAIL, "call me", "secret")] == [{}] * 4
    [(message, url, parameters), _] = rows(world, "message, url, parameters")
    assert message == "Could not reach the handler for [redacted] of [redacted]"
    assert url == "https://crm.example/sms?from=…&k=…"
    assert json.loads(parameters) == {"From": "[redacted]", "Body": "[redacted]", "MessageSid": "SM1"}


def test_personal_fields_are_kept_where_they_are_asked_for(world):
    subscribe(world)
    world.stop()
    world.server = Served(replace(world.settings, keeps_personal=True), "")
    assert world.send(console_form(world, "NO" + "1" * 32), url=url_of()) == 204
    assert NUMBER in rows(world, "parameters")[0][0]


def test_what_is_no_error_is_answered_and_not_kept(world):
    subscribe(world)
    fail(world, level="info")
    other = {"specversion": "1.0", "id": "AC1", "type": "com.twilio.eventstreams.test-event", "data": {"test_id": "x"}}
    assert send_json(world, json.dumps(other).encode()) == 204
    assert rows(world) == []


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[1]", b'{"type": 1}', b"[" * 5_000, b'"text"'])
def test_a_genuine_body_that_cant_be_read_is_an_error_too(world, body):
    subscribe(world)
    assert send_json(world, body) == 204
    assert rows(world) == [("", "error", "acme")]


@pytest.mark.parametrize("payload", [None, 5, "{", "[]", {"error_code": "x" * 99, "more_info": "null"}])
def test_an_odd_payload_is_kept_with_what_can_be_read(world, payload):
    subscribe(world)
    event = {"type": ERRORS, "id": "NO9", "time": "yesterday", "data": {"level": "ERROR", "payload": payload}}
    assert send_json(world, json.dumps(event).encode()) == 204
    assert rows(world, "identity, code, level") == [("NO9", "", "error")]


def test_a_hash_that_stands_twice_is_refused(world):
    subscribe(world)
    body = json.dumps({"type": ERRORS, "id": "NO1", "data": {}}).encode()
    assert [send_json(world, body, hashes=hashes) for hashes in (2, 1)] == [403, 204]


@pytest.mark.parametrize("happened", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2026-03-15"])
def test_an_odd_date_or_character_loses_no_event(world, happened):
    subscribe(world)
    payload = json.dumps({"more_info": {"Msg": "half \ud800 of a pair \0"}, "error_code": 11200})
    event = {"type": ERRORS, "id": "NO\ud800", "data": {"level": "ERROR", "payload": payload, "date_created": happened}}
    assert send_json(world, json.dumps(event).encode()) == 204
    assert rows(world, "code, message, substr(happened_at, 1, 7)") == [("11200", "half ? of a pair ", "2026-03")]


def test_a_parameter_that_hides_an_object_is_redacted(world):
    subscribe(world)
    request = {"parameters": {"MessageSid": {"From": NUMBER}}}
    data = {"level": "ERROR", "payload": {"webhook": {"request": request}}}
    assert send_json(world, json.dumps({"type": ERRORS, "id": "NO1", "data": data}).encode()) == 204
    assert rows(world, "parameters") == [('{"MessageSid": "[redacted]"}',)]


def test_an_event_by_another_token_is_refused(world):
    subscribe(world)
    assert send_json(world, b"{}", token="e" * 32) == 403
    assert rows(world) == []


def test_an_event_is_sent_again_while_the_ledger_is_down(world):
    subscribe(world)
    with open_ledger(world.address) as other, other.writing():
        other.run("DELETE FROM error_events")
        assert send_json(world, json.dumps({"type": ERRORS, "id": "NO1", "data": {}}).encode()) == 503
    restart(world)
    assert send_json(world, json.dumps({"type": ERRORS, "id": "NO1", "data": {}}).encode()) == 204


def test_old_errors_are_forgotten_but_not_of_a_tenant_on_hold(world):
    for slug in ("acme", "birch"):
        subscribe(world, slug)
        fail(world, slug)
    with world.ledger() as ledger:
        record_hold(ledger, world.parent, HeldTenant("birch", "case 1", world.instant.date(), "ana"))
        world.instant += KEEP_ERRORS - timedelta(minutes=1)
        assert forget_errors(ledger, world.parent, KEEP_ERRORS) == 0
        world.instant += timedelta(minutes=2)
        assert forget_errors(ledger, world.parent, KEEP_ERRORS) == 1
    assert rows(world, "tenant") == [("birch",)]


@pytest.mark.parametrize("written", ["13", "0", "x", "-30", "30.5", "9999"])
def test_days_that_cant_be_kept_are_refused(written):
    with pytest.raises(OperationError, match="from 14 to 3660"):
        read_keep_days({"TENANTRY_ERRORS_KEEP_DAYS": written})
