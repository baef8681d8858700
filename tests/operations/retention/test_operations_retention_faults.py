"""Twilio in bad weather: filters that it ignores, refusals, lost answers, lists that change while they are read."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from faketwilio.hosts.api.archives import MESSAGES as ARCHIVE
from tenantry.operations.errors import StoppedError
from tenantry.operations.retention.guards import Limits

RULE = "retention: {messages: {keep_days: 30}}\n"
REDACT = "retention: {messages: {keep_days: 30, action: redact}}\n"
MESSAGES = "*/Messages/*.json"


@pytest.fixture
def acme(world):
    world.tenant("acme", RULE)
    return world


def rule_of(world, report):
    [rule] = world.report_of(report).rules
    return rule


@pytest.mark.parametrize("action", ["delete", "redact"])
def test_filters_that_twilio_ignores_delete_nothing_more(world, action):
    world.tenant("acme", RULE if action == "delete" else REDACT)
    due, kept = world.put("acme", "message", 31, 30, body="a"), world.put("acme", "message", 30, 30, body="b")
    world.retain()  # the first run looks at every record; the next one asks with a filter
    late = world.put("acme", "message", 32, 5, body="c") if action == "delete" else []
    world.switch(date_filters="ignored")
    world.retain()
    assert all(world.has("message", sid) for sid in kept)
    assert not any(world.has("message", sid) for sid in (*due, *late)) or action == "redact"
    assert {line.entry.sid for line in world.audit()} == {*due, *late}


def test_a_record_that_twilio_says_is_unfinished_is_tried_again_next_time(acme):
    [sid] = acme.put("acme", "message", 31)
    acme.fail("error", MESSAGES, method="DELETE", status=409, code=20009, times=1)
    first = acme.retain()
    assert (rule_of(acme, first).unfinished, first.exit_code, acme.has("message", sid)) == (1, 2, True)
    assert (acme.retain().exit_code, acme.has("message", sid)) == (0, False)
    assert [line.entry.outcome for line in acme.audit()] == [None, "unfinished", None, "done"]


@pytest.mark.parametrize(("days", "code", "count"), [(44, 2, "unfinished"), (45, 1, "stuck")])
def test_what_never_ends_fails_after_fourteen_days(acme, days, code, count):
    acme.put("acme", "message", days, date_sent=None, status="queued")
    report = acme.retain()
    assert (report.exit_code, getattr(rule_of(acme, report), count), acme.deletions()) == (code, 1, [])


def test_a_scheduled_message_is_never_deleted(acme):
    [sid] = acme.put("acme", "message", 31, date_sent=None, status="scheduled")
    acme.retain()
    assert acme.has("message", sid)


def test_what_is_gone_already_is_done(acme):
    acme.put("acme", "message", 31)
    acme.fail("error-after-commit", MESSAGES, method="DELETE", status=404, code=20404)
    report = acme.retain()
    assert (rule_of(acme, report).gone, report.exit_code) == (1, 0)
    assert acme.audit()[-1].entry.outcome == "gone"


def test_a_storm_of_429_is_waited_out(acme):
    acme.put("acme", "message", 31, 20)
    acme.fail("429", MESSAGES, method="DELETE", times=15)
    assert (acme.retain().done, acme.number("message", "acme")) == (20, 0)


@pytest.mark.parametrize("mode", ["drop", "drop-after-commit", "503", "503-after-commit"])
@pytest.mark.parametrize("action", ["delete", "redact"])
def test_a_lost_answer_deletes_nothing_twice_and_loses_nothing(world, mode, action):
    world.tenant("acme", RULE if action == "delete" else REDACT)
    sids = world.put("acme", "message", 31, 5, body="a secret")
    world.fail(mode, MESSAGES, method="DELETE" if action == "delete" else "POST", times=3)
    report = world.retain()
    assert report.exit_code == 0
    world.time.now += timedelta(minutes=11)
    assert world.retain().exit_code == 0
    bodies = {record.body for sid in sids if (record := world.fake.store.archive(ARCHIVE).get(sid))}
    assert bodies == (set() if action == "delete" else {""})
    assert intents_without_result(world) == []


def test_a_twilio_that_answers_nobody_is_left_to_the_next_run(acme):
    acme.put("acme", "message", 31, 3)
    acme.fail("drop", MESSAGES, method="DELETE", times=None)
    acme.fail("drop", MESSAGES, method="GET", times=None)
    report = acme.retain()
    assert (report.exit_code, report.done, len(intents_without_result(acme))) == (1, 0, 3)
    acme.fake.store.faults.clear()
    acme.time.now += timedelta(minutes=11)
    assert (acme.retain().exit_code, intents_without_result(acme), acme.number("message", "acme")) == (0, [], 0)
    assert [line.entry.outcome for line in acme.audit()].count("still_there") == 3


def test_a_refusal_of_one_record_stops_no_other(acme):
    sids = acme.put("acme", "message", 31, 4)
    acme.fail("error", f"*/Messages/{sids[1]}.json", method="DELETE", status=400, code=20001, times=None)
    report = acme.retain()
    assert (report.done, rule_of(acme, report).failed, report.exit_code) == (3, 1, 1)
    problem = rule_of(acme, report).problem or ""
    assert ("20001" in problem, problem.endswith("The next run tries it again.")) == (True, True)


def test_a_page_that_became_old_is_read_again(acme):
    acme.put("acme", "message", 31, 40)
    acme.fail("429", MESSAGES, method="DELETE", times=1, retry_after=61)
    assert (acme.retain().done, acme.number("message", "acme")) == (40, 0)


def test_two_jobs_at_once_delete_all_and_keep_one_chain(acme):
    acme.put("acme", "message", 31, 1005)
    acme.put("acme", "message", 29, 5)
    with ThreadPoolExecutor(2) as pool:
        reports = list(pool.map(lambda _: acme.retain(), range(2)))
    assert acme.retain().exit_code == 0
    assert (acme.number("message", "acme"), sum(report.done for report in reports)) == (5, 1005)
    assert len({line.entry.sid for line in acme.audit()}) == 1005
    assert intents_without_result(acme) == []


@pytest.mark.parametrize("days", [1, -1])
def test_a_clock_that_is_wrong_deletes_nothing(acme, days):
    acme.put("acme", "message", 31)
    with pytest.raises(StoppedError, match=r"This machine's clock is 24 hours .* Twilio's, so nobody knows which"):
        acme.retain(options={"clock": lambda: acme.time.now + timedelta(days=days)})
    assert acme.deletions() == acme.audit() == []


def test_a_rule_of_one_day_by_a_typo_is_left_out(acme):
    acme.put("acme", "message", 2, 25)
    acme.put("acme", "message", 0, 10)
    acme.tenant("acme", "retention: {messages: {keep_days: 1}}\n")
    report = acme.retain(limits=Limits())
    assert rule_of(acme, report).left_out == (
        "it would delete 25 of 35 records (72 %), and the limit is 20 %; if it is meant, run again with "
        "--max-deletes-percent 72"
    )
    assert (report.exit_code, acme.deletions()) == (2, [])
    assert acme.retain(limits=Limits(percent=72)).done == 25


def test_the_percentage_is_of_all_records_where_twilio_filters(acme):
    acme.retain()
    acme.put("acme", "message", 31, 25)
    acme.put("acme", "message", 1, 100)
    assert acme.retain(limits=Limits(percent=20)).done == 25
    acme.put("acme", "message", 31, 26)
    assert acme.retain(limits=Limits(percent=20)).done == 0


def test_a_run_over_the_limit_deletes_nothing_at_all(acme):
    acme.put("acme", "message", 31, 11)
    report = acme.retain(limits=Limits(deletes=10, percent=100))
    assert report.stopped == (
        "11 records are due, and the limit is 10. Nothing was deleted. Look at the dry run; if it is meant, run again "
        "with --max-deletes 11."
    )
    assert (report.exit_code, acme.deletions()) == (2, [])


def intents_without_result(world):
    lines = world.audit()
    settled = {line.entry.intent for line in lines}
    return [line.number for line in lines if line.entry.event == "intent" and line.number not in settled]
