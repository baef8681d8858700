"""Waivers that a preview tells: those that lift a rule, and those that a change brings along."""

import subprocess
from pathlib import Path

import pytest
from rule_cases import BASE, TODAY

from tenantry.manifest.git import GitError
from tenantry.manifest.load import load
from tenantry.operations.preview.waivers import report_waivers
from tenantry.policies.lifted import find_lifted
from tenantry.reports.preview.summary import MOST, list_waived

UNHEARD = BASE.replace('debugger_webhook: {url: "/errors/{tenant}"}\n', "")
UNWATCHED = UNHEARD.replace("recurring: daily", "recurring: alltime")
MARKS = "owner: ana@owl.example, until: '2027-01-31'"
WATCHED = f"watched-errors: {{reason: a pilot, {MARKS}}}\n"
SPEND = f"spend-trigger: {{reason: moves soon, {MARKS}}}\n"
AGE = f"key-age: {{reason: frozen, {MARKS}}}\n"


def commit(root: Path) -> None:
    def git(*words: str) -> None:
        subprocess.run(["git", "-C", str(root), "-c", "user.name=x", "-c", "user.email=x@x", *words], check=True)

    git("init", "-q", "-b", "main")
    git("add", "-A")
    git("commit", "-qm", "before")


def list_lifted(root: Path, since: str | None = None, focus: frozenset[str] | None = None) -> list[tuple[object, ...]]:
    found = find_lifted(root, load(root), TODAY, since=since, focus=focus)
    return [(item.waiver.tenant, item.waiver.rule, item.level, item.is_new, item.findings) for item in found]


def test_an_effective_waiver_is_listed_and_an_idle_one_not(project):
    root = project({"tenants/acme.yaml": UNHEARD, "waivers/acme.yaml": WATCHED + SPEND})
    heard = ("debugger_webhook: nobody is notified of errors",)
    assert list_lifted(root) == [("acme", "watched-errors", "advisory", None, heard)]


def test_new_waivers_come_first_and_mandatory_rules_before_others(project):
    commit(project({"tenants/acme.yaml": UNHEARD, "waivers/acme.yaml": WATCHED}))
    root = project({"tenants/acme.yaml": UNWATCHED, "waivers/acme.yaml": WATCHED + SPEND})
    assert [row[:4] for row in list_lifted(root, "HEAD")] == [
        ("acme", "spend-trigger", "mandatory", True),
        ("acme", "watched-errors", "advisory", False),
    ]


@pytest.mark.parametrize("change", [("2027-01-31", "2027-02-28"), ("a pilot", "a second pilot"), ("ana", "ben")])
def test_a_waiver_that_says_something_else_is_new(project, change):
    commit(project({"tenants/acme.yaml": UNHEARD, "waivers/acme.yaml": WATCHED}))
    root = project({"tenants/acme.yaml": UNHEARD, "waivers/acme.yaml": WATCHED.replace(*change)})
    assert [row[3] for row in list_lifted(root, "HEAD")] == [True]


def test_a_waiver_that_only_moved_in_its_file_is_not_new(project):
    commit(project({"tenants/acme.yaml": UNHEARD, "waivers/acme.yaml": WATCHED}))
    root = project({"tenants/acme.yaml": UNHEARD, "waivers/acme.yaml": f"# moved\n\n{WATCHED}"})
    assert [row[3] for row in list_lifted(root, "HEAD")] == [False]


def test_a_new_waiver_is_told_though_it_lifts_nothing_yet(project):
    commit(project())
    root = project({"waivers/acme.yaml": SPEND})
    assert list_lifted(root, "HEAD") == [("acme", "spend-trigger", "mandatory", True, ())]


def test_a_waiver_of_a_state_rule_is_listed_while_it_is_valid(project):
    assert list_lifted(project({"waivers/acme.yaml": AGE})) == [("acme", "key-age", "advisory", None, ())]
    assert list_lifted(project({"waivers/acme.yaml": AGE.replace("2027", "2020")})) == []


def test_a_run_for_some_tenants_tells_theirs(project):
    files = {"tenants/acme.yaml": UNHEARD, "tenants/birch.yaml": UNHEARD.replace("acme", "birch")}
    root = project({**files, "waivers/acme.yaml": WATCHED, "waivers/birch.yaml": WATCHED})
    assert [row[0] for row in list_lifted(root)] == ["acme", "birch"]
    assert [row[0] for row in list_lifted(root, focus=frozenset({"birch"}))] == ["birch"]


def test_a_project_without_policies_has_no_waivers_to_tell(project):
    assert (
        list_lifted(project({"policies/config.yaml": None, "tenants/acme.yaml": UNHEARD, "waivers/acme.yaml": WATCHED}))
        == []
    )


def test_a_commit_that_git_does_not_know_is_an_error(project):
    root = project({"tenants/acme.yaml": UNHEARD, "waivers/acme.yaml": WATCHED})
    commit(root)
    with pytest.raises(GitError, match="git does not know a commit 'nosuch' here"):
        list_lifted(root, "nosuch")


def test_a_line_says_who_what_how_long_why_and_what_is_broken(project):
    commit(project({"tenants/acme.yaml": UNHEARD}))
    root = project({"tenants/acme.yaml": UNHEARD, "waivers/acme.yaml": WATCHED.replace("a pilot", '"a\\npilot"')})
    assert list(list_waived(report_waivers(find_lifted(root, load(root), TODAY, since="HEAD")))) == [
        r"NEW: acme: watched-errors (advisory) is waived until 2027-01-31 by ana@owl.example: a\npilot; "
        "debugger_webhook: nobody is notified of errors (waivers/acme.yaml:1)"
    ]


def test_of_very_many_the_first_are_told(project):
    root = project({"tenants/acme.yaml": UNHEARD, "waivers/acme.yaml": WATCHED})
    [item] = report_waivers(find_lifted(root, load(root), TODAY))
    lines = list(list_waived([item] * (MOST + 7)))
    assert len(lines) == MOST + 1
    assert lines[-1] == "and 7 more: `tenantry validate --waivers` lists them"
