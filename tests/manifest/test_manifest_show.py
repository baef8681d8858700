"""Finding a tenant, and its effective manifest."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenantry.manifest.effective import as_json, as_yaml, scalar
from tenantry.manifest.find import find, find_alike
from tenantry.manifest.load import load
from tenantry.manifest.yaml.reader import parse
from tenantry.manifest.yaml.tree import plain

SID = "UT" + "a" * 32
FILES = {
    "defaults.yaml": "plan: small\ndebugger_webhook: {url: '/errors/{tenant}'}\n",
    "plans/small.yaml": (
        "usage_triggers:\n  sms:\n    usage_category: sms\n    trigger_value: 1000\n    callback_url: /u\n"
    ),
    "tenants/acme.yaml": (
        "tenant: acme\nname: Acme Dental\nlabels: {crm_id: '0012x'}\n"
        f"usage_triggers: {{sms: {{trigger_value: 2.50, adopt: {SID}}}}}\n"
    ),
    "tenants/acme-2.yaml": "tenant: acme-2\nname: Acme Dental South\ncustomer: acme-group\n",
    "tenants/birch.yaml": "tenant: birch\nname: Birch Lane\n",
}


@pytest.fixture
def load_project(project):
    return load(project(FILES))


@pytest.mark.parametrize(
    ("what", "slugs"),
    [
        ("acme", ("acme",)),
        (SID, ("acme",)),
        ("0012x", ("acme",)),
        ("acme-group", ("acme-2",)),
        ("dental", ("acme", "acme-2")),
        ("LANE", ("birch",)),
        ("xyz", ()),
        ("", ()),
    ],
)
def test_a_tenant_is_found_by_what_people_know_of_it(load_project, what, slugs):
    assert find(load_project, what) == slugs


def test_a_tenant_is_found_by_a_sid_of_the_state(load_project):
    assert find(load_project, "AC1", {"AC1": "birch"}) == ("birch",)


def test_a_slip_of_the_keyboard_is_understood(load_project):
    assert find_alike(load_project, "brich") == ("birch",)


def test_the_effective_manifest_says_where_each_value_was_written(load_project):
    assert as_yaml(load_project, "acme").splitlines() == [
        "tenant: acme                                   # tenants/acme.yaml:1",
        "name: Acme Dental                              # tenants/acme.yaml:2",
        "plan: small                                    # defaults.yaml:1",
        "labels:",
        '  crm_id: "0012x"                              # tenants/acme.yaml:3',
        "usage_triggers:",
        "  sms:",
        "    usage_category: sms                        # plans/small.yaml:3",
        "    trigger_value: 2.50                        # tenants/acme.yaml:4",
        "    callback_url: https://hooks.example/u      # plans/small.yaml:5",
        f"    adopt: {SID}  # tenants/acme.yaml:4",
        "    trigger_by: usage                          # default",
        "    recurring: alltime                         # default",
        "    callback_method: POST                      # default",
        "debugger_webhook:",
        "  url: https://hooks.example/errors/acme       # defaults.yaml:2",
        "  method: POST                                 # default",
        "  batch_events: false                          # default",
    ]


def test_what_is_shown_with_its_defaults_is_the_same_tenant(project, load_project):
    before = load_project.tenants["acme"]
    shown = as_yaml(load_project, "acme")
    again = load(project({"tenants/acme.yaml": shown, "plans/small.yaml": "{}\n"})).tenants["acme"]
    assert again == before
    assert again.usage_triggers["sms"].model_fields_set >= {"recurring", "trigger_by", "callback_method"}


def test_json_marks_defaults(load_project):
    values = json.loads(as_json(load_project, "acme"))["values"]
    assert {
        "path": ["usage_triggers", "sms", "recurring"],
        "value": "alltime",
        "file": None,
        "line": None,
        "column": None,
        "default": True,
    } in values
    assert [item["path"] for item in values if item.get("default")] == [
        ["usage_triggers", "sms", "trigger_by"],
        ["usage_triggers", "sms", "recurring"],
        ["usage_triggers", "sms", "callback_method"],
        ["debugger_webhook", "method"],
        ["debugger_webhook", "batch_events"],
    ]


def test_what_is_shown_can_be_read_back(load_project):
    shown = plain(parse(as_yaml(load_project, "acme"), "shown.yaml").node)
    assert shown["usage_triggers"]["sms"]["trigger_value"] == Decimal("2.50")
    assert shown["labels"] == {"crm_id": "0012x"}


def test_the_effective_manifest_as_json_has_a_place_for_each_value(load_project):
    shown = json.loads(as_json(load_project, "birch"))
    assert (shown["tenant"], shown["file"]) == ("birch", "tenants/birch.yaml")
    assert shown["values"][2] == {
        "path": ["plan"],
        "value": "small",
        "file": "defaults.yaml",
        "line": 1,
        "column": 7,
    }


def test_a_manifest_with_an_error_is_shown_as_it_is_written(project):
    loaded = load(project({"tenants/acme.yaml": "tenant: acme\nname: 12\nretention: {calls: {keep_days: .inf}}\n"}))
    assert "name: 12" in as_yaml(loaded, "acme")
    assert 'keep_days: "(can\'t be read)"' in as_yaml(loaded, "acme")


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"])) | st.booleans() | st.integers(-(10**20), 10**20))
def test_a_scalar_reads_back_as_itself(value):
    assert plain(parse(f"a: {scalar(value)}\n", "a.yaml").node) == {"a": value}


@pytest.mark.parametrize(
    "word", ["no", "Yes", "on", "12", "0012", "2026-01-01", "null", "true", "a: b", "a #b", "-", ""]
)
def test_text_that_another_reader_takes_for_something_else_is_quoted(word):
    assert scalar(word) == f'"{word}"'
