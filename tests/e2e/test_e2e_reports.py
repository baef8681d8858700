"""What `preview` and `up` report, on the real engine: what ends nothing in Twilio, what failed, what is taken over."""

import json
import re
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

from e2e_killing import LATENCY_MS, DeadlyJournal, Kill, end_of_up
from e2e_project import SECONDS, WHOLE, Done, Project, paths
from jsonschema import Draft202012Validator
from test_e2e_crash import lose_state, sids

from tenantry.reports.preview.as_json import plan_schema
from tenantry.reports.up.as_json import up_schema

UP = ("up", "--yes", "--skip-preview")
KINDS = ("api_keys", "usage_triggers", "event_sinks", "event_subscriptions")
LATER = WHOLE.replace("1000", "2000").replace("api_keys:\n", "api_keys:\n  late: {access: standard}\n")
"""The same tenant with another trigger value and one more key."""


def document(done: Done, schema: dict[str, Any]) -> dict[str, Any]:
    """Return the JSON document that a command printed, which fits its schema."""
    found: dict[str, Any] = json.loads(done.output[done.output.index("{\n") : done.output.rindex("\n}") + 2])
    Draft202012Validator(schema).validate(found)
    return found


def summarize(groups: list[dict[str, Any]]) -> list[tuple[str | None, list[str], list[str]]]:
    return [
        (group["danger"], group["tenants"], [f"{change['op']} {change['resource']}" for change in group["changes"]])
        for group in groups
    ]


def preview(project: Project, *arguments: str) -> dict[str, Any]:
    return document(project.tenantry("preview", "--format", "json", *arguments), plan_schema())


def test_a_layers_change_is_one_group_and_a_released_tenant_loses_nothing(stack_project):
    stack_project.write("acme-2", f"state: released\n{WHOLE}")
    assert stack_project.pulumi(*UP).code == 0
    stack_project.manifest("acme-2").unlink()
    stack_project.write("birch", WHOLE)
    stack_project.write("cedar", WHOLE)
    found = preview(stack_project)
    [new, leaving, _] = found["groups"]
    assert (new["danger"], new["tenants"]) == (None, ["birch", "cedar"])
    sink = next(change for change in new["changes"] if change["resource"] == "event_sink/debugger")
    assert any("https://hooks.owl.example/twilio/errors/{tenant}" in str(field["new"]) for field in sink["fields"])
    assert (leaving["danger"], leaving["tenants"]) == (None, ["acme-2"])
    assert {change["op"] for change in leaving["changes"]} == {"forget"}


def test_a_failure_is_reported_with_its_reason_and_its_dependents(stack_project):
    stack_project.write("acme", LATER.replace("2000", "1000"))
    stack_project.write("birch", f"state: suspended\n{WHOLE}")
    stack_project.fault(
        mode="error", status=400, code=20001, method="POST", path_contains="/Usage/Triggers.json", times=None
    )
    done = stack_project.tenantry("up", "--yes", "--format", "json")
    assert done.code == 1, done.output
    outcome = document(done, up_schema())
    assert (outcome["result"], [failed["tenant"] for failed in outcome["failed"]]) == ("failed", ["birch"])
    [resource] = outcome["failed"][0]["resources"]
    assert (resource["op"], resource["resource"]) == ("create", "usage_trigger/monthly-sms")
    [reason] = resource["reasons"]
    assert re.match(
        r"Creating usage trigger 'monthly-sms' in account AC\w+: Twilio answered 400, .* run again\.$", reason
    )
    assert summarize(outcome["not_done"]) == [(None, ["birch"], ["create account_state"])]
    assert (None, ["acme"], ["create api_key/late-1"]) in summarize(outcome["done"])
    assert outcome["notes"][0].startswith("Twilio: ")


