"""A focused preview is the full one, restricted; what changed is found by git; and what Twilio was asked is told."""

import random
import re
import subprocess
from collections.abc import Callable

import pytest
from e2e_layers import Layered
from e2e_project import WHOLE, Project, paths

from tenantry.engine.events.changes import Change
from tenantry.engine.events.plan import Plan, Step, plan_of
from tenantry.engine.run import command
from tenantry.manifest.changed import changed_since
from tenantry.manifest.load import load

GIT = ("git", "-c", "user.name=Ana", "-c", "user.email=ana@owl.example", "-c", "commit.gpgsign=false")
ROUNDS = 4
KEY = "  web: {access: standard}\n"

Steps = set[tuple[str, str, str | None, tuple[Change, ...]]]


def git(project: Project, *arguments: str) -> None:
    subprocess.run([*GIT, *arguments], cwd=project.folder, check=True, capture_output=True)


def commit(project: Project) -> None:
    git(project, "init", "-q")
    (project.folder / ".gitignore").write_text("backend\n.venv\n__pycache__\n")
    git(project, "add", "-A")
    git(project, "commit", "-q", "--allow-empty", "-m", "x")


def steps(plan: Plan) -> Steps:
    return {(step.op, step.name, step.slug, step.changes) for step in plan.steps}


def move_to_a_plan(project: Project) -> None:
    (project.folder / "plans").mkdir()
    (project.folder / "plans" / "small.yaml").write_text(f"api_keys:\n{KEY}")
    project.write("acme", f"plan: small\n{WHOLE.replace(KEY, '')}")


def change_the_plan_and_another_tenant(project: Project) -> None:
    (project.folder / "plans" / "small.yaml").write_text("api_keys:\n  batch: {access: standard}\n")
    project.write("acme", f"plan: small\n{WHOLE.replace(KEY, '').replace('1000', '2000')}")
    project.write("birch", "plan: small\n")


EDITS: tuple[tuple[Callable[[Project], None], frozenset[str]], ...] = (
    (move_to_a_plan, frozenset()),
    (change_the_plan_and_another_tenant, frozenset({"acme", "birch"})),
)
"""Edits, one upon the other, and the tenants that then differ from what is committed and applied."""


def test_a_focused_preview_of_changes_misses_nothing(stack_project):
    commit(stack_project)
    project = command.Project(stack_project.folder, "dev", stack_project.engine, stack_project.environ)
    for edit, differing in EDITS:
        edit(stack_project)
        selected = changed_since(stack_project.folder, load(stack_project.folder, "dev"), "HEAD").slugs
        # A tenant that moved to a plan that says the same has another manifest, and no other resources.
        assert selected == differing | {"acme"}
        full = plan_of(command.preview(project).events)
        focused = plan_of(command.preview(project, slugs=selected).events)
        assert steps(focused) == {step for step in steps(full) if step[2] is None or step[2] in selected}
        assert steps(focused) == steps(full)
        assert {slug for _, _, slug, _ in steps(full) if slug} == differing


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(25))
def test_after_random_edits_each_focused_preview_misses_nothing(new_project, seed):
    created = new_project({})
    dice = random.Random(seed)
    layered = Layered(created, dice)
    commit(created)
    project = command.Project(created.folder, "dev", created.engine, created.environ)
    assert command.up(project).exit_code == 0
    for _ in range(ROUNDS):
        edits = [layered.edit() for _ in range(dice.randint(1, 3))]
        selected = changed_since(created.folder, load(created.folder, "dev"), "HEAD").slugs
        assert selected is not None
        full = plan_of(command.preview(project).events)
        assert (full.errors, {step.slug for step in full.steps} - {None} <= selected) == ((), True), edits
        for slugs in (selected, layered.some()):
            focused = plan_of(command.preview(project, slugs=slugs).events, slugs)
            assert both(focused) == both(full, slugs), (edits, slugs)
        if dice.random() < 0.5:
            assert command.up(project, slugs=selected).exit_code == 0
            assert plan_of(command.preview(project).events).steps == (), edits
            commit(created)


def both(plan: Plan, slugs: frozenset[str] | None = None) -> list[Step]:
    """Return the steps of a plan and what waits in it, of some tenants and of none, in an order of their own."""
    every = (*plan.steps, *plan.waiting)
    chosen = (step for step in every if slugs is None or step.slug is None or step.slug in slugs)
    return sorted(chosen, key=lambda step: (step.urn, step.op))


def test_a_run_for_what_changed_since_a_commit_leaves_all_others_alone(stack_project):
    stack_project.write("acme-2", WHOLE.replace("1000", "3000"))
    commit(stack_project)
    done = stack_project.tenantry("preview", "--changed-since", "HEAD")
    assert (done.code, done.output.splitlines()[1]) == (0, "Changed since HEAD: no tenant.")
    assert stack_project.tenantry("up", "--changed-since", "HEAD", "--yes").code == 0

    stack_project.write("acme", WHOLE.replace("/usage", "/other"))
    done = stack_project.tenantry("preview", "--changed-since", "HEAD")
    assert done.code == 2, done.output
    assert "\nChanged since HEAD: 1 of 2 tenants: acme.\n" in done.output
    assert paths(stack_project.requests()) == ["GET /2010-04-01/Accounts.json"]
    done = stack_project.tenantry("up", "--changed-since", "HEAD", "--yes")
    assert done.code == 0, done.output
    acme = stack_project.account("acme")
    trigger = acme["usage_triggers"][0]["sid"]
    asked = stack_project.requests()
    assert [path for path in paths(asked) if not path.startswith("GET")] == [
        f"POST /2010-04-01/Accounts/{acme['sid']}/Usage/Triggers/{trigger}.json"
    ]
    output = re.search(
        r"^Twilio: (\d+) requests? \(api\.twilio\.com (\d+)\), at most \d+ in flight,", done.output, re.M
    )
    assert output is not None, done.output
    assert set(output.groups()) == {str(len(asked))}

    done = stack_project.tenantry("preview", "--only", "acme,acme-2")
    assert done.code == 2, done.output
    stack_project.manifest("acme").unlink()
    done = stack_project.tenantry("preview", "--changed-since", "HEAD")
    assert done.code == 1
    assert "all tenants (1), because the manifest of acme is gone or renamed." in done.output
    assert "acme: the manifest is gone; put it back. A slug can't be renamed" in done.output
    done = stack_project.tenantry("preview", "--changed-since", "nowhere")
    assert (done.code, "git does not know a commit 'nowhere' here" in done.output) == (1, True)
