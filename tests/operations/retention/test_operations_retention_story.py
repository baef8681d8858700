"""The job as a whole: what is due is counted, deleted or redacted, and nothing else is."""

import pytest

from faketwilio.hosts.api.archives import MESSAGES

RULES = """\
retention:
  messages: {keep_days: 30}
  calls: {keep_days: 90}
  recordings: {keep_days: 14}
  transcriptions: {keep_days: 7}
"""
REDACT = "retention:\n  messages: {keep_days: 30, action: redact}\n"


@pytest.fixture
def acme(world):
    world.tenant("acme", RULES)
    return world


def put_all(world):
    """Put records of each kind that are due, and some that are not; return both."""
    due, kept = [], []
    for kind, days in (("message", 30), ("call", 90), ("recording", 14), ("transcription", 7)):
        more = {"recording_sid": "RE" + "0" * 32} if kind == "transcription" else {}
        due += [(kind, sid) for sid in world.put("acme", kind, days + 1, 3, **more)]
        kept += [(kind, sid) for sid in world.put("acme", kind, days, 2, **more)]
    return due, kept


def test_a_dry_run_counts_by_kind_and_deletes_nothing(acme):
    due, kept = put_all(acme)
    report = acme.look()
    rules = acme.report_of(report).rules
    assert [(rule.kind, rule.due, rule.calls, str(rule.oldest)) for rule in rules] == [
        ("messages", 3, 3, "2026-10-30"),
        ("calls", 3, 3, "2026-08-31"),
        ("recordings", 3, 3, "2026-11-15"),
        ("transcriptions", 3, 3, "2026-11-22"),
    ]
    assert (report.applied, report.exit_code) == (False, 2)
    assert all(acme.has(kind, sid) for kind, sid in due + kept)
    assert acme.deletions() == acme.audit() == []


def test_exactly_what_is_due_is_deleted_and_the_audit_proves_it(acme):
    due, kept = put_all(acme)
    report = acme.retain()
    assert [rule.done for rule in acme.report_of(report).rules] == [3, 3, 3, 3]
    assert report.exit_code == 0
    assert not any(acme.has(kind, sid) for kind, sid in due)
    assert all(acme.has(kind, sid) for kind, sid in kept)
    lines = acme.audit()
    assert {line.entry.sid for line in lines if line.entry.event == "intent"} == {sid for _, sid in due}
    assert {line.entry.sid for line in lines if line.entry.outcome == "done"} == {sid for _, sid in due}
    assert len(acme.deletions()) == len(due)
    assert acme.report_of(report).audit == f"24:{lines[-1].head[:16]}"


def test_a_second_run_finds_nothing(acme):
    put_all(acme)
    acme.retain()
    before = len(acme.audit())
    report = acme.retain()
    assert (report.due, report.done, report.exit_code, len(acme.audit())) == (0, 0, 0, before)


def test_messages_that_were_never_sent_are_found_by_their_creation(acme):
    [old] = acme.put("acme", "message", 31, date_sent=None, status="failed")
    [young] = acme.put("acme", "message", 30, date_sent=None, status="failed")
    [canceled] = acme.put("acme", "call", 91, end_time=None, start_time=None, status="canceled")
    acme.retain()
    assert (acme.has("message", old), acme.has("message", young), acme.has("call", canceled)) == (False, True, False)


def test_a_message_is_redacted_with_its_media(world):
    world.tenant("acme", REDACT)
    [sid] = world.put("acme", "message", 31, num_media=2, body="a secret")
    media = world.put("acme", "media", 31, 2, parent_sid=sid)
    [young] = world.put("acme", "message", 30, body="another")
    report = world.retain()
    messages = world.fake.store.archive(MESSAGES)
    assert (world.report_of(report).rules[0].done, report.exit_code) == (1, 0)
    assert [world.has("media", medium) for medium in media] == [False, False]
    assert [messages.get(name).body for name in (sid, young)] == ["", "another"]
    intents = [line.entry for line in world.audit() if line.entry.event == "intent"]
    assert [(entry.kind, entry.action) for entry in intents] == [("media", "delete")] * 2 + [("messages", "redact")]


def test_what_was_redacted_is_not_touched_again(world):
    world.tenant("acme", REDACT)
    [sid] = world.put("acme", "message", 31, num_media=1, body="a secret")
    world.put("acme", "media", 31, parent_sid=sid)
    world.put("acme", "message", 40, body="")
    world.retain()
    before = len(world.audit())
    for whole in (False, True):
        report = world.retain(is_whole=whole)
        assert (report.due, report.done, report.exit_code, len(world.audit())) == (0, 0, 0, before)


def test_media_of_a_message_without_text_are_deleted(world):
    world.tenant("acme", REDACT)
    [sid] = world.put("acme", "message", 31, num_media=1, body="")
    [medium] = world.put("acme", "media", 31, parent_sid=sid)
    assert world.look().due == 1
    world.retain()
    assert not world.has("media", medium)
    assert world.look().due == 0


def test_more_than_a_page_is_deleted_to_the_last(acme):
    acme.put("acme", "message", 31, 1005)
    acme.put("acme", "message", 1, 5)
    report = acme.retain()
    assert (report.done, acme.number("message", "acme"), report.exit_code) == (1005, 5, 0)
