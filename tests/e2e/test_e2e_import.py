"""The proof of an import, on the real engine: what people made by hand is taken over without one write at Twilio."""

from __future__ import annotations

from pathlib import Path

from e2e_backend import new_backend
from e2e_nursery import warm_environment
from e2e_project import Project, environment
from importing_world import Fleet, make_ugly

from faketwilio.server import FakeTwilio
from tenantry.engine.install.find import Engine
from tenantry.engine.install.toolchain import EMPTY_LOCK, LOCK

WAIVED = ("--waive", "--owner", "ana@owl.example", "--until", "2099-12-31")


def test_an_ugly_fleet_is_taken_over_without_one_write(tmp_path: Path, pulumi_engine: Engine, fake: FakeTwilio):
    fleet = Fleet(tmp_path / "project", fake)
    make_ugly(fleet)
    fleet.folder.mkdir()
    backend = new_backend(tmp_path / "backend")
    project = Project(fleet.folder, pulumi_engine, fake, backend, environment(backend, pulumi_engine, fake))

    fleet.switch(read_only=True)
    done = project.tenantry("import", *WAIVED)
    assert done.code == 2, done.output
    drift = project.tenantry("drift", "--without-state", "--stack", "production")
    assert drift.code == 0, drift.output

    (project.folder / "pyproject.toml").unlink()  # the environment of the tests stands in for that of `uv sync`
    (project.folder / ".venv").symlink_to(warm_environment())
    (project.folder / LOCK).write_text(EMPTY_LOCK)
    project.make_stack("production")
    observed = _import_observed(fleet, project)
    project.requests()
    done = project.tenantry("up", "--yes")
    assert done.code == 0, done.output
    assert project.writes() == []

    # What was observed alone is taken over by taking one line away, and that writes nothing either.
    observed.write_text(observed.read_text().replace("manage: observe\n", ""))
    promoted = project.tenantry("up", "--yes", "--only", observed.stem)
    assert (promoted.code, project.writes()) == (0, []), promoted.output
    assert "Done: 8 taken over, 1 updated; 1 tenant." in promoted.output

    clean = project.pulumi("preview", "--refresh", "--expect-no-changes")
    assert clean.code == 0, clean.output
    assert project.tenantry("drift").code == 0
    before = fleet.files()
    assert project.tenantry("import", *WAIVED).code == 0
    assert fleet.files() == before


def _import_observed(fleet: Fleet, project: Project) -> Path:
    """Bring in one customer more, to be observed alone; return its manifest."""
    fleet.customer("Oak Dental", "oak-dental")
    done = project.tenantry("import", "--only", "Oak Dental", "--observe", *WAIVED)
    assert done.code == 0, done.output
    return fleet.folder / "tenants" / "oak-dental.yaml"
