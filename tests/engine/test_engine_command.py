"""Running Pulumi: what a run is given, and how it is stopped."""

import os
import signal
import threading
from pathlib import Path

import pytest

from tenantry.engine.install.find import Engine
from tenantry.engine.run.command import CommandError, Project, export_state, preview, run_plain, up


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_up_finishes_what_it_has_begun(tiny_project, tmp_path, number):
    reached, release = tmp_path / "reached", tmp_path / "release"
    os.mkfifo(reached)
    os.mkfifo(release)
    slug = f"interrupted-{int(number)}"

    def interrupt_in_the_middle() -> None:
        reached.read_text()
        os.kill(os.getpid(), number)
        release.write_text("go on")

    thread = threading.Thread(target=interrupt_in_the_middle)
    thread.start()
    run = up(tiny_project.where(TINY_TENANTS=slug, TINY_REACHED=str(reached), TINY_RELEASE=str(release)))
    thread.join()
    assert run.interrupted
    urns = [resource["urn"] for resource in export_state(tiny_project.project)["deployment"]["resources"]]
    assert any(urn.endswith(f"::{slug}/thing/0") for urn in urns)


def test_an_error_never_holds_what_an_export_with_secrets_had_printed(tmp_path):
    pulumi = tmp_path / "pulumi"
    pulumi.write_text("#!/bin/sh\necho hush\nexit 1\n")
    pulumi.chmod(0o700)
    project = Project(tmp_path, "dev", Engine(pulumi, "v3.259.0", "PATH"), {})
    with pytest.raises(CommandError, match="failed with exit code 1: it said nothing"):
        export_state(project, show_secrets=True)
    with pytest.raises(CommandError, match="failed with exit code 1: hush"):
        run_plain(project, "stack", "ls")


def test_a_database_without_a_free_connection_is_no_riddle(tmp_path):
    pulumi = tmp_path / "pulumi"
    complaint = "error: could not list bucket: pq: sorry, too many clients already (53300)"
    pulumi.write_text(f"#!/bin/sh\necho '{complaint}' >&2\nexit 1\n")
    pulumi.chmod(0o700)
    with pytest.raises(CommandError, match=r"already \(53300\)\nPostgreSQL had no connection left .* run it again"):
        export_state(Project(tmp_path, "dev", Engine(pulumi, "v3.259.0", "PATH"), {}))


def test_a_run_that_nobody_stops_is_told_that_time_passes(tiny_project):
    idle: list[None] = []
    run = up(tiny_project.where(TINY_TENANTS="acme"), on_idle=lambda: idle.append(None))
    assert idle
    assert not run.interrupted


TALK = """#!/bin/sh
while [ "$1" != --event-log ]; do shift; done
echo '{"diagnosticEvent":{"message":"No module named nonsuch","severity":"info#err"}}' >"$2"
echo 'Loading policy packs...'
echo 'error: the policy pack ended before it could be asked'
exit 1
"""


def test_a_policy_pack_that_fails_to_load_is_reported_in_its_words(tmp_path):
    pulumi = tmp_path / "pulumi"
    pulumi.write_text(TALK)
    pulumi.chmod(0o700)
    with pytest.raises(CommandError) as raised:
        preview(Project(tmp_path, "dev", Engine(pulumi, "v3.259.0", "PATH"), {}), policy_packs=[Path("policies")])
    assert str(raised.value) == (
        f"`pulumi preview --policy-pack policies` in {tmp_path} failed with exit code 1: No module named nonsuch\n"
        "error: the policy pack ended before it could be asked"
    )


UNWRITTEN = """#!/bin/sh
while [ "$1" != --event-log ]; do shift; done
echo '{"summaryEvent":{"resourceChanges":{"create":1},"durationSeconds":1}}' >"$2"
echo 'error: writing snapshot: no space left on device'
exit 255
"""


def test_a_state_that_was_not_written_is_an_error_of_the_run(tmp_path):
    pulumi = tmp_path / "pulumi"
    pulumi.write_text(UNWRITTEN)
    pulumi.chmod(0o700)
    run = up(Project(tmp_path, "dev", Engine(pulumi, "v3.259.0", "PATH"), {}))
    assert [error.message for error in run.errors] == ["writing snapshot: no space left on device"]
