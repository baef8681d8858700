"""Pages of preview, drift, status and health: hostile names are text, and a telephone can show them."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from plan_steps import add_change, report, step, update_change
from reports_browser import NARROW, measure

from tenantry.ledger.health_days import HealthDay
from tenantry.model.slo import Slo
from tenantry.operations.drift.groups import group_findings
from tenantry.operations.drift.values import Difference, Finding, Report
from tenantry.operations.health.facts import Facts, Outcome, Recent
from tenantry.operations.health.report import ABOUT, report_tenants
from tenantry.operations.health.values import HealthReport
from tenantry.operations.status.page import read_components, read_incidents
from tenantry.operations.status.values import StatusReport
from tenantry.reports.drift.as_html import as_html as drift_page
from tenantry.reports.health.as_html import as_html as health_page
from tenantry.reports.heat_map import MOST
from tenantry.reports.preview.as_html import as_html as preview_page
from tenantry.reports.status.as_html import as_html as status_page

HOSTILE = "\x1b[31m</style></title><script>alert(1)</script>\u202e<img src=x onerror=alert(1)>" + "w" * 80
NOW = datetime(2026, 4, 4, 12, tzinfo=UTC)
PARENT = "AC" + "0" * 32


def preview() -> str:
    change = update_change("callback_url", "https://a.example", HOSTILE)
    return preview_page(
        report(
            step("update", "acme/usage_trigger/sms", change),
            step("delete", "birch/api_key/web-1"),
            step("create", f"cedar/usage_trigger/{HOSTILE}", add_change("trigger_value", HOSTILE)),
        )
    )


def drift() -> str:
    difference = Difference(field=HOSTILE, wanted=HOSTILE, found=None)
    findings = [
        Finding(
            kind="changed", severity="high", tenant="acme", entry="api_key/x", differences=(difference,), settle="x"
        ),
        Finding(kind="unmanaged", severity="low", tenant="birch", entry=f"event_sink/{HOSTILE}", settle=HOSTILE),
        Finding(kind="ignored", severity="note", tenant="birch", entry="ignore/x", reason=HOSTILE, settle="x"),
    ]
    counts = {"high": 1, "low": 1, "note": 1}
    groups = group_findings(findings)
    return drift_page(
        Report(format=1, stack="dev", parent=PARENT, state="read", tenants=2, resting=0, counts=counts, groups=groups)
    )


def status() -> str:
    incident = {"name": HOSTILE, "impact": HOSTILE, "status": "investigating", "shortlink": "javascript:alert(1)"}
    summary = {"components": [{"name": HOSTILE, "status": HOSTILE}], "incidents": [incident]}
    components, users = read_components(summary, {})
    return status_page(
        StatusReport(
            format=1,
            page="https://status.example",
            answer="kept",
            reason=HOSTILE,
            asked_at=NOW,
            age_seconds=90,
            indicator="major",
            description=HOSTILE,
            incidents=read_incidents(summary, users, 0),
            maintenances=(),
            components=components,
            unused=0,
            tenants=0,
        )
    )


def health() -> str:
    day = HealthDay(NOW.date(), 100, 60, 40, 0, 3, 0)
    slo = Slo.model_validate({"delivered_percent": 98})
    messages = tuple(Outcome(NOW - timedelta(minutes=2), 1, int(number < 40)) for number in range(100))
    recent = Recent(NOW - timedelta(days=3), messages)
    facts = Facts("acme", NOW, slo, (day,), recent, sinks_failed=(HOSTILE,), unreadable={"keys": HOSTILE})
    return health_page(health_of([(facts, HOSTILE), (Facts("birch", NOW, resting=HOSTILE), HOSTILE)]))


def health_of(tenants: list[tuple[Facts, str | None]]) -> HealthReport:
    return HealthReport(
        format=1,
        stack="dev",
        parent=PARENT,
        at=NOW,
        first=NOW.date(),
        source="twilio",
        incident=HOSTILE,
        tenants=report_tenants(tenants),
        about=ABOUT,
        burning=1,
        failed=1,
        requests=9,
        throttled=0,
    )


PAGES = {"preview": preview, "drift": drift, "status": status, "health": health}


@pytest.mark.parametrize("name", PAGES)
def test_a_hostile_name_is_text(name):
    page = PAGES[name]()
    assert not {"\x1b", "\u202e"} & set(page)
    assert re.findall(r"<(script|img|iframe|link)\b|href=\"(?!#)|javascript:", page) == []
    assert page.count("</style>") == 1


@pytest.mark.parametrize("name", PAGES)
def test_a_telephone_shows_a_page_whole(name):
    assert measure(PAGES[name]())["content"] == NARROW


def test_a_page_of_many_tenants_shows_the_worst_in_full():
    slo = Slo.model_validate({"delivered_percent": 98})
    well = Facts("", NOW, slo, (HealthDay(NOW.date(), 100, 100, 0, 0, 0, 0),), Recent(NOW), keys=(), sinks_failed=())
    facts = [replace(well, tenant=f"t{number:04}") for number in range(1000)]
    facts[700:710] = [replace(item, sinks_failed=("x",)) for item in facts[700:710]]
    page = health_page(health_of([(item, None) for item in facts]))
    assert len(page) < 1_000_000
    assert (page.count("<section>"), page.count("t0700"), "t0999" in page) == (MOST, page.count("t0701"), False)
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(re.findall(r'<h2 id="([^"]+)"', page))


def test_a_heat_map_tells_the_worst_without_colours():
    text = measure(health(), 900)["text"]
    assert "98 % delivered: BURNS" in text
    assert re.search(r"aria-label=\"acme[^\"]*Sinks: 1 failed", health())
    assert drift().count('<svg class="cell alarm') == 1
