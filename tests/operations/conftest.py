"""A world of tenants for each test of the drift report."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from drift_world import World, settle_requests

from faketwilio.server import FakeTwilio


@pytest.fixture(scope="session")
def running_fake() -> Iterator[FakeTwilio]:
    with FakeTwilio() as fake:
        yield fake


@pytest.fixture
def world(tmp_path: Path, running_fake: FakeTwilio) -> World:
    """Manifests to be written, and a Twilio in which there is nothing."""
    settle_requests(running_fake)
    running_fake.store.reset()
    return World(tmp_path, running_fake)


@pytest.fixture
def acme(world: World) -> World:
    """The tenants acme and acme-2, both applied whole."""
    world.write("acme")
    world.write("acme-2")
    world.apply()
    return world
