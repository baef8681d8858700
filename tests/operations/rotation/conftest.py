"""A world of rotating keys for each test."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import PIPE, Popen

import pytest
from drift_world import settle_requests
from rotation_world import ROTATED, RotationWorld

from faketwilio.server import FakeTwilio

PROGRAM = Path(__file__).parents[1] / "rotation_run.py"


@pytest.fixture(scope="session")
def runner() -> Iterator[Popen[str]]:
    """A process that forks for each run, so that none of them imports anything."""
    places = [str(PROGRAM.parent), os.environ.get("PYTHONPATH", "")]
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, places))}
    with Popen([sys.executable, str(PROGRAM)], env=environ, stdin=PIPE, stdout=PIPE, text=True) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


@pytest.fixture
def rotation(tmp_path: Path, running_fake: FakeTwilio) -> RotationWorld:
    """One tenant, acme, whose key web was made, delivered, and is not due yet."""
    settle_requests(running_fake)
    running_fake.store.reset()
    world = RotationWorld(tmp_path, running_fake)
    world.write("acme", ROTATED)
    world.up()
    return world
