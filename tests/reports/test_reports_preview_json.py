"""A preview as JSON, and its published schema."""

import json

import pytest
from jsonschema import Draft202012Validator
from plan_steps import add_change, report, step, update_change

from tenantry.engine.events.changes import SECRET, UNKNOWN
from tenantry.engine.events.event import Diagnostic
from tenantry.reports.preview.as_json import as_json, plan_schema

SCHEMA = Draft202012Validator(plan_schema())
REPORTS = {
    "empty": report(),
    "changes": report(
        step("create", "acme/account_state", add_change("status", "suspended")),
        step(
            "update",
            "acme/api_key/web-1",
            update_change("policy", ["/a"], ["/b"]),
            add_change("x", {"y": [UNKNOWN, SECRET, None]}),
        ),
        step("update", "fleet", update_change("standing.acme", "open", "suspended")),
        step("import", "birch"),
    ),
    "waiting": report(step("wait", "acme/api_key/late-1"), waiting=(step("wait", "acme/api_key/web-1"),)),
    "seen": report(drift=(step("update", "acme", update_change("status", "active", "suspended")),)),
    "messages": report(diagnostics=(Diagnostic("error", "", "no"), Diagnostic("warning", "", "perhaps"))),
}


def test_the_schema_is_a_json_schema():
    Draft202012Validator.check_schema(plan_schema())


@pytest.mark.parametrize("name", REPORTS)
def test_what_is_printed_fits_the_published_schema(name):
    assert [error.message for error in SCHEMA.iter_errors(json.loads(as_json(REPORTS[name])))] == []


def test_a_danger_is_a_word_of_its_group():
    groups = json.loads(as_json(REPORTS["changes"]))["groups"]
    assert [(group["danger"], group["tenants"]) for group in groups] == [
        ("suspend", ["acme"]),
        ("cut_key", ["acme"]),
        (None, ["birch"]),
        (None, []),
    ]


def test_operations_are_counted():
    found = json.loads(as_json(REPORTS["changes"]))
    assert (found["counts"], found["unchanged"], found["tenants"]) == ({"create": 1, "update": 2, "import": 1}, 7, 2)


def test_unknown_and_secret_values_are_written_in_words():
    [change] = json.loads(as_json(REPORTS["changes"]))["groups"][1]["changes"]
    assert change["fields"][1]["new"] == {"y": ["(known after up)", "[secret]", None]}


def test_it_is_ascii_so_no_name_can_steer_a_terminal():
    assert as_json(report(step("update", "acme", update_change("friendly_name", "\x1b[31m", "\u202e")))).isascii()
