"""The report for people, for GitHub and for programs; hostile names stay names."""

import json
from pathlib import Path

import jsonschema
import pytest
from drift_world import WHOLE

from tenantry.operations.drift.groups import group_findings
from tenantry.operations.drift.values import Difference, Finding, Report
from tenantry.reports.drift.as_github import as_github
from tenantry.reports.drift.as_json import as_json, drift_schema
from tenantry.reports.drift.as_markdown import as_markdown
from tenantry.reports.drift.as_text import as_text

HOSTILE = "x\x1b[31m|`</code>\u202e@ana <img src=x> #12\n::error::pwned"


@pytest.fixture
def drift_report(acme) -> Report:
    """One finding of each kind that one world can have at once."""
    acme.set("acme/usage_trigger/monthly-sms", callback_url="https://elsewhere.example/x")
    acme.delete("acme/api_key/web-1")
    acme.put("api_key", acme.sid("acme"), friendly_name=HOSTILE)
    acme.put("event_sink", acme.sid("acme"), description="tenantry:debugger")
    acme.put("subaccount", acme.fake.account_sid, friendly_name=HOSTILE)
    acme.set("acme-2", status="closed")
    acme.write("acme", f'{WHOLE}attested: {{hipaa: {{value: true, by: ana@owl.example, on: "2026-11-01"}}}}\n')
    return acme.drift()


def of_many(count: int) -> Report:
    """A report of so many tenants that all differ in another way."""
    findings = [
        Finding(
            kind="changed",
            severity="high",
            tenant=f"tenant-{number}",
            entry="usage_trigger/sms",
            differences=(
                Difference(field="callback_url", wanted="https://a.example", found=f"https://{number}.example"),
            ),
            settle=f"`tenantry up tenant-{number} --refresh`",
        )
        for number in range(count)
    ]
    counts = {"high": count, "low": 0, "note": 0}
    return Report(
        format=1,
        stack="dev",
        parent="AC" + "0" * 32,
        state="read",
        tenants=count,
        resting=0,
        counts=counts,
        groups=group_findings(findings),
    )


def test_the_json_keeps_to_the_published_schema(drift_report, acme):
    for report in (drift_report, acme.drift(without_state=True), of_many(3)):
        jsonschema.validate(json.loads(as_json(report)), drift_schema(), jsonschema.Draft202012Validator)


def test_text_tells_what_where_and_how_to_settle_it(drift_report):
    text = as_text(drift_report)
    assert (
        'high: changed outside of Tenantry: usage_trigger/monthly-sms: callback_url: wanted "https://hooks.owl.example/'
        'twilio/usage", found "https://elsewhere.example/x"\n  in acme\n  `tenantry up acme --refresh` puts it back'
    ) in text
    assert (
        "note: attested: only the Console shows it\n  in acme (hipaa true; ana@owl.example looked 21 days ago)\n"
    ) in text
    assert text.endswith(
        "7 findings (5 high, 1 low, 1 note) of 7 causes; 2 tenants compared, 1 of them without an active account."
    )


def test_what_no_manifest_names_is_told_with_its_sid(acme):
    key = acme.put("api_key", acme.sid("acme"), friendly_name="laptop")
    account = acme.put("subaccount", acme.fake.account_sid, friendly_name="Forgotten Inc")
    text = as_text(acme.drift())
    assert f"high: unmanaged: api_key/laptop\n  in acme ({key})\n" in text
    assert f"low: unmanaged: subaccount\n  in 'Forgotten Inc' is active ({account})\n" in text


def test_commands_stand_apart_from_the_words_around_them_in_markdown(acme):
    acme.delete("acme/usage_trigger/monthly-sms")
    assert "→ <code>tenantry up acme --refresh</code> makes it again" in as_markdown(acme.drift())
    acme.set("acme", status="closed")
    assert "new slug; then <code>tenantry up acme</code>" in as_markdown(acme.drift())


def test_a_clean_report_is_one_line(acme):
    assert as_text(acme.drift()) == "Nothing differs; 2 tenants compared."


def test_a_report_without_a_state_says_so_in_every_format(acme):
    report = acme.drift(without_state=True)
    for text in (as_text(report), as_markdown(report), as_github(report, Path())):
        assert "No state was read: Tenantry found accounts and objects by " in text
    assert json.loads(as_json(report))["state"] == "none"


def test_names_steer_neither_terminals_nor_markdown_nor_workflow_commands(drift_report):
    for text in (as_text(drift_report), as_markdown(drift_report), as_github(drift_report, Path())):
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert "\n::error::" not in text
    assert "<img" not in as_markdown(drift_report)
    assert "@ana" not in as_markdown(drift_report)
    assert as_json(drift_report).isascii()


def test_github_is_shown_the_line_of_the_manifest(drift_report):
    lines = as_github(drift_report, Path("infra")).splitlines()
    changed = next(line for line in lines if "changed outside of Tenantry" in line)
    assert changed.startswith(
        "::warning file=infra/tenants/acme.yaml,line=12,title=Drift%2C high::changed outside of Tenantry: "
    )
    assert next(line for line in lines if "attested" in line).startswith(
        "::notice file=infra/tenants/acme.yaml,line=15,"
    )
    assert all(line.startswith("::") for line in lines[:-1])


def test_percent_signs_of_a_value_are_escaped_in_annotations(acme):
    acme.set("acme/usage_trigger/monthly-sms", callback_url="https://elsewhere.example/%0A::error::x")
    assert "https://elsewhere.example/%250A::error::x" in as_github(acme.drift(), Path())


def test_markdown_names_its_stack_and_fits_whatever_its_size(drift_report):
    text = as_markdown(drift_report)
    assert text.startswith("<!-- tenantry:drift stack=dev -->\n")
    for report in (drift_report, of_many(1000)):
        assert len(as_markdown(report)) <= 65_536
    assert "**Not all fits here.** Left out: " in as_markdown(of_many(1000))


def test_markdown_folds_the_names_of_many_tenants(world):
    for number in range(12):
        world.write(f"t{number:02}", "api_keys: {web: {access: standard}}\n")
    world.apply()
    for number in range(12):
        world.delete(f"t{number:02}/api_key/web-1")
    assert "<details><summary>in 12</summary>\n\nt00, t01," in as_markdown(world.drift())
