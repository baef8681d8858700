"""Records that should be gone by now, with `--retention`."""

import pytest
from drift_world import WHOLE

from faketwilio.control.seed import seed

RULES = "retention:\n  messages: {keep_days: 30}\n  calls: {keep_days: 90}\n  recordings: {keep_days: 30}\n"
REDACT = "retention:\n  messages: {keep_days: 30, action: redact}\n"


def record(world, slug, moment, **fields):
    order = {"kind": "message", "account": world.sid(slug), "fields": {**fields, "date_sent": moment}}
    return seed(world.fake.store, order)["sids"][0]


@pytest.fixture
def retention_world(world):
    world.apply(acme=WHOLE + RULES, birch=WHOLE)
    return world


def test_a_record_that_should_be_gone_is_a_finding_with_the_rule(retention_world):
    sid = record(retention_world, "acme", "2026-10-21T23:59:59")
    (finding,) = retention_world.findings(retention=True)
    assert (finding.kind, finding.severity, finding.tenant, finding.sid) == ("overdue", "high", "acme", sid)
    assert (finding.differences[0].field, finding.differences[0].wanted) == ("messages.keep_days", 30)
    assert finding.reason == "messages of before 2026-10-22 are to be deleted; one of 2026-10-21 is still there"
    assert (finding.file, finding.line) == ("tenants/acme.yaml", 15)


def test_a_record_has_a_day_of_grace(retention_world):
    record(retention_world, "acme", "2026-10-22T00:00:00")
    assert retention_world.list_findings(retention=True) == []


def test_a_tenant_without_rules_may_keep_all(retention_world):
    record(retention_world, "birch", "2020-01-01T00:00:00")
    assert retention_world.list_findings(retention=True) == []


def test_a_redacted_message_satisfies_a_rule_that_redacts(world):
    world.apply(acme=WHOLE + REDACT)
    record(world, "acme", "2026-10-01T00:00:00", body="")
    assert world.list_findings(retention=True) == []
    record(world, "acme", "2026-10-02T00:00:00")
    (finding,) = world.findings(retention=True)
    assert finding.reason == "messages of before 2026-10-22 are to be redacted; one of 2026-10-02 is still there"


def test_records_are_asked_for_only_on_demand_and_once_for_each_rule(retention_world):
    retention_world.drift("acme")
    without = len(retention_world.list_requests())
    retention_world.drift("acme", retention=True)
    assert len(retention_world.list_requests()) == 2 * without + 3
