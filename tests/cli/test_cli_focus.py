"""The tenants that a run is for, and what is said of them."""

import os
import subprocess
from pathlib import Path

import pytest

from tenantry.cli.stack import end_on_errors, find_focus
from tenantry.engine.install.find import Engine
from tenantry.engine.run.command import Project
from tenantry.manifest.load import load
from tenantry.operations.stack.open import Opened
from tenantry.operations.stack.wanted import Wanted

GIT = ("git", "-c", "user.name=Ana", "-c", "user.email=ana@owl.example", "-c", "commit.gpgsign=false")


@pytest.fixture
def project_stack(tmp_path: Path) -> Opened:
    """A project with three tenants in a git repository, everything committed."""
    (tmp_path / "tenants").mkdir()
    (tmp_path / "tenantry.yaml").write_text("format: 1\n")
    for slug in ("acme", "acme-2", "birch"):
        (tmp_path / "tenants" / f"{slug}.yaml").write_text(f"tenant: {slug}\nname: {slug}\n")
    for arguments in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "x")):
        subprocess.run([*GIT, *arguments], cwd=tmp_path, check=True, capture_output=True)
    return reopen(tmp_path)


def reopen(root: Path) -> Opened:
    project = Project(root, "dev", Engine(Path("pulumi"), "v3.259.0", "PATH"), os.environ)
    return Opened(project, load(root, "dev"))


def test_without_a_word_a_run_is_for_all(project_stack):
    assert find_focus(Wanted(), project_stack) is None


def test_a_name_that_no_tenant_has_ends_the_command_with_the_nearest(project_stack, capsys):
    with pytest.raises(SystemExit) as ended, end_on_errors():
        find_focus(Wanted(("acme", "brich")), project_stack)
    assert ended.value.code == 1
    assert capsys.readouterr().err == "There is no tenant 'brich' in tenants/; did you mean 'birch'?\n"


def test_a_run_closes_no_tenant_that_it_is_not_for(project_stack, capsys):
    with pytest.raises(SystemExit), end_on_errors():
        find_focus(Wanted(("acme",)), project_stack, closing=("acme-2",))
    assert capsys.readouterr().err.startswith("--close acme-2: this run is not for acme-2.")
    assert find_focus(Wanted(("acme",)), project_stack, closing=("acme",)) == {"acme"}


def test_changed_since_says_which_tenants_it_found_and_why_all(project_stack, capsys):
    root = project_stack.project.folder
    assert find_focus(Wanted((), "HEAD"), project_stack) == frozenset()
    (root / "tenants" / "acme.yaml").write_text("tenant: acme\nname: Acme\n")
    assert find_focus(Wanted((), "HEAD"), reopen(root)) == {"acme"}
    (root / "uv.lock").write_text("")
    assert find_focus(Wanted((), "HEAD"), reopen(root)) is None
    (root / "uv.lock").unlink()
    (root / "defaults.yaml").write_text("labels: {tier: a}\n")
    assert find_focus(Wanted((), "HEAD"), reopen(root)) is None
    assert capsys.readouterr().err.splitlines() == [
        "Changed since HEAD: no tenant.",
        "Changed since HEAD: 1 of 3 tenants: acme.",
        "Changed since HEAD: all tenants (3), because uv.lock changed, which may matter to every tenant.",
        "Changed since HEAD: all tenants (3), because 3 of them changed.",
    ]


def test_what_git_can_not_tell_ends_the_command(project_stack, capsys):
    with pytest.raises(SystemExit) as ended, end_on_errors():
        find_focus(Wanted((), "nowhere"), project_stack)
    assert ended.value.code == 1
    assert "git does not know a commit 'nowhere' here" in capsys.readouterr().err


def test_more_names_than_one_run_can_hold_are_refused(project_stack, capsys):
    names = tuple(f"tenant-with-a-long-name-{number:06}" for number in range(3000))
    tenants = dict.fromkeys(names, project_stack.loaded.tenants["acme"])
    many = Opened(
        project_stack.project, type(project_stack.loaded)(**{**vars(project_stack.loaded), "tenants": tenants})
    )
    with pytest.raises(SystemExit), end_on_errors():
        find_focus(Wanted(names), many)
    assert capsys.readouterr().err.startswith("3000 tenants are more than one run can name.")
