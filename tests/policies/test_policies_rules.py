"""Each rule on its own: manifests in, findings out."""

from pathlib import Path

import pytest
from rule_cases import Case, find, tenant_of
from rule_table import CASES

from tenantry.policies.config import read_config
from tenantry.policies.own import rules_of
from tenantry.policies.registry import ADVICE, RULES
from tenantry.policies.rule import Rule

ROOT = Path(__file__).resolve().parents[2]
NEED_MORE = ("key-age", "suspended-first", "own-error-url", "price-below-cost", "overage-beats-next-tier")
"""Their examples need a state, settings or a plan beside the manifest."""
OF_ONE_MANIFEST = [rule for rule in rules_of(ROOT) if rule.id not in (*NEED_MORE, "twilio-limits")]
BY_ID = {rule.id: rule for rule in rules_of(ROOT)}
EVERY_CASE = [(rule, case) for rule, cases in CASES.items() for case in cases]


@pytest.mark.parametrize(("rule", "case"), EVERY_CASE, ids=[f"{rule}-{n}" for n, (rule, _) in enumerate(EVERY_CASE)])
def test_a_rule_finds_exactly_what_breaks_it(rule: str, case: Case):
    assert find(BY_ID[rule], case) == list(case.finds)


def test_every_rule_has_a_manifest_that_complies_and_one_that_breaks_it():
    outcomes = {rule: {bool(case.finds) for case in cases} for rule, cases in CASES.items()}
    assert outcomes == {rule: {True, False} for rule in BY_ID}


@pytest.mark.parametrize("rule", OF_ONE_MANIFEST, ids=lambda rule: rule.id)
def test_the_example_of_a_rule_breaks_it_and_is_mended(rule: Rule):
    assert find(rule, Case(rule.example.breaks))
    assert not find(rule, Case(rule.example.keeps))


@pytest.mark.parametrize("rule", [BY_ID[rule] for rule in NEED_MORE], ids=lambda rule: rule.id)
def test_an_example_that_needs_more_is_a_manifest_too(rule: Rule):
    assert tenant_of(rule.example.breaks)
    assert tenant_of(rule.example.keeps)


def test_ids_stay_as_they_are_in_reports_configurations_and_waivers():
    assert [rule.id for rule in RULES] == [
        "spend-trigger",
        "https-urls",
        "public-hosts",
        "allowed-hosts",
        "watched-errors",
        "own-error-url",
        "restricted-keys",
        "no-iam-wildcards",
        "named-permissions",
        "key-generations",
        "key-age",
        "retention-set",
        "retention-limit",
        "attestation-age",
        "close-notice",
        "suspended-first",
        "twilio-limits",
        "terms-missing",
        "trigger-matches-allowance",
        "price-below-cost",
        "overage-beats-next-tier",
        "discount-limit",
        "suspend-stops-numbers",
    ]


def test_every_rule_says_why_and_where_it_is_known_from():
    assert [about.id for about in (*RULES, *ADVICE) if not (about.title and about.why and about.source)] == []


def test_a_rule_of_the_project_is_one_like_ours():
    assert [rule.id for rule in BY_ID.values() if rule not in RULES] == ["suspended-for-a-reason"]


def test_nobody_asks_a_released_tenant_anything():
    everything_wrong = Case("debugger_webhook: null\nusage_triggers: null\nretention: null\nstate: released\n")
    assert [find(rule, everything_wrong) for rule in BY_ID.values()] == [[]] * len(BY_ID)


def test_the_base_of_the_cases_keeps_to_every_rule():
    assert [find(rule, Case()) for rule in BY_ID.values()] == [[]] * len(BY_ID)


def test_levels_without_a_configuration_are_those_of_the_rules(tmp_path):
    assert {rule.id: rule.level for rule in RULES} == {
        rule: setting.level for rule, setting in read_config(tmp_path, RULES).settings.items()
    }
