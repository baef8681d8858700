"""Plans as text, as Markdown and as JSON."""

import json

from tenantry.engine.changes import Change
from tenantry.engine.plan import Plan, Step
from tenantry.reports.plan import COMMENT_LENGTH, as_json, as_markdown, as_text

TRIGGER = "pulumi-python:dynamic/twilio:UsageTrigger"


def step(op: str, name: str, *changes: Change) -> Step:
    return Step(op, f"urn:pulumi:dev::owl::{TRIGGER}::{name}", TRIGGER, name, name.partition("/")[0], changes)


def plan(*steps: Step, **counts: int) -> Plan:
    return Plan(steps, (), counts, (), (), ())


CHANGED = plan(
    step(
        "update", "birch/usage_trigger/sms", Change("callback_url", "update", "https://a.example", "https://b.example")
    ),
    step("create", "acme/usage_trigger/spend", Change("friendly_name", "add", None, "spend")),
    step("replace", "acme/usage_trigger/calls", Change("trigger_value", "update", "1", "2", replaces=True)),
    create=1,
    update=1,
    replace=1,
    same=7,
)


def test_text_has_a_block_a_tenant_and_a_line_a_changed_property():
    assert as_text(CHANGED) == (
        "acme\n"
        "  ± usage_trigger/calls\n"
        '      trigger_value: "1" => "2"  (makes a new one)\n'
        "  + usage_trigger/spend\n"
        "\n"
        "birch\n"
        "  ~ usage_trigger/sms\n"
        '      callback_url: "https://a.example" => "https://b.example"\n'
        "\n"
        "1 to create, 1 to update, 1 to replace, 7 unchanged."
    )


def test_an_empty_plan_is_one_sentence():
    assert as_text(plan(same=7)) == "Nothing to change; 7 resources are as the manifests say."


def test_markdown_is_a_table_in_which_a_pipe_does_no_harm():
    piped = plan(step("update", "acme/usage_trigger/sms", Change("callback_url", "update", "a|b", "c")), update=1)
    assert as_markdown(piped).splitlines()[-1] == ('| ~ | acme | usage_trigger/sms | callback_url: "a\\|b" => "c" |')


def test_markdown_of_a_thousand_tenants_fits_into_a_comment_and_says_what_it_leaves_out():
    many = plan(*(step("create", f"t{number:04}/usage_trigger/sms") for number in range(5000)), create=5000)
    markdown = as_markdown(many)
    assert len(markdown) < COMMENT_LENGTH + 300
    assert markdown.endswith("more; `tenantry preview` shows all.")


def test_json_is_the_same_for_the_same_plan_in_any_order():
    turned = Plan(CHANGED.steps[::-1], (), dict(reversed(CHANGED.counts.items())), (), (), ())
    assert as_json(CHANGED) == as_json(turned)
    assert json.loads(as_json(CHANGED))["steps"][0]["name"] == "acme/usage_trigger/calls"
