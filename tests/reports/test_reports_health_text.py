"""Health as lines for a terminal and as issues: what the person on call reads, and what to do."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tenantry.ledger.health_days import HealthDay
from tenantry.model.slo import Slo
from tenantry.operations.health.facts import Facts, Outcome, Recent
from tenantry.operations.health.report import ABOUT, report_tenants
from tenantry.operations.health.values import HealthReport
from tenantry.reports.health.as_issues import as_issues
from tenantry.reports.health.as_text import as_text

NOW = datetime(2026, 4, 4, 12, tzinfo=UTC)
DAY = HealthDay(NOW.date(), 1000, 990, 10, 0, 0, 0)
SLO = Slo.model_validate({"delivered_percent": 98})
WELL = Facts("acme", NOW, SLO, (DAY,), Recent(NOW - timedelta(days=3)), keys=(), sinks_failed=())


def lines(*facts: Facts) -> list[str]:
    return as_text(make_report(*facts)).splitlines()


def make_report(*facts: Facts) -> HealthReport:
    return HealthReport(
        format=1,
        stack="dev",
        parent="AC" + "0" * 32,
        at=NOW,
        first=NOW.date(),
        source="twilio",
        incident=None,
        tenants=report_tenants((item, None) for item in facts),
        about=ABOUT,
        burning=0,
        failed=0,
        requests=9,
        throttled=0,
    )


def failing(minutes: int) -> Facts:
    """Return a tenant of which 40 of 100 messages failed so many minutes ago, and none of 100 since."""
    old, new = NOW - timedelta(minutes=minutes), NOW - timedelta(minutes=1)
    messages = [Outcome(old, 1, int(number < 80)) for number in range(100)]
    messages += [Outcome(new, 1, 0) for _ in range(100)] if minutes > 5 else []
    return replace(WELL, recent=Recent(NOW - timedelta(days=3), tuple(messages)))


def test_why_a_question_failed_is_told():
    found = lines(replace(WELL, unreadable={"messages": "Reading the messages: Twilio answered 429."}))
    assert found[:2] == ["unknown: acme", "  failed: Reading the messages: Twilio answered 429."]


def test_the_issue_of_a_tenant_that_could_not_be_read_stays_open():
    unread = replace(WELL, tenant="birch", unreadable={"messages": "Twilio answered 503."})
    files = as_issues(make_report(WELL, unread))
    assert files == {"tenant-birch.unknown": "<!-- tenantry:health stack=dev tenant=birch -->\n"}


def test_who_rests_is_named_by_the_reason():
    resting = [Facts(slug, NOW, resting="its account is suspended") for slug in ("birch", "cedar")]
    assert lines(WELL, *resting)[0] == "resting: birch, cedar: its account is suspended"


def test_what_nobody_asked_for_is_told_once():
    found = lines(replace(WELL, sinks_failed=("x",)), replace(WELL, tenant="birch", sinks_failed=("x",)))
    assert [line for line in found if "--drift" in line] == ["Drift: not known: it was not asked for; --drift does"]


def test_a_burning_objective_says_what_to_do():
    found = lines(failing(minutes=2))
    assert "    burns (page): 80 of 100 messages failed in 1 h, 40.0 × the even pace; it burns from 14.4 × on" in found
    assert any(line.startswith("    → Look at the error codes") for line in found)


def test_a_burn_that_is_over_is_calm():
    assert "    calm (page): 80 of 200 messages failed in 1 h, and few in the last 5 min: it is over" in lines(
        failing(minutes=50)
    )
