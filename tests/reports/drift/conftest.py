"""A world of tenants for each test of the drift report."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from drift_world import World

from tenantry.fake.server import FakeTwilio


@pytest.fixture
def fake() -> Iterator[FakeTwilio]:
    with FakeTwilio() as fake:
        yield fake


@pytest.fixture
def world(tmp_path: Path, fake: FakeTwilio) -> World:
    return World(tmp_path, fake)


@pytest.fixture
def acme(world: World) -> World:
    """The tenants acme and acme-2, both applied whole."""
    world.write("acme")
    world.write("acme-2")
    world.apply()
    return world
