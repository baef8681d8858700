"""A world of tenants with usage for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from usage_world import NOW, World

from faketwilio.server import FakeTwilio
from faketwilio.store.clock import Clock
from faketwilio.store.store import Store


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with FakeTwilio(Store(seed=7, clock=Clock(NOW.timestamp))) as fake:
        yield World(tmp_path, fake)


@pytest.fixture
def acme(world: World) -> str:
    """The account of the tenant acme."""
    return str(world.tenant("acme"))
