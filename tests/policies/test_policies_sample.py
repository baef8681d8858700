"""The sample of Owl Inc. and a new project: their rules are on, and they keep to them."""

import json
from datetime import date
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator
from rule_cases import TODAY

from tenantry.policies.check import check_project
from tenantry.policies.config import build_config_model
from tenantry.policies.own import rules_of
from tenantry.policies.registry import RULES
from tenantry.policies.schema import policies_schema, waivers_schema
from tenantry.template import write_owl, write_project

ROOT = Path(__file__).resolve().parents[2]
OWN = rules_of(ROOT)
POLICIES = Draft202012Validator(policies_schema(OWN))
WAIVERS = Draft202012Validator(waivers_schema(OWN))


@pytest.fixture(params=[write_owl, write_project], ids=["owl", "new"])
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    request.param(tmp_path / "project")
    return tmp_path / "project"


def test_a_project_that_we_write_breaks_no_rule(project):
    judged = check_project(project, None, TODAY, strict=True)
    assert (judged.files.problems, judged.counting) == ((), ())


def test_its_settings_fit_the_schema_that_they_name(project):
    config = project / "policies" / "config.yaml"
    head, _, name = config.read_text().splitlines()[0].partition("$schema=")
    assert (head, (config.parent / name).resolve()) == (
        "# yaml-language-server: ",
        project.resolve() / "schemas" / "policies.schema.json",
    )
    assert list(POLICIES.iter_errors(yaml.safe_load(config.read_text()))) == []


def test_the_waivers_of_the_sample_fit_the_schema_that_they_name():
    files = sorted((ROOT / "waivers").glob("*.yaml"))
    assert files
    for file in files:
        assert file.read_text().startswith("# yaml-language-server: $schema=../schemas/waivers.schema.json\n")
        assert list(WAIVERS.iter_errors(yaml.safe_load(file.read_text()))) == []


def test_the_sample_does_not_expire_except_for_attestations():
    judged = check_project(ROOT, None, date(2040, 1, 1))
    assert {violation.rule.id for violation in judged.counting} == {"attestation-age"}
    assert judged.errors == 0


@pytest.mark.parametrize(
    "text",
    [
        "{rules: {spend-triger: {}}}",
        "{rules: {spend-trigger: {ceiling: '3'}}}",
        "{rules: {spend-trigger: {level: off}}}",
        "{rules: {key-age: {days: 0}}}",
        "{rules: {key-age: null}}",
        "{spend-trigger: {}}",
    ],
)
def test_what_the_loader_refuses_in_settings_the_schema_refuses(text):
    assert list(POLICIES.iter_errors(yaml.safe_load(text))) != []


@pytest.mark.parametrize("text", ["{key-age: {reason: x, owner: y}}", "{key-ag: {}}", "{key-age: null}"])
def test_what_the_loader_refuses_in_waivers_the_schema_refuses(text):
    assert list(WAIVERS.iter_errors(yaml.safe_load(text))) != []


def test_the_schemas_are_json_schemas_whose_defaults_fit_them():
    for schema in (policies_schema(RULES), waivers_schema(RULES)):
        Draft202012Validator.check_schema(schema)
    defaults = json.loads(build_config_model(RULES)().model_dump_json(exclude_none=True))
    defaults["rules"]["spend-trigger"]["ceiling"] = 500
    defaults["rules"]["discount-limit"]["percent"] = 20
    assert list(Draft202012Validator(policies_schema(RULES)).iter_errors(defaults)) == []


def test_every_parameter_is_described():
    for part in policies_schema(RULES)["$defs"].values():
        missing = [name for name, field in part["properties"].items() if not {"description", "$ref"} & field.keys()]
        assert missing == []
