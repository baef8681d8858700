"""The tenants that a run is for, and exit codes of wrong options."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from tenantry.cli import main
from tenantry.cli.focus import focus_of
from tenantry.cli.options import Wanted, tenants_options
from tenantry.cli.stack import Opened
from tenantry.engine.install.find import Engine
from tenantry.engine.run.command import Project
from tenantry.manifest.load import load

GIT = ("git", "-c", "user.name=Ana", "-c", "user.email=ana@owl.example", "-c", "commit.gpgsign=false")


@pytest.fixture
def wanted() -> Callable[..., Wanted | Result]:
    """Return what a command is given for its arguments; the result of the command where it refuses them."""
    given: list[Wanted] = []

    @click.command()
    @tenants_options
    def command(wanted: Wanted) -> None:
        given.append(wanted)

    def parse(*arguments: str) -> Wanted | Result:
        result = CliRunner().invoke(command, arguments)
        return given.pop() if given else result

    return parse


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    """A project with three tenants in a git repository, everything committed."""
    (tmp_path / "tenants").mkdir()
    (tmp_path / "tenantry.yaml").write_text("format: 1\n")
    for slug in ("acme", "acme-2", "birch"):
        (tmp_path / "tenants" / f"{slug}.yaml").write_text(f"tenant: {slug}\nname: {slug}\n")
    for arguments in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "x")):
        subprocess.run([*GIT, *arguments], cwd=tmp_path, check=True, capture_output=True)
    return reopened(tmp_path)


def reopened(root: Path) -> Opened:
    project = Project(root, "dev", Engine(Path("pulumi"), "v3.259.0", "PATH"), os.environ)
    return Opened(project, load(root, "dev"))


def test_names_come_as_arguments_and_by_only_with_commas_or_repeated(wanted):
    assert wanted("acme", "--only", "birch, cedar,acme", "--only", "elm") == Wanted(("acme", "birch", "cedar", "elm"))
    assert wanted() == Wanted()
    assert wanted("--changed-since", "origin/main") == Wanted((), "origin/main")


@pytest.mark.parametrize("empty", [("--only", ""), ("--only", " , "), ("",)], ids=["only", "commas", "argument"])
def test_an_empty_variable_of_a_script_is_no_run_for_all(wanted, empty):
    refused = wanted(*empty)
    assert refused.exit_code != 0
    assert "No tenant is named; leave the option or argument out, which means all of them." in refused.stderr


def test_names_and_changed_since_exclude_each_other(wanted):
    refused = wanted("acme", "--changed-since", "main")
    assert "--changed-since finds the tenants itself; name some, or use it, not both." in refused.stderr


def test_without_a_word_a_run_is_for_all(opened):
    assert focus_of(Wanted(), opened) is None


def test_a_name_that_no_tenant_has_ends_the_command_with_the_nearest(opened, capsys):
    with pytest.raises(SystemExit) as ended:
        focus_of(Wanted(("acme", "brich")), opened)
    assert ended.value.code == 1
    assert capsys.readouterr().err == "There is no tenant 'brich' in tenants/; did you mean 'birch'?\n"


def test_a_tenant_is_not_closed_by_a_run_that_is_not_for_it(opened, capsys):
    with pytest.raises(SystemExit):
        focus_of(Wanted(("acme",)), opened, closing=("acme-2",))
    assert capsys.readouterr().err.startswith("--close acme-2: this run is not for acme-2.")
    assert focus_of(Wanted(("acme",)), opened, closing=("acme",)) == {"acme"}


def test_changed_since_says_which_tenants_it_found_and_why_all(opened, capsys):
    root = opened.project.folder
    assert focus_of(Wanted((), "HEAD"), opened) == frozenset()
    (root / "tenants" / "acme.yaml").write_text("tenant: acme\nname: Acme\n")
    assert focus_of(Wanted((), "HEAD"), reopened(root)) == {"acme"}
    (root / "uv.lock").write_text("")
    assert focus_of(Wanted((), "HEAD"), reopened(root)) is None
    (root / "uv.lock").unlink()
    (root / "defaults.yaml").write_text("labels: {tier: a}\n")
    assert focus_of(Wanted((), "HEAD"), reopened(root)) is None
    assert capsys.readouterr().err.splitlines() == [
        "Changed since HEAD: no tenant.",
        "Changed since HEAD: 1 of 3 tenants: acme.",
        "Changed since HEAD: all tenants (3), because uv.lock changed, which may matter to every tenant.",
        "Changed since HEAD: all tenants (3), because 3 of them changed.",
    ]


def test_what_git_can_not_tell_ends_the_command(opened, capsys):
    with pytest.raises(SystemExit) as ended:
        focus_of(Wanted((), "nowhere"), opened)
    assert ended.value.code == 1
    assert "git does not know a commit 'nowhere' here" in capsys.readouterr().err


def test_more_names_than_one_run_can_hold_are_refused(opened, capsys):
    names = tuple(f"tenant-with-a-long-name-{number:06}" for number in range(3000))
    tenants = dict.fromkeys(names, opened.loaded.tenants["acme"])
    many = Opened(opened.project, type(opened.loaded)(**{**vars(opened.loaded), "tenants": tenants}))
    with pytest.raises(SystemExit):
        focus_of(Wanted(names), many)
    assert capsys.readouterr().err.startswith("3000 tenants are more than one run can name.")


@pytest.mark.parametrize(
    "arguments", [("--bogus",), ("validate", "--bogus"), ("preview", "--format", "xml"), ("new",), ("nothing",)]
)
def test_a_wrong_option_is_an_error_and_never_the_code_that_says_differences(arguments):
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 1
    assert "Usage: " in result.stderr
