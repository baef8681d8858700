"""When a record is due, as a function of rule, date, status, hold and day."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from tenantry.model.retention import RetentionEntry
from tenantry.operations.retention.due import Fact, Reconciled, Rule, due_day, judge, rules_of, wait_for_statements

MINE, THEIRS = "AC" + "1" * 32, "AC" + "2" * 32
TODAY = date(2026, 11, 30)
RULE = Rule("messages", 30)


def verdict(when: datetime | None, status="delivered", owner=MINE, rule=RULE, *, is_held=False):
    return judge(rule, Fact(owner, when, status), MINE, TODAY, is_held=is_held)


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (datetime(2026, 10, 30, 23, 59, 59, tzinfo=UTC), "due"),
        (datetime(2026, 10, 31, tzinfo=UTC), "kept"),
        (datetime(2026, 10, 31, 1, 30, tzinfo=timezone(timedelta(hours=2))), "due"),
        (datetime(2026, 10, 30, 23, tzinfo=timezone(timedelta(hours=-2))), "kept"),
        (datetime(2027, 1, 1, tzinfo=UTC), "kept"),
        (None, "undated"),
    ],
)
def test_a_record_is_kept_through_its_last_day_in_utc(when, expected):
    assert verdict(when) == expected


@pytest.mark.parametrize(
    ("status", "when", "expected"),
    [
        ("queued", datetime(2026, 10, 30, tzinfo=UTC), "unfinished"),
        ("queued", datetime(2026, 10, 17, tzinfo=UTC), "unfinished"),
        ("queued", datetime(2026, 10, 16, 23, 59, tzinfo=UTC), "stuck"),
        ("invented-tomorrow", datetime(2026, 10, 1, tzinfo=UTC), "due"),
    ],
)
def test_an_unfinished_record_waits_fourteen_days_and_then_fails(status, when, expected):
    assert verdict(when, status) == expected


OLD = datetime(2020, 1, 1, tzinfo=UTC)


def test_a_hold_and_another_owner_win():
    assert verdict(OLD, is_held=True) == "held"
    assert verdict(OLD, owner=THEIRS) == "foreign"
    assert verdict(OLD, "queued", is_held=True) == "held"


def test_a_month_that_is_not_closed_is_kept():
    reconciled = Reconciled(frozenset({"2026-08"}), billed_from=date(2026, 3, 1))
    [rule] = wait_for_statements([Rule("calls", 1)], reconciled)
    for month, expected in ((2, "due"), (7, "kept"), (8, "due"), (9, "kept")):
        assert verdict(datetime(2026, month, 28, 23, 59, tzinfo=UTC), rule=rule) == expected
    assert verdict(datetime(2026, 9, 1, 1, tzinfo=timezone(timedelta(hours=2))), rule=rule) == "due"
    [later] = wait_for_statements([Rule("calls", 120)], reconciled)
    assert verdict(datetime(2026, 8, 28, tzinfo=UTC), rule=later) == "kept"


def test_a_rule_that_is_older_than_the_calendar_is_no_error():
    assert due_day(Rule("calls", 36_500), date(50, 1, 1)) == date.min
    assert verdict(OLD, "queued", rule=Rule("calls", 36_500)) == "kept"


def test_the_rules_of_a_tenant_follow_its_manifest():
    entry = RetentionEntry.model_validate(
        {"messages": {"keep_days": 30, "action": "redact"}, "transcriptions": {"keep_days": 7}}
    )
    assert rules_of(entry) == (Rule("messages", 30, "redact"), Rule("transcriptions", 7))
    assert rules_of(None) == ()
