"""Tenants with messages, errors, keys and sinks at a fake whose clock stands still."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from health_world import NOW, HealthWorld

from faketwilio.server import FakeTwilio
from faketwilio.store.clock import Clock
from faketwilio.store.store import Store


@pytest.fixture
def world(tmp_path: Path) -> Iterator[HealthWorld]:
    with FakeTwilio(Store(seed=7, clock=Clock(NOW.timestamp))) as fake:
        yield HealthWorld(tmp_path, fake)
