"""An `up` does what its preview showed and nothing else, whatever changes while somebody reads it."""

import shutil
from collections.abc import Callable

import pytest
from e2e_project import ROOT, WHOLE, Project
from test_e2e_terminal import up_at_a_terminal

from tenantry.engine.state.unfinished import KEPT

CHANGED = WHOLE.replace("/usage", "/other")
UP = ("up", "--yes", "--skip-preview")
NOTHING_BEGUN = "Nothing was begun. Run again, which shows what would be done now."


def edit_a_manifest(project: Project) -> str:
    project.write("acme-2", "")
    return "tenants/acme-2.yaml"


def add_a_layer(project: Project) -> str:
    (project.folder / "defaults.yaml").write_text("api_keys: {late: {access: standard}}\n")
    return "defaults.yaml"


def edit_the_component(project: Project) -> str:
    file = project.folder / "components" / "tenant.py"
    file.write_text(f"{file.read_text()}\n# another line\n")
    return "components/tenant.py"


def edit_the_settings_of_the_stack(project: Project) -> str:
    file = project.folder / "Pulumi.dev.yaml"
    file.write_text(f"{file.read_text()}config: {{tenantry:some: value}}\n")
    return "Pulumi.dev.yaml"


def let_another_clone_run(project: Project) -> set[str]:
    (project.folder / "tenants" / "acme-2.yaml").rename(project.folder / "kept")
    project.write("acme-2", CHANGED)
    assert project.pulumi(*UP).code == 0
    project.write("acme-2", "")
    (project.folder / "kept").rename(project.folder / "tenants" / "acme-2.yaml")
    return {"the stack's state, which another run has written"}


def edit_everything_that_a_run_is_made_from(project: Project) -> set[str]:
    edits = (edit_a_manifest, add_a_layer, edit_the_component, edit_the_settings_of_the_stack)
    return {edit(project) for edit in edits}


@pytest.mark.parametrize("meanwhile", [edit_everything_that_a_run_is_made_from, let_another_clone_run])
def test_a_change_during_confirmation_is_named_and_nothing_begins(
    stack_project: Project, meanwhile: Callable[[Project], set[str]]
):
    stack_project.write("acme", CHANGED)
    changed: set[str] = set()

    def change() -> None:
        changed.update(meanwhile(stack_project))
        stack_project.requests()

    code, shown = up_at_a_terminal(stack_project, "y", change)
    text = " ".join(shown.split())
    assert code == 1, shown
    _, _, named = text.partition("Changed since this was planned: ")
    named, _, rest = named.partition(f". {NOTHING_BEGUN}")
    assert (set(named.split("; ")), rest) == (changed, ""), shown
    assert stack_project.writes() == []


def test_notes_that_are_written_meanwhile_stop_nothing(stack_project):
    stack_project.write("acme", CHANGED)
    code, shown = up_at_a_terminal(
        stack_project, "y", lambda: (stack_project.folder / "up.log").write_text("looked at it\n")
    )
    assert code == 0, shown
    assert "Done: 1 updated" in shown


def test_a_manifest_changed_after_the_last_comparison_stops_the_run(stack_project):
    stack_project.write("acme", CHANGED)
    (stack_project.folder / "other").write_text("tenant: acme-2\nname: Two\n")
    after_the_last_comparison(stack_project, f"cp other {stack_project.manifest('acme-2')}")
    done = stack_project.tenantry("up", "--yes", "--max-deletes", "0")
    assert done.code == 1, done.output
    assert "Changed since the preview of this run: the manifest of acme-2." in " ".join(done.output.split())
    assert stack_project.writes() == []


def test_a_state_changed_after_the_last_comparison_deletes_nothing_unshown(stack_project):
    # The other clone's run has made a key of which this project's manifests know nothing.
    stack_project.write("acme", WHOLE.replace("api_keys:\n", "api_keys:\n  late: {access: standard}\n"))
    assert stack_project.pulumi(*UP).code == 0
    (stack_project.folder / "later.json").write_text(stack_project.pulumi("stack", "export").output)
    stack_project.write("acme", WHOLE)
    assert stack_project.pulumi(*UP).code == 0
    recreate = {
        "create": "api_key",
        "account": stack_project.account("acme")["sid"],
        "fields": {"friendly_name": "late#1"},
    }
    stack_project.console(recreate)
    stack_project.write("acme", CHANGED)
    held = keys(stack_project)
    after_the_last_comparison(stack_project, "$REAL stack import --file later.json --stack dev")
    done = stack_project.tenantry("up", "--yes", "--max-deletes", "0")
    output = " ".join(done.output.split())
    assert done.code == 1, done.output
    assert "the preview of this run did not show it, so something has changed since. It was not done." in output
    assert keys(stack_project) == held
    assert stack_project.account("acme")["usage_triggers"][0]["callback_url"].endswith("/other")


