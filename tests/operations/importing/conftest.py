"""A fleet that people made by hand, in a fake of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from importing_world import Fleet

from faketwilio.server import FakeTwilio


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[Fleet]:
    with FakeTwilio() as fake:
        yield Fleet(tmp_path / "project", fake)
