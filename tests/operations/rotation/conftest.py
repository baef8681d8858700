"""A world of rotating keys for each test."""

from pathlib import Path

import pytest
from drift_world import settle_requests
from rotation_world import ROTATED, RotationWorld

from faketwilio.server import FakeTwilio


@pytest.fixture
def rotation(tmp_path: Path, running_fake: FakeTwilio) -> RotationWorld:
    """One tenant, acme, whose key web was made, delivered, and is not due yet."""
    settle_requests(running_fake)
    running_fake.store.reset()
    world = RotationWorld(tmp_path, running_fake)
    world.write("acme", ROTATED)
    world.up()
    return world
