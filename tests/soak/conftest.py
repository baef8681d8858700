"""A stock of plugin processes and two Twilios for all histories."""

from collections.abc import Callable, Iterator

import pytest
from provider_nursery import Nursery
from soak_world import World

from faketwilio.server import FakeTwilio


@pytest.fixture(scope="module")
def new_world() -> Iterator[Callable[[], World]]:
    """`new_world()` begins with two empty Twilios; only one world lives at a time."""
    nursery = Nursery()
    with FakeTwilio() as fake, FakeTwilio() as fresh:
        yield lambda: World(nursery, fake, fresh)
    nursery.end()


@pytest.fixture
def world(new_world: Callable[[], World]) -> Iterator[World]:
    world = new_world()
    yield world
    world.end()
