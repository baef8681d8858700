# ruff: noqa: E501  a message is shown whole, in the line of what it is about
from pathlib import Path

import pytest
from click.testing import CliRunner

from tenantry.cli.new import new
from tenantry.manifest.load import load


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "plans").mkdir()
    (tmp_path / "tenantry.yaml").write_text("format: 1\n")
    (tmp_path / "plans" / "small.yaml").write_text("{}\n")
    return tmp_path


@pytest.fixture
def run(root: Path):
    return lambda *words: CliRunner().invoke(new, [*words, "-C", str(root)])


def test_the_first_tenant_is_written_and_valid(run, root):
    result = run("acme", "--name", "Acme Dental", "--plan", "small")
    assert (result.exit_code, result.stdout) == (
        0,
        f"wrote {root}/tenants/acme.yaml\nnext: tenantry validate, then tenantry show acme\n",
    )
    assert (root / "tenants" / "acme.yaml").read_text() == (
        "# yaml-language-server: $schema=../schemas/tenant.schema.json\ntenant: acme\nname: Acme Dental\nplan: small\n"
    )
    assert load(root).problems == ()


@pytest.mark.parametrize("name", ["No", "12", "a: b # c", '"', "Zahnärzte 🦷", "null"])
def test_any_name_reads_back_as_it_was_given(run, root, name):
    run("acme", "--name", name)
    assert load(root).tenants["acme"].name == name


@pytest.mark.parametrize("name", [" ", " Acme", "Acme\nDental", ""])
def test_a_name_that_no_manifest_may_have_writes_nothing(run, root, name):
    result = run("acme", "--name", name)
    assert (result.exit_code, not (root / "tenants").exists()) == (1, True)
    assert "tenants/acme.yaml:3:7: name: must " in result.stderr


def test_a_tenant_that_is_there_is_not_overwritten(run, root):
    run("acme", "--name", "First")
    result = run("acme", "--name", "Second")
    assert (result.exit_code, result.stderr) == (
        1,
        "Error: nothing was written:\n"
        "tenants/acme.yaml:1:1: tenant: 'acme' is the tenant of tenants/acme.yaml already; take another slug\n",
    )
    assert load(root).tenants["acme"].name == "First"


def test_a_file_that_is_there_and_unreadable_is_not_overwritten(run, root):
    (root / "tenants").mkdir()
    (root / "tenants" / "acme.yaml").write_text("a: [")
    result = run("acme", "--name", "A")
    assert result.stderr.splitlines()[1] == (
        "tenants/acme.yaml:1:1: exists already; nothing is overwritten, take another slug"
    )
    assert (root / "tenants" / "acme.yaml").read_text() == "a: ["


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("Acme", "--name", "A"), "tenants/Acme.yaml:2:9: tenant: must be a-z, 0-9 and '-', start with a letter, not end in '-', 32 characters at most"),
        (("../acme", "--name", "A"), "acme.yaml:2:9: tenant: must be a-z, 0-9 and '-', start with a letter, not end in '-', 32 characters at most"),
        (("acme", "--name", "n" * 65), "tenants/acme.yaml:3:7: name: has 65 characters; 64 at most are allowed"),
        (("acme", "--name", "A", "--plan", "smal"), "tenants/acme.yaml:1:1: plan: the plan 'smal' does not exist; did you mean 'small'?"),
        (("acme", "--name", "A", "--plan", "xyz"), "tenants/acme.yaml:1:1: plan: the plan 'xyz' does not exist; there is small"),
    ],
)  # fmt: skip
def test_what_would_not_be_valid_is_not_written(run, root, words, sentence):
    result = run(*words)
    assert (result.exit_code, result.stderr) == (1, f"Error: nothing was written:\n{sentence}\n")
    assert not (root / "tenants").exists()


def test_without_a_project_nothing_is_written(tmp_path):
    result = CliRunner().invoke(new, ["acme", "--name", "A", "-C", str(tmp_path)])
    assert (result.exit_code, list(tmp_path.iterdir())) == (1, [])
    assert "run `tenantry init` in a new folder" in result.stderr
