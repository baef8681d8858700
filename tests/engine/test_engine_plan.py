"""A preview as a value."""

import sys

import pytest
from conftest_engine import ends, processes_with

from tenantry.engine.events.changes import Change
from tenantry.engine.events.plan import plan_of
from tenantry.engine.events.urn import slug_of
from tenantry.engine.run.command import CommandError, Project, preview, up

COMPONENT = "urn:pulumi:dev::tenantry::tenantry:index:Tenant"


@pytest.mark.parametrize(
    ("urn", "slug"),
    [
        (f"{COMPONENT}::acme", "acme"),
        (f"{COMPONENT}$pulumi-python:dynamic/twilio:ApiKey::acme/api_key/web", "acme"),
        (f"{COMPONENT}$aws:s3/bucket:Bucket::acme-2/recordings", "acme-2"),
        ("urn:pulumi:dev::tenantry::pulumi-python:dynamic/twilio:Fleet::fleet", None),
        ("urn:pulumi:dev::tenantry::pulumi:pulumi:Stack::tenantry-dev", None),
    ],
)
def test_a_resource_belongs_to_the_tenant_of_its_component(urn, slug):
    assert slug_of(urn, urn.rpartition("::")[2]) == slug


@pytest.fixture(scope="module")
def applied_project(tiny_project):
    """The tiny project with its two tenants in the state."""
    assert up(tiny_project.project).exit_code == 0
    return tiny_project


def test_a_first_preview_creates(tiny_project):
    plan = plan_of(preview(tiny_project.where(TINY_TENANTS="birch")).events)
    thing = next(step for step in plan.steps if step.name == "birch/thing/0")
    assert (thing.op, thing.slug) == ("create", "birch")
    assert Change("size", "add", None, "1") in thing.changes


@pytest.fixture(scope="module")
def empty_preview(applied_project):
    """A preview that changes nothing, and the events as they were reported."""
    reported = []
    return preview(applied_project.project, on_event=reported.append), reported


def test_a_second_preview_is_empty(empty_preview):
    plan = plan_of(empty_preview[0].events)
    assert plan.is_empty
    assert plan.counts == {"same": 2}  # the stack and two components are only brackets


def test_an_update_says_what_changes(applied_project):
    plan = plan_of(preview(applied_project.where(TINY_SIZE="3")).events)
    assert {(step.op, step.slug, step.changes) for step in plan.steps} == {
        ("update", slug, (Change("size", "update", "1", "3"),)) for slug in ("acme", "acme-2")
    }


def test_a_deletion_is_named(applied_project):
    plan = plan_of(preview(applied_project.where(TINY_TENANTS="acme-2")).events)
    assert {step.name for step in plan.deletes} == {"acme/thing/0"}


def test_a_replacement_is_one_step(applied_project):
    plan = plan_of(preview(applied_project.where(TINY_RENAME="yes", TINY_TENANTS="acme")).events)
    [step] = plan.replacements
    assert (step.name, step.changes) == ("acme/thing/0", (Change("name", "update", "acme/thing/0", "renamed", False),))


def test_drift_is_what_a_refresh_found_and_the_step_puts_it_right(applied_project):
    plan = plan_of(preview(applied_project.where(TINY_LIVE_SIZE="99"), refresh=True).events)
    assert {step.changes for step in plan.drift} == {(Change("size", "update", "1", "99"),)}
    assert {step.changes for step in plan.steps} == {(Change("size", "update", "99", "1"),)}


def test_a_failing_preview_has_its_errors(applied_project):
    plan = plan_of(preview(applied_project.where(TINY_PROGRAM="raises")).events)
    assert [error.message.splitlines()[-1] for error in plan.errors] == ["ImportError: no such thing"]


def test_every_event_is_reported_as_it_comes(empty_preview):
    run, reported = empty_preview
    assert run.events == tuple(reported)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_reader_that_fails_ends_the_engine(applied_project, tmp_path):
    def fail(_event):
        assert processes_with(f"TINY_MARK={tmp_path}")
        raise KeyError("ours")

    with pytest.raises(KeyError):
        preview(applied_project.where(TINY_MARK=str(tmp_path)), on_event=fail)
    assert all(ends(process) for process in processes_with(f"TINY_MARK={tmp_path}"))


def test_a_stack_that_is_not_there_is_an_error_with_pulumis_words(applied_project):
    project = applied_project.project
    absent = Project(project.folder, "absent", project.engine, project.environ)
    with pytest.raises(CommandError, match=r"`pulumi preview` in .* failed with exit code 6: error: no stack named"):
        preview(absent)


def test_the_environment_of_a_project_is_never_shown(applied_project):
    assert "PULUMI_CONFIG_PASSPHRASE" not in repr(applied_project.project)
