"""The pack without an engine: its policies are asked as the SDK asks them, about what the program would register."""

import tempfile
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pulumi_policy import (
    PolicyResource,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE, unknown_checking_proxy
from rule_cases import BASE, TODAY, tenant_of
from rule_table import CASES
from rule_table_terms import monthly, triggers

from tenantry.manifest.load import load
from tenantry.model.project import Stack
from tenantry.model.resources import resources_of
from tenantry.policies.check import check_project
from tenantry.policies.pack.program import policies_of
from tenantry.policies.stack.age import read_days
from tenantry.policies.stack.held import Held, as_held
from tenantry.policies.stack.report import FILES, OWNERS
from tenantry.policies.stack.rules import read_stack_rules
from tenantry.policies.subject import subjects_of
from tenantry.providers import RESOURCES

STACK = Stack("dev", None, "tenants", "https://hooks.owl.example/twilio")
PARTS = sorted({case.manifest for cases in CASES.values() for case in cases if len(case.manifest) < 1000})
SLUGS = ("acme", "acme-2", "birch")
WITHOUT_STATE = "rules: {key-age: {level: disabled}, suspended-first: {level: disabled}}\n"
PROJECT = (
    "format: 1\nledger: sqlite:/var/lib/owl/ledger.db\nwebhooks: https://hooks.owl.example/twilio\n"
    "permission_sets: {sender: [/twilio/messaging/messages/create]}\n"
)

DEFAULTS = "".join(line for line in BASE.splitlines(keepends=True) if not line.startswith(("tenant:", "name:")))

Change = Callable[[str, str, dict[str, Any]], dict[str, Any]]


def as_declared(_kind: str, _name: str, props: dict[str, Any]) -> dict[str, Any]:
    return props


def register(root: Path) -> Iterable[tuple[str, str, dict[str, Any]]]:
    """Yield what the program registers: type token, name and properties, unknown ids among them."""
    yield "Fleet", "fleet", {}
    for tenant in load(root, "dev").tenants.values():
        for resource in resources_of(tenant, TODAY):
            kind = RESOURCES[resource.kind].__name__
            yield kind, resource.name, {**resource.spec.props(), "account_sid": UNKNOWN_STRING_VALUE}


def report(root: Path, change: Change = as_declared, **environ: str) -> list[tuple[str, str]]:
    """Return what the pack reports, each with its policy; `change` makes the stack differ from the manifests."""
    policies = policies_of(read_stack_rules(root, {"PULUMI_STACK": "dev", **environ}, TODAY))
    texts: list[tuple[str, str]] = []
    held = []
    for kind, name, declared in register(root):
        token = f"pulumi-python:dynamic/twilio:{kind}"
        for policy in policies:
            if isinstance(policy, ResourceValidationPolicy):
                args = ResourceValidationArgs(token, unknown_checking_proxy(declared), name, name, None, None)
                policy.validate(args, lambda message, _urn, policy=policy: texts.append((policy.name, message)))
        props = unknown_checking_proxy(change(kind, name, dict(declared)))
        held.append(PolicyResource(token, props, name, name, None, None, None, [], {}))
    for policy in policies:
        if isinstance(policy, StackValidationPolicy):
            args = StackValidationArgs(held)
            policy.validate(args, lambda message, _urn, policy=policy: texts.append((policy.name, message)))
    return texts


def write_project(root: Path, tenants: dict[str, str], config: str = WITHOUT_STATE) -> Path:
    files = {
        "tenantry.yaml": PROJECT,
        "plans/small.yaml": "labels: {tier: small}\n",
        "defaults.yaml": DEFAULTS,
        "policies/config.yaml": config,
        **{f"tenants/{slug}.yaml": f"tenant: {slug}\nname: {slug}\n{text}" for slug, text in tenants.items()},
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


@given(st.dictionaries(st.sampled_from(SLUGS), st.sampled_from(PARTS), min_size=1))
def test_the_pack_reports_what_validate_reports_for_the_same_manifests(tenants):
    with tempfile.TemporaryDirectory() as folder:
        root = write_project(Path(folder), tenants)
        by_validate = {
            (item.rule.id, f"{item.place}: {item.message}") for item in check_project(root, "dev", TODAY).counting
        }
        assert set(report(root)) == by_validate


@given(st.sampled_from(PARTS))
@example(triggers(monthly(150, warn_at_percent="[80]")))
def test_what_the_program_registers_reads_back_as_the_manifest(part):
    tenant = tenant_of(part)
    [subject] = subjects_of([tenant], STACK, TODAY)
    held = [Held(resource.kind, resource.name, resource.spec.props()) for resource in resources_of(tenant, TODAY)]
    [back] = as_held([subject], held, {})
    for field in ("usage_triggers", "api_keys", "debugger_webhook", "retention"):
        assert plain(getattr(back.tenant, field)) == plain(getattr(tenant, field)), field


def plain(value: Any) -> Any:
    """Return a value as data, its sets sorted; what only steers us or is a flag for others is left out."""
    if isinstance(value, dict):
        return {key: plain(child) for key, child in value.items()}
    if isinstance(value, tuple | list):
        return sorted(value)
    if hasattr(value, "model_fields_set"):
        return {name: plain(child) for name, child in dict(value).items() if name not in ("adopt", "per_request")}
    return value.rstrip("/") if isinstance(value, str) else value


def test_a_stack_that_differs_from_its_manifests_is_told_with_the_rule(tmp_path):
    def in_clear(kind: str, _name: str, props: dict[str, Any]) -> dict[str, Any]:
        return {**props, "callback_url": "http://hooks.owl.example/s"} if kind == "UsageTrigger" else props

    [(policy, message)] = report(write_project(tmp_path, {"acme": ""}), in_clear)
    assert policy == "held-mandatory"
    assert message.startswith("defaults.yaml:6:")
    assert "usage_triggers.spend.callback_url: sends to http://hooks.owl.example/s, unencrypted; " in message
    assert message.endswith("[https-urls]")


def test_what_a_preview_does_not_know_yet_is_as_the_manifest_says(tmp_path):
    def unknown(_kind: str, _name: str, props: dict[str, Any]) -> dict[str, Any]:
        return dict.fromkeys(props, UNKNOWN_STRING_VALUE)

    assert report(write_project(tmp_path, {"acme": ""}), unknown) == []


def test_what_is_frozen_is_as_its_manifest_says(tmp_path):
    def old(kind: str, _name: str, props: dict[str, Any]) -> dict[str, Any]:
        return {**props, "callback_url": "http://hooks.owl.example/s"} if kind == "UsageTrigger" else props

    note = "state: suspended\nstate_note: {ticket: OWL-1}\n"
    assert report(write_project(tmp_path, {"acme": note}), old) == []


def test_a_focused_run_is_not_told_of_other_tenants(tmp_path):
    def in_clear(kind: str, _name: str, props: dict[str, Any]) -> dict[str, Any]:
        return {**props, "callback_url": "http://hooks.owl.example/s"} if kind == "UsageTrigger" else props

    root = write_project(tmp_path, {"acme": "", "acme-2": ""})
    text = report(root, in_clear, PULUMI_OPTION_TARGET="**::acme,**::acme/**,**::fleet")
    assert [policy for policy, _ in text] == ["held-mandatory"]


def test_wrong_settings_and_expired_waivers_have_their_own_policy(tmp_path):
    root = write_project(tmp_path, {"acme": ""}, "rules: {key-age: {level: disabled}}\n")
    (root / "waivers").mkdir()
    (root / "waivers" / "acme.yaml").write_text("key-age: {reason: x, owner: ana, until: '2020-01-01'}\nkey-ag: {}\n")
    assert report(root) == [
        (FILES, "waivers/acme.yaml:2:1: key-ag: unknown key; did you mean 'key-age'?"),
    ]


def test_a_waiver_of_a_tenant_outside_the_focus_does_not_stop_it(tmp_path):
    root = write_project(tmp_path, {"acme": "", "acme-2": ""})
    (root / "waivers").mkdir()
    (root / "waivers" / "acme.yaml").write_text("spend-trigger: {reason: x, owner: ana, until: '2020-01-01'}\n")
    assert [policy for policy, _ in report(root, PULUMI_OPTION_TARGET="**::acme-2,**::acme-2/**,**::fleet")] == []
    assert [policy for policy, _ in report(root, PULUMI_OPTION_TARGET="**::acme,**::acme/**,**::fleet")] == [FILES]
    assert [policy for policy, _ in report(root)] == [FILES]


RAISES_FOR_WHAT_IS_HELD = """
from tenantry.policies.rule import Example, TenantRule, Parameters

def check(subject, parameters):
    return [][1] if subject.sinks > 1 else ()

RULES = (TenantRule(id="crm", title="t", why="w", level="mandatory", mend="m", source=("s",),
    example=Example(breaks="{}", keeps="{}"), parameters=Parameters, check=check),)
"""


def test_a_rule_that_raises_about_the_stack_is_reported_with_its_tenant(tmp_path):
    root = write_project(tmp_path, {"acme": ""}, "rules: {}\n")
    (root / "policies" / "rules.py").write_text(RAISES_FOR_WHAT_IS_HELD)
    policies = policies_of(read_stack_rules(root, {"PULUMI_STACK": "dev"}, TODAY))
    [mandatory] = [policy for policy in policies if policy.name == "held-mandatory"]
    token = "pulumi-python:dynamic/twilio:EventSink"
    names = [f"acme/event_sink/{number}" for number in range(2)]
    sinks = [PolicyResource(token, {}, name, name, None, None, None, [], {}) for name in names]
    texts: list[str] = []
    mandatory.validate(StackValidationArgs(sinks), lambda message, _urn: texts.append(message))
    assert [message.partition(". So")[0] for message in texts] == [
        "The rule crm could not be asked about the tenant acme: IndexError: list index out of range "
        "(policies/rules.py, line 5)"
    ]


def test_a_pack_outside_of_a_project_says_so(tmp_path):
    policies = policies_of(read_stack_rules(tmp_path, {"PULUMI_STACK": "dev"}, TODAY))
    texts: list[str] = []
    args = ResourceValidationArgs("pulumi-python:dynamic/twilio:Fleet", {}, "fleet", "fleet", None, None)
    [files] = [policy for policy in policies if policy.name == FILES]
    files.validate(args, lambda message, _urn: texts.append(message))
    assert [message.partition(": ")[2].partition(" in ")[0] for message in texts] == ["there is none"]


def test_without_a_stack_all_rules_are_listed(tmp_path):
    names = [policy.name for policy in policies_of(read_stack_rules(write_project(tmp_path, {"acme": ""}), {}, TODAY))]
    assert set(CASES) - {"suspended-for-a-reason", "key-age", "suspended-first"} <= set(names)


def test_a_rule_without_violations_is_no_policy(tmp_path):
    clean = policies_of(
        read_stack_rules(write_project(tmp_path, {"acme": ""}, "rules: {}\n"), {"PULUMI_STACK": "dev"}, TODAY)
    )
    assert [policy.name for policy in clean] == [FILES, "held-mandatory", "held-advisory", OWNERS, "key-age"]


def test_ages_of_keys_come_from_the_days_in_the_state():
    tenant = tenant_of("api_keys: {sender: {access: ['@sender'], generations: [1, 2]}}\n")
    keys = [Held("api_key", f"acme/api_key/sender-{n}", {"friendly_name": f"sender#{n}"}) for n in (1, 2)]
    [back] = as_held(subjects_of([tenant], STACK, TODAY), keys, {"acme/api_key/sender-1": date(2025, 1, 1)})
    assert back.made_on == {("sender", 1): date(2025, 1, 1)}


def test_a_key_waiting_for_deletion_has_no_day_but_its_replacement_has():
    urn = "urn:pulumi:dev::owl::tenantry:index:Tenant$pulumi-python:dynamic/twilio:ApiKey::acme/api_key/sender-1"
    new = {"urn": urn, "created": "2026-11-20T23:59:59Z"}
    old = {"urn": urn, "created": "2025-01-01T00:00:00Z", "delete": True}
    assert read_days({"deployment": {"resources": [new, old, {"urn": "urn:pulumi:dev::owl::x::y"}]}}) == {
        "acme/api_key/sender-1": date(2026, 11, 20)
    }


def test_a_stack_that_was_never_written_has_no_days():
    assert read_days({"deployment": None}) == {}


def test_sinks_that_a_projects_own_code_made_count_too():
    tenant = tenant_of("")
    sinks = [Held("event_sink", f"acme/event_sink/own-{number}", {}) for number in range(3)]
    [back] = as_held(subjects_of([tenant], STACK, TODAY), sinks, {})
    assert back.sinks == 3


@pytest.mark.parametrize("name", ["acme/api_key/handmade", "acme/api_key/web-x"])
def test_a_key_that_is_not_named_as_ours_are_is_passed_over(name):
    [subject] = subjects_of([tenant_of("")], STACK, TODAY)
    [back] = as_held([subject], [Held("api_key", name, {"friendly_name": "x"})], {name: date(2025, 1, 1)})
    assert back.made_on == {}


AN_ACCOUNT = "AC" + "2" * 32


def test_two_resources_with_one_sid_break_a_mandatory_policy(tmp_path):
    def in_one_account(_kind: str, _name: str, props: dict[str, Any]) -> dict[str, Any]:
        return {**props, "account_sid": AN_ACCOUNT}

    text = report(write_project(tmp_path, {"acme": "", "birch": ""}), in_one_account)
    [message] = [message for policy, message in text if policy == OWNERS]
    assert message.startswith(f"{AN_ACCOUNT} is held by acme and birch; an object belongs to one resource")
