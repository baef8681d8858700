"""`tenantry drift` on the real engine: its exit codes, and that it agrees with `pulumi preview --refresh`."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from e2e_project import WHOLE, Project

from tenantry.engine.events.event import ResourceOutputs
from tenantry.engine.run import command
from tenantry.reports.drift.as_json import drift_schema

ROUNDS = 2
EDITS = 7
Fields = dict[str, Any]
Seen = dict[str, frozenset[str]]
"""The fields that differ, by resource."""

EDITABLE: dict[str, tuple[Fields, ...]] = {
    "api_keys": ({"friendly_name": "renamed"},),
    "usage_triggers": (
        {"callback_url": "https://elsewhere.example/usage"},
        {"callback_method": "GET"},
        {"friendly_name": "renamed"},
        {"usage_category": "calls"},
        {"trigger_value": "5.000000"},
        {"trigger_by": "price"},
        {"recurring": None},
        {"trigger_value": "1000.0"},  # the same in another form
    ),
    "event_sinks": (
        {"description": "renamed"},
        {"sink_configuration": {"destination": "https://elsewhere.example/e", "method": "post", "batch_events": False}},
        {"sink_configuration": {"destination": "https://elsewhere.example/e", "method": "get", "batch_events": True}},
    ),
    "event_subscriptions": (
        {"description": "renamed"},
        {"types": {"com.twilio.messaging.message.sent": 1}},
        {"types": {"com.twilio.error-logs.error.logged": 2}},  # another version of what we want
    ),
}
"""What a person changes in the Console, by kind; some of it means the same as before."""
EXTRA = ("api_key", "usage_trigger", "event_sink")
MISSING = frozenset({"(missing)"})


def test_drift_and_a_refreshed_preview_agree_on_changes(stack_project: Project):
    seen = seen_by_both(stack_project, seed=20261122)
    assert MISSING in seen.values()
    assert len(set(seen.values())) > 2


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(40))
def test_drift_and_a_preview_after_a_refresh_agree_after_any_edits(stack_project: Project, seed: int):
    seen_by_both(stack_project, seed)


def seen_by_both(project: Project, seed: int) -> Seen:
    """Change things in the Console, round by round; return what drift and a refresh agree on in the end."""
    dice, seen = random.Random(seed), Seen()
    for _ in range(ROUNDS):
        edits = [edit(project, dice) for _ in range(EDITS)]
        seen = find_by_refresh(project)
        assert find_by_drift(project) == seen, edits
    return seen


def edit(project: Project, dice: random.Random) -> str:
    """Change, delete or add something at random in an active account; return what was done."""
    account = dice.choice(project.accounts())
    act = dice.choices(("change", "delete", "add", "rename"), (6, 3, 2, 1))[0]
    kinds = [kind for kind in EDITABLE if account[kind]]
    if act == "add" or not kinds:
        order: Fields = {"create": dice.choice(EXTRA), "account": account["sid"], "fields": {}}
    elif act == "rename":
        order = {"set": account["sid"], "fields": {"friendly_name": f"renamed {dice.randrange(1000)}"}}
    else:
        kind = dice.choice(kinds)
        sid = dice.choice(account[kind])["sid"]
        order = {"delete": sid} if act == "delete" else {"set": sid, "fields": dice.choice(EDITABLE[kind])}
    project.console(order)
    return json.dumps(order)


def find_by_refresh(project: Project) -> Seen:
    """What a refresh finds: the fields that differ from what was applied, by resource; the plan settles just these."""
    run = command.preview(command.Project(project.folder, "dev", project.engine, project.environ), refresh=True)
    assert run.exit_code == 0, run.errors
    return {event.name: fields_of(event) for event in run.events if _is_found(event)}


def _is_found(event: object) -> bool:
    return isinstance(event, ResourceOutputs) and event.op == "refresh" and bool(event.changes)


def fields_of(event: ResourceOutputs) -> frozenset[str]:
    if all(change.kind == "delete" for change in event.changes) and len(event.changes) > 1:
        return MISSING
    return frozenset(_top(change.path) for change in event.changes)


def find_by_drift(project: Project) -> Seen:
    """What `tenantry drift` calls changed or missing."""
    done = project.tenantry("drift", "--format", "json")
    assert done.code in (0, 2), done.output
    report = json.loads(done.output[done.output.index("{") : done.output.rindex("}") + 1])
    jsonschema.validate(report, drift_schema())
    return dict(_changed_or_missing(report))


def _changed_or_missing(report: Any) -> Iterator[tuple[str, frozenset[str]]]:
    for finding in (item for group in report["groups"] for item in group["findings"]):
        if finding["kind"] == "missing":
            yield finding["name"], MISSING
        elif finding["kind"] == "changed":
            yield finding["name"], frozenset(_top(item["field"]) for item in finding["differences"])


def _top(path: str) -> str:
    return path.partition(".")[0].partition("[")[0]


def test_drift_separates_unapplied_from_changed_and_exits_accordingly(stack_project: Project):
    done = stack_project.tenantry("drift")
    assert (done.code, "Nothing differs; 2 tenants compared." in done.output) == (0, True), done.output
    assert all(line[0] == "GET" for line in stack_project.requests())

    stack_project.write("acme", WHOLE.replace("1000", "2000"))
    done = stack_project.tenantry("drift", "--only", "acme")
    assert done.code == 2
    assert "low: not applied yet: usage_trigger/monthly-sms: trigger_value: wanted 2000, found 1000" in done.output
    assert stack_project.tenantry("drift", "--fail-on", "high").code == 0

    trigger = stack_project.account("acme-2")["usage_triggers"][0]["sid"]
    stack_project.console({"set": trigger, "fields": {"callback_url": "https://elsewhere.example/"}})
    done = stack_project.tenantry("drift", "--fail-on", "high", "--format", "github")
    assert done.code == 2
    assert "::warning file=tenants/acme-2.yaml,line=" in done.output
    assert "changed outside of Tenantry: usage_trigger/monthly-sms: callback_url" in done.output


def test_drift_without_a_state_needs_no_engine_and_no_backend_is_explained(stack_project: Project, tmp_path: Path):
    nowhere = {"PATH": "/usr/bin:/bin", "XDG_CACHE_HOME": str(tmp_path / "cache"), "PULUMI_BACKEND_URL": None}
    done = stack_project.tenantry("drift", "--without-state", "--stack", "dev", **nowhere)
    assert done.code == 0, done.output
    assert "No state was read: Tenantry found accounts and objects by `adopt`, otherwise by name" in done.output

    done = stack_project.tenantry("drift", PULUMI_BACKEND_URL=f"file://{tmp_path / 'nothing'}")
    assert done.code == 1
    assert "With --without-state, Tenantry finds everything in Twilio by `adopt`, otherwise by name." in done.output

    done = stack_project.tenantry("drift", "--stack", "nope")
    assert done.code == 1
    assert "stack init nope` in" in done.output
    assert "or name another with --stack." in done.output

    done = stack_project.tenantry("drift", TWILIO_AUTH_TOKEN="0" * 32)
    assert done.code == 1
    assert "Listing the subaccounts: Twilio answered 401" in done.output
    assert "Nothing was compared." in done.output
