"""A world of tenants with records for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from retention_world import RetentionWorld, Time

from faketwilio.server import FakeTwilio
from faketwilio.store.clock import Clock
from faketwilio.store.store import Store


@pytest.fixture
def world(tmp_path: Path) -> Iterator[RetentionWorld]:
    time = Time()
    with FakeTwilio(Store(seed=7, clock=Clock(time.timestamp))) as fake:
        yield RetentionWorld(tmp_path, fake, time)
