"""Since when a tenant that is to be closed is suspended: only the state knows, and only then it is asked."""

from contextlib import nullcontext
from datetime import date

import pytest
from pulumi_policy import StackValidationArgs, StackValidationPolicy
from pulumi_policy.policy import _NotApplicableError
from rule_cases import TODAY, tenant_of
from test_policies_pack import STACK, write_project

from tenantry.policies.pack.program import policies_of
from tenantry.policies.stack.held import as_held
from tenantry.policies.stack.rules import read_stack_rules
from tenantry.policies.subject import subjects_of

CLOSING = "state: closed\nclose_after: '2026-11-30'\nstate_note: {since: '2026-10-01'}\n"


@pytest.mark.parametrize(
    ("made_on", "since"),
    [
        (None, None),
        ({}, TODAY),
        ({"acme/account_state": date(2026, 10, 1)}, date(2026, 10, 1)),
        ({"birch/account_state": date(2026, 10, 1)}, TODAY),
    ],
)
def test_the_state_says_since_when_a_tenant_is_suspended(made_on, since):
    [subject] = as_held(subjects_of([tenant_of(CLOSING)], STACK, TODAY), [], made_on)
    assert subject.suspended_on == since


def test_the_state_is_read_for_suspensions_only_before_a_closing(tmp_path):
    for number, (more, names) in enumerate({"": ["key-age"], CLOSING: ["suspended-first"]}.items()):
        root = tmp_path / str(number)
        root.mkdir()
        pack = read_stack_rules(write_project(root, {"acme": more}, "rules: {}\n"), {"PULUMI_STACK": "dev"}, TODAY)
        assert [policy.name for policy in policies_of(pack)][4:] == names


@pytest.mark.parametrize(("level", "sentence"), [("mandatory", 1), ("advisory", 0)])
def test_an_unreadable_state_stops_a_run_with_a_mandatory_state_rule(tmp_path, level, sentence):
    root = write_project(tmp_path, {"acme": CLOSING}, f"rules: {{suspended-first: {{level: {level}}}}}\n")
    pack = read_stack_rules(root, {"PULUMI_STACK": "dev", "PATH": "", "HOME": str(tmp_path)}, TODAY)
    policy = policies_of(pack)[-1]
    assert isinstance(policy, StackValidationPolicy)
    texts: list[str] = []
    outcome = nullcontext() if sentence else pytest.raises(_NotApplicableError)
    with outcome:
        policy.validate(StackValidationArgs([]), lambda text, _urn=None: texts.append(text))
    assert len(texts) == sentence
    assert all("could not be read" in text and "The run stops until it can be read" in text for text in texts)
