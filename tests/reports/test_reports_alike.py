"""What reports print of a thousand tenants with the same trouble: the first ten, how many more, the reason once."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from reports_usage import report as report_usage
from reports_usage import tenant as make_usage
from test_reports_health_text import WELL, make_report

from tenantry.manifest.problem import ManifestError, Problem, join_problems
from tenantry.model.usage_period import UsagePeriod
from tenantry.operations.access.values import AccessReport
from tenantry.operations.billing.bill import Bill, BilledStatement
from tenantry.operations.billing.rating.values.problems import BillingProblem
from tenantry.operations.caps.values import SweepReport
from tenantry.operations.changes.messages import join_findings
from tenantry.operations.changes.values import Message
from tenantry.operations.erasure.values import ErasedTenant, ErasureReport
from tenantry.operations.error_events.values import ErrorsReport, TenantErrors
from tenantry.operations.importing.accepted_values import AcceptReport, RefusedFinding
from tenantry.operations.recovery.orphans import EndedLeftover
from tenantry.operations.retention.values import RetentionReport, RuleReport, TenantReport
from tenantry.operations.rotation.retirement import KeptKey
from tenantry.operations.rotation.values import Delivery, SecretsReport
from tenantry.operations.up.outcome import make_outcome
from tenantry.reports.access.as_text import as_text as access_as_text
from tenantry.reports.alike import NAMED, Reason, group_reasons
from tenantry.reports.bill.formats import explain_missing
from tenantry.reports.bill.text_for_us import bill_lines
from tenantry.reports.caps.as_text import sweep_as_text
from tenantry.reports.drift.accepted import accepted_text
from tenantry.reports.erasure.as_text import as_text as erasure_as_text
from tenantry.reports.error_events.as_text import as_text as errors_as_text
from tenantry.reports.health.as_text import as_text as health_as_text
from tenantry.reports.retention.as_text import as_text as retention_as_text
from tenantry.reports.secrets.as_text import as_text as secrets_as_text
from tenantry.reports.up.words import kept_lines, list_ended
from tenantry.reports.usage.as_text import as_text as usage_as_text
from tenantry.text.wrapping import lay_out

SLUGS = [f"t{number}" for number in range(1000)]
NAMES = f"{', '.join(SLUGS[:NAMED])} and 990 more"
NOW = datetime(2026, 11, 30, tzinfo=UTC)
TODAY = NOW.date()
PARENT = "AC" + "0" * 32


def write_reason(slug: str, code: int) -> str:
    """Return an error of Twilio that names the account of a tenant."""
    return f"Reading AC{SLUGS.index(slug):032x} of {slug}: Twilio answered {code}, after 3 tries."


def sweep(reasons):
    failed = [{"tenant": slug, "problem": reason} for slug, reason in reasons.items()]
    counts = dict.fromkeys(
        ("tenants", "found", "decided", "followed", "notices_sent", "notices_failed", "errors_deleted", "calls"), 0
    )
    return sweep_as_text(SweepReport.model_validate({"format": 1, "ended": (), "failed": failed, **counts}))


def retain(reasons):
    tenants = [
        TenantReport(tenant=slug, account_sid=None, standing="failed", reason=text) for slug, text in reasons.items()
    ]
    return retention_as_text(
        RetentionReport(stack="dev", parent=PARENT, applied=False, today=TODAY, tenants=tuple(tenants))
    )


def retain_rules(reasons):
    rule = RuleReport(kind="messages", action="redact", keep_days=30, before=TODAY, is_whole=True)
    tenants = [
        TenantReport(
            tenant=slug, account_sid=None, standing="open", rules=(rule.model_copy(update={"problem": reason}),)
        )
        for slug, reason in reasons.items()
    ]
    return retention_as_text(
        RetentionReport(stack="dev", parent=PARENT, applied=True, today=TODAY, tenants=tuple(tenants))
    )


def erase(reasons):
    tenants = [
        ErasedTenant(tenant=slug, account_sid=None, standing="failed", reason=text, audit="3:abc")
        for slug, text in reasons.items()
    ]
    return erasure_as_text(ErasureReport(parent=PARENT, applied=True, today=TODAY, person=None, tenants=tuple(tenants)))


def list_errors(reasons):
    tenants = [
        TenantErrors(
            tenant=slug,
            account_sid=None,
            errors=1,
            warnings=0,
            traffic=None,
            traffic_problem=reason,
            errors_percent=None,
            codes=(),
        )
        for slug, reason in reasons.items()
    ]
    return errors_as_text(
        ErrorsReport(
            stack="dev",
            first_day=date(2026, 11, 1),
            as_of=NOW,
            codes=(),
            tenants=tuple(tenants),
            without_errors=0,
            not_received=(),
        )
    )


def read_usage(reasons):
    tenants = [
        make_usage(slug, availability="failed", reason=reason, price=None, categories=(), reconciliation=None)
        for slug, reason in reasons.items()
    ]
    return usage_as_text(report_usage(tenants=tuple(tenants)))


def deliver(reasons):
    deliveries = [
        Delivery(
            tenant=slug,
            key="web",
            generation=None,
            sid=None,
            held_since=None,
            age_days=None,
            sink="vault",
            sink_generation=None,
            store="Vault",
            name=slug,
            status="failed",
            reason=reason,
        )
        for slug, reason in reasons.items()
    ]
    return secrets_as_text(
        SecretsReport(format=1, stack="dev", check=False, deliveries=tuple(deliveries), unknown_secrets=())
    )


def accept(reasons):
    refused = [RefusedFinding(tenant=slug, entry="usage_trigger/sms", reason=text) for slug, text in reasons.items()]
    return accepted_text(AcceptReport(accepted=(), refused=tuple(refused)))


REPORTS = [sweep, retain, retain_rules, erase, list_errors, read_usage, deliver, accept]


@pytest.mark.parametrize("write", REPORTS)
@pytest.mark.parametrize("code", [401, 403, 404, 429, 500])
def test_a_thousand_tenants_with_the_same_reason_are_one_line(write, code):
    text = write({slug: write_reason(slug, code) for slug in SLUGS})
    assert text.count(f"Twilio answered {code}") == 1
    assert "and 990 more" in text
    assert write_reason("t0", code) in text


@pytest.mark.parametrize("write", REPORTS)
def test_tenants_with_other_reasons_stand_apart(write):
    text = write({slug: write_reason(slug, 404 if slug == "t500" else 401) for slug in SLUGS})
    assert text.count("Twilio answered 401") == 1
    [line] = [line for line in text.splitlines() if "Twilio answered 404" in line]
    assert "more" not in line
    assert write_reason("t500", 404) in line


def test_the_tenant_of_a_reason_is_named_where_others_differ():
    [alike] = group_reasons(Reason(slug, write_reason(slug, 401)) for slug in SLUGS)
    assert alike.line == f"{NAMES} (the reason in t0): {write_reason('t0', 401)}"
    [alike] = group_reasons(Reason(slug, "Twilio answered 401.") for slug in SLUGS)
    assert alike.line == f"{NAMES}: Twilio answered 401."


def test_a_slug_within_another_word_is_no_name_of_the_tenant():
    reasons = [Reason("sms", "sms-inbound is refused."), Reason("mms", "mms-inbound is refused.")]
    assert len(group_reasons(reasons)) == 2


def test_heads_of_audits_are_cut_and_counted():
    assert erase({slug: write_reason(slug, 401) for slug in SLUGS}).count("Its audit: --head") == 20


def make_problems(messages):
    return [Problem(f"tenants/{slug}.yaml", 3, 1, "profile", text) for slug, text in messages.items()]


def test_a_mistake_of_a_thousand_manifests_is_one_line():
    problems = make_problems({slug: f"{slug} names no profile 'gold'" for slug in SLUGS})
    [line, end] = str(ManifestError(problems)).splitlines()
    files = "tenants/t1.yaml, tenants/t2.yaml, tenants/t3.yaml and 996 more"
    assert line == f"tenants/t0.yaml:3:1: profile: t0 names no profile 'gold' (alike in {files})"
    assert end.startswith("1000 errors in the manifests have")
    assert len(ManifestError(problems).problems) == 1000


def test_other_mistakes_and_few_alike_stand_apart():
    texts = dict.fromkeys(SLUGS, "no profile 'gold'") | {"t500": "no profile 'silver'"}
    assert [problem.file for problem in join_problems(make_problems(texts))] == ["tenants/t0.yaml", "tenants/t500.yaml"]
    few = make_problems(dict.fromkeys(SLUGS[:5], "no profile 'gold'"))
    assert join_problems(few) == tuple(few)


def test_errors_of_a_run_that_differ_in_tenants_are_one_message():
    texts = {slug: write_reason(slug, 404 if slug == "t500" else 401) for slug in SLUGS}
    messages = [
        Message(severity="error", policy=None, text=text, resources=(f"{slug}/usage_trigger/sms",))
        for slug, text in texts.items()
    ]
    joined = join_findings(messages)
    assert [len(message.resources) for message in joined] == [999, 1]
    assert joined[0].text == f"{texts['t0']} (and at 998 more resources alike)"
    assert joined[1].text == texts["t500"]


def test_kept_keys_and_orphans_that_are_alike_are_named_together():
    kept = [KeptKey(tenant=slug, key="web", generation=1, reason=f"{slug} lacks it.") for slug in SLUGS]
    [line] = kept_lines(make_outcome([], "dev").model_copy(update={"kept_keys": tuple(kept)}))
    assert "t0/web" in line
    assert line.endswith("t9/web, t10/web and 989 more.")
    orphans = [
        EndedLeftover.model_construct(
            tenant=slug,
            kind="api_key",
            name="web",
            sid=f"SK{number:032x}",
            run=NOW,
            result="failed",
            reason=write_reason(slug, 401),
        )
        for number, slug in enumerate(SLUGS)
    ]
    lines = list(list_ended([*orphans, orphans[0].model_copy(update={"reason": "Twilio answered 404."})]))
    assert len(lines) == 5
    assert lines[2].endswith("t9, t10 and 989 more.")


def test_questions_about_access_that_failed_alike_are_counted():
    failed = tuple(f"Listing keys of AC{number:032x}: Twilio answered 401." for number in range(1000))
    report = AccessReport(
        format=1,
        stack="dev",
        parent=PARENT,
        organization=None,
        users=0,
        keys=0,
        accounts=0,
        findings=(),
        actors=(),
        failed=(*failed, "Listing keys of AC1: Twilio answered 404."),
        is_named=False,
        left_out=(),
    )
    lines = [line for line in access_as_text(report).splitlines() if line.startswith("failed:")]
    assert lines == [
        f"failed: {failed[0]} (999 more questions alike)",
        "failed: Listing keys of AC1: Twilio answered 404.",
    ]


def test_tenants_that_are_unwell_alike_share_a_block():
    facts = [
        replace(WELL, tenant=slug, unreadable={"messages": write_reason(slug, 404 if slug == "t500" else 401)})
        for slug in SLUGS
    ]
    text = health_as_text(make_report(*facts))
    assert "unknown: t0, t1, t10, t100, t101, t102, t103, t104, t105, t106 and 989 more\n" in text
    assert (text.count("Twilio answered 401"), text.count("Twilio answered 404")) == (1, 1)
    assert "unknown: t500\n" in text


def test_problems_of_a_bill_are_named_together():
    problems = [
        BillingProblem("no_reading", slug, write_reason(slug, 404 if slug == "t500" else 401)) for slug in SLUGS
    ]
    rows = [BilledStatement(problem.tenant, problem.tenant, "refused", problems=(problem,)) for problem in problems]
    period = UsagePeriod(date(2026, 10, 1), date(2026, 10, 31))
    for bill in (
        Bill("dev", PARENT, period, NOW, tuple(rows), (), is_closing=False, has_ledger=True),
        Bill("dev", PARENT, period, NOW, (), tuple(problems), is_closing=False, has_ledger=True),
    ):
        for text in (lay_out(bill_lines(bill)), "\n".join(explain_missing(bill))):
            assert (text.count("Twilio answered 401"), text.count("Twilio answered 404")) == (1, 1)
            assert "and 989 more" in text
