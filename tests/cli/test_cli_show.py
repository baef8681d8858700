import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tenantry.cli.show import show


@pytest.fixture
def run(tmp_path: Path):
    (tmp_path / "tenants").mkdir()
    (tmp_path / "tenantry.yaml").write_text("format: 1\n")
    (tmp_path / "tenants" / "acme.yaml").write_text("tenant: acme\nname: Acme Dental\n")
    (tmp_path / "tenants" / "birch.yaml").write_text("tenant: birch\nname: Birch Dental\nx: 1\n")
    return lambda *words: CliRunner().invoke(show, [*words, "-C", str(tmp_path)])


def test_one_tenant_is_shown(run):
    result = run("acme")
    assert (result.exit_code, result.stdout.splitlines()) == (
        0,
        ["tenant: acme       # tenants/acme.yaml:1", "name: Acme Dental  # tenants/acme.yaml:2"],
    )


def test_several_are_listed(run):
    result = run("dental")
    assert (result.exit_code, result.stderr) == (
        1,
        "Error: 'dental' fits 2 tenants; name one of them:\n"
        "  acme  (tenants/acme.yaml)\n  birch  (tenants/birch.yaml)\n",
    )


def test_none_gets_a_suggestion(run):
    assert run("brich").stderr == (
        "Error: no tenant has 'brich' as its slug, SID, label or a part of its name; did you mean birch?\n"
    )


def test_nothing_like_it_gets_what_there_is(run):
    assert run("zzz").stderr == (
        "Error: no tenant has 'zzz' as its slug, SID, label or a part of its name; "
        "there are 2, among them acme, birch\n"
    )


def test_a_tenant_with_an_error_is_shown_with_its_problems(run):
    result = run("birch")
    assert (result.exit_code, result.stderr) == (1, "tenants/birch.yaml:3:1: x: unknown key\n")
    assert "name: Birch Dental" in result.stdout


def test_json_is_for_machines(run):
    assert json.loads(run("acme", "--format", "json").stdout)["tenant"] == "acme"


def test_without_any_tenant_the_reason_is_told(tmp_path):
    result = CliRunner().invoke(show, ["acme", "-C", str(tmp_path)])
    assert result.stderr.splitlines()[0] == "Error: no tenant could be read, so 'acme' is not among them:"
