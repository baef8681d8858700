"""What `tenantry validate` tells of rules, in each format."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from jsonschema import Draft4Validator, Draft202012Validator
from rule_cases import BASE

from tenantry.cli.validate import validate
from tenantry.policies.catalogue.retention_limit import RETENTION_LIMIT
from tenantry.policies.catalogue.watched_errors import WATCHED_ERRORS
from tenantry.reports.validate.as_json import validate_schema

SARIF = json.loads((Path(__file__).parent / "data" / "sarif-2.1.0.schema.json").read_text(encoding="utf-8"))
UNHEARD = BASE.replace('debugger_webhook: {url: "/errors/{tenant}"}\n', "")
SPENDS = "retention:\n  calls: {keep_days: 30}\n  recordings: {keep_days: 4000}\n"
WAIVER = "watched-errors: {reason: 'a pilot, 100%', owner: ana@owl.example, until: '2099-12-31'}\n"
OLD = "watched-errors: {reason: a pilot, owner: ben@owl.example, until: '2020-12-31'}\n"


@pytest.fixture
def run(project):
    """Run the command on a project, in its folder."""

    def call(files: dict[str, str], *options: str):
        root = project(files)
        result = CliRunner().invoke(validate, ["-C", str(root), *options])
        return result.exit_code, result.output.replace(f"{root}/", "")

    return call


def many(count: int) -> dict[str, str]:
    """Return tenants on a plan that breaks a mandatory rule, the last of them with an error of its own as well."""
    base = BASE.replace(", recordings: {keep_days: 30}", "")
    tenants = {f"tenants/t{n}.yaml": base.replace("acme", f"t{n}") for n in range(count)}
    return {"plans/small.yaml": SPENDS, "tenants/acme.yaml": base + "stat: x\n", **tenants}


EVERYTHING = {
    **many(5),
    "tenants/birch.yaml": UNHEARD.replace("acme", "birch"),
    "waivers/birch.yaml": WAIVER,
    "waivers/t1.yaml": OLD,
}


def test_a_layer_that_breaks_a_rule_for_many_tenants_is_one_line(run):
    assert run(many(5)) == (
        1,
        "plans/small.yaml:3:27: retention.recordings.keep_days: keeps recordings for 4000 days, and 400 days are the "
        "limit; lower keep_days (in t0, t1, t2 and 2 more) [retention-limit]\n"
        "tenants/acme.yaml:12:1: stat: unknown key; did you mean 'state'?\n"
        "why:\n"
        f"  retention-limit: {RETENTION_LIMIT.why}\n"
        "6 tenants, 6 errors, 0 warnings\n",
    )


def test_an_advisory_violation_is_a_warning_and_exits_0(run):
    code, text = run({"tenants/acme.yaml": UNHEARD})
    assert code == 0
    assert text.startswith(
        "tenants/acme.yaml:2:1: warning: debugger_webhook: nobody is notified of errors; "
        "have a debugger_webhook in the manifest, its plan or defaults.yaml [watched-errors]\n"
    )


def test_github_shows_each_thing_to_mend_once_at_its_line(run):
    _, text = run(many(5), "--format", "github")
    assert text.splitlines()[1] == (
        "::error file=plans/small.yaml,line=3,col=27,title=retention-limit::retention.recordings.keep_days: "
        "keeps recordings for 4000 days, and 400 days are the limit; lower keep_days (in t0, t1, t2 and 2 more). "
        f"{RETENTION_LIMIT.why}"
    )


def test_what_many_manifests_lack_is_one_line_with_their_number(run):
    files = {f"tenants/t{number}.yaml": UNHEARD.replace("acme", f"t{number}") for number in range(7)}
    _, text = run(files)
    assert text.splitlines()[0] == (
        "tenants/t0.yaml:2:1: warning: debugger_webhook: nobody is notified of errors; have a debugger_webhook in the "
        "manifest, its plan or defaults.yaml (in t0, t1, t2 and 4 more, at 7 lines) [watched-errors]"
    )
    assert "--format json names every line" in text
    _, document = run(files, "--format", "json")
    assert len([found for found in json.loads(document)["violations"] if found["rule"] == "watched-errors"]) == 7


def test_json_has_each_tenant_by_itself_with_why_and_how_to_mend(run):
    _, text = run(
        {"tenants/birch.yaml": UNHEARD.replace("acme", "birch"), "waivers/birch.yaml": WAIVER}, "--format", "json"
    )
    report = json.loads(text)
    assert report["violations"] == [
        {
            "rule": "watched-errors",
            "level": "advisory",
            "tenant": "birch",
            "file": "tenants/birch.yaml",
            "line": 2,
            "column": 1,
            "path": "debugger_webhook",
            "message": "nobody is notified of errors",
            "why": WATCHED_ERRORS.why,
            "mend": "have a debugger_webhook in the manifest, its plan or defaults.yaml",
            "waived": True,
        }
    ]
    assert [waiver["tenant"] for waiver in report["waivers"]] == ["birch"]


@pytest.mark.parametrize("files", [{}, EVERYTHING, {"tenants/acme.yaml": UNHEARD}], ids=["clean", "everything", "one"])
def test_json_fits_its_published_schema(run, files):
    _, text = run(files, "--format", "json")
    Draft202012Validator(validate_schema()).validate(json.loads(text))


@pytest.mark.parametrize("files", [{}, EVERYTHING, {"tenants/acme.yaml": UNHEARD}], ids=["clean", "everything", "one"])
def test_sarif_fits_the_schema_of_oasis(run, files):
    _, text = run(files, "--format", "sarif")
    Draft4Validator(SARIF, format_checker=Draft4Validator.FORMAT_CHECKER).validate(json.loads(text))


def test_sarif_has_rules_results_and_waivers_as_suppressions(run):
    _, text = run(EVERYTHING, "--format", "sarif")
    [log] = json.loads(text)["runs"]
    rules = [rule["id"] for rule in log["tool"]["driver"]["rules"]]
    assert [rules[result["ruleIndex"]] for result in log["results"]] == [result["ruleId"] for result in log["results"]]
    texts = [
        (
            result["ruleId"],
            result["level"],
            result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
            [suppression["justification"].partition(" (")[0] for suppression in result.get("suppressions", ())],
        )
        for result in log["results"]
    ]
    assert texts == [
        ("manifest", "error", "tenants/acme.yaml", []),
        ("manifest", "error", "waivers/t1.yaml", []),
        ("retention-limit", "error", "plans/small.yaml", []),
        ("watched-errors", "warning", "tenants/birch.yaml", ["a pilot, 100%"]),
    ]


def test_all_waivers_are_listed_the_one_that_ends_first_at_the_top(run):
    code, text = run(EVERYTHING, "--waivers")
    assert (code, text.splitlines()) == (
        1,
        [
            "tenant  rule            until                 owner            reason",
            "t1      watched-errors  2020-12-31 (expired)  ben@owl.example  a pilot",
            "birch   watched-errors  2099-12-31            ana@owl.example  a pilot, 100%",
            "waivers/t1.yaml:1:66: watched-errors.until: expired on 2020-12-31; "
            "correct the tenant and remove the waiver, or ask ben@owl.example for a new one",
        ],
    )


def test_a_list_without_waivers_says_so(run):
    assert run({}, "--waivers") == (0, "no waivers\n")


def test_waivers_are_listed_as_text_alone(run):
    assert run({}, "--waivers", "--format", "json")[0] == 2


def test_rules_that_can_not_be_used_end_the_command_with_a_sentence(run):
    code, text = run({"policies/rules.py": "RULES = 1\n"})
    assert (code, text.startswith("Error: policies/rules.py has no tuple RULES; write ")) == (1, True)
