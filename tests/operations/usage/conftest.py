"""A world of tenants with usage for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from usage_world import World

from faketwilio.server import FakeTwilio


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with FakeTwilio() as fake:
        yield World(tmp_path, fake)


@pytest.fixture
def acme(world: World) -> str:
    """The account of the tenant acme."""
    return str(world.tenant("acme"))