def test_policies_are_asked_without_a_word_and_can_be_left_out(stack_project):
    shutil.copytree(ROOT / "policies", stack_project.folder / "policies")
    stack_project.write("acme", CHANGED)
    asked = stack_project.tenantry("up", "--yes")
    assert asked.code == 1, asked.output
    assert "policy spend-trigger (mandatory): acme" in asked.output
    assert stack_project.writes() == []
    left_out = stack_project.tenantry("preview", "--no-policies")
    assert left_out.code == 2, left_out.output
    assert "Policies: not asked, for --no-policies was given." in left_out.output


def test_a_refresh_that_fails_for_two_tenants_serves_the_others(new_project):
    project = new_project(dict.fromkeys(("acme", "birch", "cedar"), WHOLE))
    assert project.pulumi(*UP).code == 0
    refused = {slug: project.account(slug)["sid"] for slug in ("acme", "birch")}
    project.write("cedar", CHANGED)
    for sid in refused.values():
        project.fault(mode="error", status=403, code=20003, message="no", method="GET", path_contains=sid, times=None)
    shown = project.tenantry("preview", "--refresh")
    assert shown.code == 1, shown.output
    assert "Without acme, birch: they could not be read, and an `up` leaves them out too." in shown.output
    assert "1 to update" in shown.output

    done = project.tenantry("up", "--yes", "--refresh")
    assert done.code == 1, done.output
    assert "Failed: acme, birch. Done: 1 updated; 1 tenant." in done.output
    assert project.account("cedar")["usage_triggers"][0]["callback_url"].endswith("/other")
    assert "tenantry:unfinished" not in project.pulumi("stack", "tag", "ls").output


def test_any_name_of_a_stack_leads_to_its_settings(new_project):
    settings = "format: 1\nstacks:\n  dev: {tenants: of-dev, webhooks: https://dev.owl.example}\n"
    project = new_project({}, settings=settings)
    (project.folder / "of-dev").mkdir()
    (project.folder / "of-dev" / "acme.yaml").write_text(f"tenant: acme\nname: Acme\n{WHOLE}")
    whole = "organization/tenantry/dev"
    named = project.tenantry("preview", "--stack", whole)
    assert (named.code, "https://dev.owl.example/usage" in named.output) == (2, True), named.output
    chosen = project.tenantry("preview", PULUMI_STACK=whole)
    assert (chosen.code, chosen.output) == (2, named.output)


def test_a_renamed_stack_warns_that_its_last_runs_end_is_unknown(stack_project):
    assert stack_project.pulumi("stack", "tag", "rm", KEPT).code == 0
    stack_project.write("acme", CHANGED)
    first = stack_project.tenantry("up", "--yes")
    assert (first.code, "no record of how its last run ended" in " ".join(first.output.split())) == (0, True)
    quiet = stack_project.tenantry("up", "--yes")
    assert "no record of how its last run ended" not in " ".join(quiet.output.split())
    assert stack_project.pulumi("stack", "rename", "new", "--stack", "dev").code == 0
    run = stack_project.tenantry("up", "--yes", "--stack", "new")
    assert "stack new has resources, but no record of how its last run ended" in " ".join(run.output.split())


def after_the_last_comparison(project: Project, command: str) -> None:
    """Put a script before Pulumi that runs a command when `pulumi up` begins, as late as anybody can come between."""
    folder = project.folder / ".before"
    folder.mkdir()
    real = project.engine.binary
    script = folder / "pulumi"
    script.write_text(
        f'#!/bin/sh\nREAL={real}\nif [ "$1" = up ]; then {command} >/dev/null || exit 99; fi\nexec $REAL "$@"\n'
    )
    script.chmod(0o755)
    environ = dict(project.environ)
    environ["PATH"] = f"{folder}:{environ['PATH']}"
    object.__setattr__(project, "environ", environ)


def keys(project: Project) -> set[str]:
    return {key["sid"] for key in project.account("acme")["api_keys"]}