def test_a_preview_whose_pulumi_is_killed_gives_that_as_its_reason(stack_project):
    journal = DeadlyJournal(Kill("cli", 3, answered=False), lambda: kill_pulumi_of(run.pid))
    stack_project.fake.store.request_log, stack_project.fake.store.latency_ms = journal, LATENCY_MS
    run = subprocess.Popen(
        [Path(sysconfig.get_path("scripts"), "tenantry"), "preview", "--refresh", "--format", "json"],
        cwd=stack_project.folder,
        env=stack_project.environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    printed, _ = run.communicate(timeout=SECONDS)
    found = document(Done(run.returncode, printed), plan_schema())
    assert (journal.struck, run.returncode, found["failed"]) == (True, 1, True)
    [message] = found["messages"]
    assert message["text"].startswith("Pulumi ended with exit code -9 and its event log is incomplete")


def kill_pulumi_of(tenantry: int) -> None:
    end_of_up("cli", tenantry)


def test_a_lost_state_is_recovered_from_twilio_without_doubles(stack_project):
    before = {kind: sids(stack_project, kind) for kind in KINDS}
    lose_state(stack_project)
    stack_project.requests()
    refused = stack_project.pulumi(*UP)
    assert refused.code != 0
    assert "there is no proof that this stack made it" in refused.output
    assert "--recover" in refused.output
    assert stack_project.writes() == []
    stack_project.write("acme", WHOLE.replace("/usage", "/other"))
    found = preview(stack_project, "--recover")
    _see_what_a_recovery_takes_over(found, stack_project.accounts())

    done = stack_project.tenantry("up", "--yes", "--recover", "--format", "json")
    assert document(done, up_schema())["counts"] == found["counts"]
    [trigger] = stack_project.account("acme")["usage_triggers"]
    assert [path.rpartition("/")[2] for path in paths(stack_project.writes())] == [f"{trigger['sid']}.json"]
    # Somebody may be using the keys, however young: they are taken over as they are, their secrets unknown.
    assert {kind: sids(stack_project, kind) for kind in KINDS} == before
    assert "secret" not in stack_project.resources()["acme/api_key/web-1"]["outputs"]
    for account in stack_project.accounts():
        assert all(f"API key {key['friendly_name']} ({key['sid']})" in done.output for key in account["api_keys"])
    assert stack_project.pulumi("preview", "--refresh", "--expect-no-changes").code == 0


def _see_what_a_recovery_takes_over(found, accounts):
    assert found["counts"] == {"adopt": 14}
    changes = [change for group in found["groups"] for change in group["changes"] if group["tenants"]]
    taken = [change for change in changes if change["resource"] == "subaccount"]
    assert [[field["path"] for field in change["fields"]] for change in taken] == [["recovers"]] * 2
    recovers = {field["new"] for change in taken for field in change["fields"]}
    assert recovers == {f"{account['sid']} '{account['friendly_name']}'" for account in accounts}
    assert "recover" in {group["danger"] for group in found["groups"]}
    keys = [change for change in changes if change["resource"].startswith("api_key/")]
    assert {tuple(field["path"] for field in change["fields"]) for change in keys} == {("secret",)}
    [changed] = [change for change in changes if change["fields"] and change not in (*taken, *keys)]
    assert (changed["op"], changed["resource"]) == ("adopt", "usage_trigger/monthly-sms")
    assert [(field["path"], field["old"], field["new"]) for field in changed["fields"]] == [
        ("callback_url", "https://hooks.owl.example/twilio/usage", "https://hooks.owl.example/twilio/other")
    ]


def test_an_adoption_shows_twilios_values_and_new_ones(stack_project):
    account = stack_project.account("acme-2")
    trigger = account["usage_triggers"][0]["sid"]
    stack_project.write("acme-2", f"state: released\n{WHOLE}")
    assert stack_project.pulumi(*UP).code == 0
    stack_project.manifest("acme-2").unlink()
    assert stack_project.pulumi(*UP).code == 0
    text = WHOLE.replace("/usage", "/other").replace("usage_category:", f"adopt: {trigger}\n    usage_category:")
    stack_project.write("acme-3", f"account: {{adopt: {account['sid']}, friendly_name: Acme Three}}\n{text}")
    found = preview(stack_project, "acme-3", "--refresh")
    changes = {change["resource"]: change for group in found["groups"] for change in group["changes"]}
    fields = {
        name: {field["path"]: (field["old"], field["new"]) for field in changes[name]["fields"]}
        for name in ("subaccount", "usage_trigger/monthly-sms")
    }
    assert fields == {
        "subaccount": {
            "adopt": (None, account["sid"]),
            "friendly_name": ("Acme-2 Dental (acme-2)", "Acme Three"),
            "takes_over": (None, f"{account['sid']} 'Acme-2 Dental (acme-2)'"),
        },
        "usage_trigger/monthly-sms": {
            "adopt": (None, trigger),
            "callback_url": ("https://hooks.owl.example/twilio/usage", "https://hooks.owl.example/twilio/other"),
        },
    }
    assert {change["op"] for change in changes.values()} >= {"adopt"}
