"""A fleet that people made by hand, in a fake of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from importing_world import Fleet

from faketwilio.server import FakeTwilio
from faketwilio.store.store import Store


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[Fleet]:
    with FakeTwilio(Store(seed=1)) as fake:  # accounts of one second are sorted by SID
        yield Fleet(tmp_path / "project", fake)
