"""Where a focused preview reads a copy of the state, and where the whole."""

import json
import os
import signal
import threading
from pathlib import Path

import pytest
from test_engine_part_of_state import BASE, tenant

from tenantry.engine.events.event import ResourcePre, Summary
from tenantry.engine.install.find import Engine
from tenantry.engine.install.versions import PINNED
from tenantry.engine.run.command import Project, preview
from tenantry.engine.run.partial_backend import WHOLE_VARIABLE, PartialBackend, partial_backend, with_whole_backend
from tenantry.model.recorded import TOKENS

LATEST = {"resources": [*BASE, *tenant("acme"), *tenant("birch")]}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a backend of files and a stack with two tenants."""
    (tmp_path / "Pulumi.yaml").write_text("name: owl\n")
    (tmp_path / "__main__.py").write_text("import pulumi\n")
    (tmp_path / ".pulumi/stacks/owl").mkdir(parents=True)
    (tmp_path / ".pulumi/meta.yaml").write_text("version: 1\n")
    write_state(tmp_path)
    return tmp_path


def write_state(project: Path, **latest) -> None:
    checkpoint = {"stack": "organization/owl/dev", "latest": {**LATEST, **latest}}
    (project / ".pulumi/stacks/owl/dev.json").write_text(json.dumps({"version": 3, "checkpoint": checkpoint}))


def count_omitted(project: Path, **variables: str) -> int | None:
    """Return how many resources a preview of acme does not read; None where it reads the whole state."""
    environ = {"PULUMI_BACKEND_URL": project.as_uri(), **variables}
    with partial_backend(environ, project, "dev", PINNED, ["acme"]) as part:
        return len(part.omitted) if part else None


def test_a_preview_of_one_tenant_does_not_read_the_other(project):
    assert count_omitted(project) == 3


@pytest.mark.parametrize("name", ["TENANTRY_WHOLE_STATE", "PULUMI_OPTION_REPLACE", "PULUMI_OPTION_TARGET_DEPENDENTS"])
def test_a_user_may_ask_for_more_than_the_copy_has(project, name):
    assert count_omitted(project, **{name: "1"}) is None


@pytest.mark.parametrize(
    "code",
    [
        "opts = ResourceOptions(aliases=[old])",
        "Alias(name='birch')",
        "pulumi.StackReference('net')",
        "os.system('pulumi')",
        "from pulumi import automation",
        "subprocess.run(command)",
    ],
)
def test_code_that_may_need_others_reads_all(project, code):
    (project / "components").mkdir()
    (project / "components" / "tenant.py").write_text(code)
    assert count_omitted(project) is None


def test_code_of_a_virtual_environment_is_not_the_projects(project):
    (project / "env").mkdir()
    (project / "env" / "pyvenv.cfg").touch()
    (project / "env" / "module.py").write_text("aliases = []")
    assert count_omitted(project) == 3


def test_code_in_a_linked_folder_reads_all(project, tmp_path_factory):
    (project / "components").symlink_to(tmp_path_factory.mktemp("elsewhere"))
    assert count_omitted(project) is None


@pytest.mark.parametrize(
    "latest",
    [
        {"pending_operations": [{"type": "creating", "resource": tenant("birch")[2]}]},
        {"metadata": {"integrity_error": {"command": "up"}}},
        {"resources": [*BASE, *tenant("acme")]},
        {"resources": [{"no": "urn"}]},
    ],
)
def test_a_state_of_which_nothing_can_be_omitted_is_read_whole(project, latest):
    write_state(project, **latest)
    assert count_omitted(project) is None


def test_a_preview_is_completed_before_its_end():
    part = PartialBackend({}, tuple(tenant("birch")))
    first, end = ResourcePre("create", "urn", "type", "acme"), Summary({"create": 1, "same": 2}, 3, "succeeded")
    completed = part.complete((first, end), part.list_reports())
    assert completed[0] == first
    assert [event.op for event in completed[1:-1]] == ["same"] * 6
    assert completed[-1] == Summary({"create": 1, "same": 5}, 3, "succeeded")


def test_an_entry_of_another_form_can_not_be_reported():
    entry = {**tenant("birch")[1], "type": f"{TOKENS}ApiKey", "outputs": [1]}
    assert PartialBackend({}, (entry,)).list_reports() is None


def test_a_plugin_finds_the_whole_stack():
    environ = {"PULUMI_BACKEND_URL": "file:///part", WHOLE_VARIABLE: "file:///whole"}
    assert with_whole_backend(environ)["PULUMI_BACKEND_URL"] == "file:///whole"
    assert with_whole_backend({"PULUMI_BACKEND_URL": "file:///whole"}) == {"PULUMI_BACKEND_URL": "file:///whole"}


PULUMI = """#!/bin/sh
while [ "$1" != --event-log ]; do shift; done
echo begun >>"$BEGUN"
trap 'echo "{\\"cancelEvent\\":{}}" >>"$2"; exit 255' INT
echo '{"resourcePreEvent":{"metadata":{"op":"same","urn":"urn:pulumi:dev::owl::t::acme","type":"t"}}}' >"$2"
echo reached >"$REACHED"
while :; do read -r _ <"$RELEASE"; done
"""


def test_an_interrupted_preview_with_a_part_is_not_begun_again(project):
    pulumi, begun, reached, release = (project / name for name in ("pulumi", "begun", "reached", "release"))
    pulumi.write_text(PULUMI)
    pulumi.chmod(0o700)
    os.mkfifo(reached)
    os.mkfifo(release)
    write_state(project, resources=[*LATEST["resources"], {**tenant("cedar")[1], "outputs": [1]}])
    variables = {"BEGUN": str(begun), "REACHED": str(reached), "RELEASE": str(release)}
    environ = {**os.environ, "PULUMI_BACKEND_URL": project.as_uri(), **variables}

    def interrupt_once_reached() -> None:
        reached.read_text()
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt_once_reached)
    thread.start()
    run = preview(Project(project, "dev", Engine(pulumi, PINNED, "PATH"), environ), slugs=["acme"])
    thread.join()
    assert run.interrupted
    assert begun.read_text() == "begun\n"
