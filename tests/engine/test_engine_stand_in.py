"""A Python language host, driven by the real CLI: the stand-in, and Pulumi's own where it is there."""

import json
from pathlib import Path

import pytest
from tiny_projects import tiny, warm_tiny

from tenantry.engine.events.event import Diagnostic, PolicyViolation
from tenantry.engine.events.plan import plan_of
from tenantry.engine.run.command import CommandError, export_state, preview, run_plain, up

PACK = """\
import pulumi
from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy

def small(args, report):
    if args.resource_type.endswith(":Thing") and args.props["size"] != "1":
        report(f"too large for {pulumi.get_stack()} of {pulumi.get_project()}")

PolicyPack("tiny-pack", policies=[ResourceValidationPolicy(
    name="small", description="Things are small.", validate=small, enforcement_level=EnforcementLevel.MANDATORY)])
"""


PRINTS_CONFIG = """\
import pulumi
pulumi.export("word", pulumi.Config().get("word"))
pulumi.export("is_secret", pulumi.runtime.is_config_secret("tiny:word"))
"""


@pytest.fixture(scope="module", params=["stand-in", "Pulumi's own"])
def engine(request, installed_stand_in, own_host):
    chosen = installed_stand_in if request.param == "stand-in" else own_host
    if chosen is None:
        pytest.skip("this machine has no Python language host of Pulumi's own")
    return chosen


@pytest.fixture(scope="module")
def tiny_project(tmp_path_factory, engine):
    """A project whose language host starts cold, and forks of a nursery are what the host starts."""
    return warm_tiny(tmp_path_factory.mktemp("tiny"), engine)


@pytest.fixture
def policy_pack(tmp_path: Path) -> Path:
    (tmp_path / "PulumiPolicy.yaml").write_text("runtime: python\n")
    (tmp_path / "__main__.py").write_text(PACK)
    return tmp_path


def test_a_program_is_previewed_applied_and_destroyed(tmp_path, engine):
    project = tiny(tmp_path, engine).project  # cold, as users have it
    planned = {step.name for step in plan_of(preview(project).events).steps if step.slug}
    assert planned == {"acme", "acme/thing/0", "acme-2", "acme-2/thing/0"}
    assert up(project).exit_code == 0
    run_plain(project, "destroy", "--stack", project.stack, "--yes", "--skip-preview")
    assert export_state(project)["deployment"].get("resources", []) == []


def test_what_a_program_prints_is_passed_through(tiny_project):
    messages = [event.message for event in preview(tiny_project.project).events if isinstance(event, Diagnostic)]
    assert "hello from the program" in messages


def test_a_program_that_raises_shows_its_traceback_once_and_nothing_else(tiny_project):
    run = preview(tiny_project.where(TINY_PROGRAM="raises"))
    assert run.exit_code == 1
    [error] = run.errors
    assert error.message.endswith("ImportError: no such thing")


def test_a_program_that_exits_is_reported_with_its_exit_code(tiny_project):
    run = preview(tiny_project.where(TINY_PROGRAM="exits"))
    assert run.exit_code == 1
    assert any("program exited with non-zero exit code: 3" in error.message for error in run.errors)


def test_config_and_its_secrets_reach_the_program(tiny_project):
    project = tiny_project.project
    program = project.folder / "__main__.py"
    original = program.read_text()
    run_plain(project, "config", "set", "--secret", "word", "swordfish", "--stack", project.stack)
    program.write_text(PRINTS_CONFIG)
    try:
        assert up(project).exit_code == 0
        outputs = json.loads(run_plain(project, "stack", "output", "--stack", project.stack, "--json"))
    finally:
        program.write_text(original)
    assert outputs == {"word": "swordfish", "is_secret": True}


def test_a_policy_pack_runs_and_a_mandatory_violation_stops_the_preview(tiny_project, policy_pack):
    run = preview(tiny_project.where(TINY_SIZE="2", TINY_TENANTS="acme"), policy_packs=[policy_pack])
    violations = [event for event in run.events if isinstance(event, PolicyViolation)]
    assert run.exit_code != 0
    assert [(violation.policy, violation.level) for violation in violations] == [("small", "mandatory")]
    assert "too large for dev of tiny" in violations[0].message


def test_a_policy_pack_that_does_not_start_stops_the_preview(tiny_project, policy_pack):
    (policy_pack / "__main__.py").write_text("raise SystemExit('the pack is broken')\n")
    with pytest.raises(CommandError, match="the pack is broken"):
        preview(tiny_project.where(TINY_TENANTS="acme"), policy_packs=[policy_pack])


def test_about_says_which_host_runs_the_program(tiny_project, installed_stand_in):
    project = tiny_project.project
    is_ours = project.engine == installed_stand_in
    assert ("Tenantry's stand-in" in run_plain(project, "about")) == is_ours
