import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from tenantry.cli.validate import validate


@pytest.fixture
def run(tmp_path: Path):
    def call(manifest: str, *options: str):
        (tmp_path / "tenants").mkdir()
        (tmp_path / "tenantry.yaml").write_text("format: 1\n")
        (tmp_path / "tenants" / "acme.yaml").write_text(manifest)
        return CliRunner().invoke(validate, ["-C", str(tmp_path), *options])

    return call


def test_a_valid_project_exits_0_with_a_summary(run):
    result = run("tenant: acme\nname: A\n")
    assert (result.exit_code, result.output) == (0, "1 tenant, 0 errors, 0 warnings\n")


def test_an_error_exits_1_and_says_where(run):
    result = run("tenant: acme\nname: A\nstat: active\n")
    assert (result.exit_code, result.output) == (
        1,
        "tenants/acme.yaml:3:1: stat: unknown key; did you mean 'state'?\n1 tenant, 1 error, 0 warnings\n",
    )


FORMATS = ("text", "json", "github", "sarif")
HTTP = "tenant: acme\nname: A\ndebugger_webhook: {url: http://owl.example}\n"


def test_a_warning_exits_0(run):
    assert run(HTTP).exit_code == 0


def test_a_url_without_tls_exits_1_when_strict(run):
    assert run(HTTP, "--strict").exit_code == 1


def test_json_holds_counts_and_problems(run):
    result = run("tenant: acme\nname: A\nstat: active\n", "--format", "json")
    assert json.loads(result.output) == {
        "tenants": 1,
        "errors": 1,
        "warnings": 0,
        "problems": [
            {
                "file": "tenants/acme.yaml",
                "line": 3,
                "column": 1,
                "path": "stat",
                "message": "unknown key; did you mean 'state'?",
                "severity": "error",
            }
        ],
        "violations": [],
        "waivers": [],
    }


def test_github_gets_workflow_commands(run, tmp_path):
    result = run('tenant: acme\nname: "100%"\n"x%": 1\n', "--format", "github")
    assert result.output == (
        f"::error file={tmp_path}/tenants/acme.yaml,line=3,col=1::x%25: unknown key\n1 tenant, 1 error, 0 warnings\n"
    )


def test_a_name_cannot_end_a_workflow_command(tmp_path):
    (tmp_path / "tenants").mkdir()
    (tmp_path / "tenantry.yaml").write_text("format: 1\n")
    (tmp_path / "tenants" / "a,b:c\n::error::x.yaml").write_text("- 1\n")
    result = CliRunner().invoke(validate, ["-C", str(tmp_path), "--format", "github"])
    assert result.output.splitlines()[0].endswith(
        "/tenants/a%2Cb%3Ac%0A%3A%3Aerror%3A%3Ax.yaml,line=1,col=1"
        "::must be a mapping of keys to values, such as 'tenant: acme'"
    )


def test_a_folder_without_a_project_says_what_to_do(tmp_path):
    result = CliRunner().invoke(validate, ["-C", str(tmp_path)])
    assert (result.exit_code, result.output.splitlines()[0]) == (
        1,
        f"tenantry.yaml:1:1: there is none in {tmp_path}; "
        "run `tenantry init` in a new folder, or name a project with -C",
    )


def test_a_file_name_that_is_no_text_is_told_in_every_format(tmp_path):
    (tmp_path / "tenants").mkdir()
    (tmp_path / "tenantry.yaml").write_text("format: 1\n")
    (tmp_path / "tenants" / os.fsdecode(b"\xff.yaml")).write_text("- 1\n")
    codes = [CliRunner().invoke(validate, ["-C", str(tmp_path), "--format", form]).exit_code for form in FORMATS]
    assert codes == [1] * len(FORMATS)
