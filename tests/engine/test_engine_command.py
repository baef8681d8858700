"""Running Pulumi: what a run is given, and how it is stopped."""

import os
import signal
import threading

import pytest

from tenantry.engine.command import export_state, up


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
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


def test_a_run_that_nobody_stopped_is_not_interrupted(tiny_project):
    assert not up(tiny_project.where(TINY_TENANTS="acme")).interrupted
