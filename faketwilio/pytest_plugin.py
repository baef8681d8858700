"""Fixtures for other people's tests, for whoever asks for them: `pytest -p faketwilio.pytest_plugin`.

Or, in the topmost conftest.py: `pytest_plugins = ["faketwilio.pytest_plugin"]`. docs/fake.md has examples.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

try:
    from faketwilio.server import FakeTwilio
    from faketwilio.store.behaviour import Behaviour, behaviour_of
    from faketwilio.store.store import Store
except ModuleNotFoundError as error:
    raise pytest.UsageError('the fake Twilio needs its own extra: pip install "tenantry[fake]"') from error
if TYPE_CHECKING:
    from twilio.rest import Client

MARK = "fake_twilio"
SEED = 1


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the command line's options; pytest.ini has the same by `fake_twilio_seed` and `fake_twilio_behaviour`."""
    group = parser.getgroup("fake Twilio")
    group.addoption("--fake-twilio-seed", type=int, metavar="N", help=f"the same SIDs in each test; default {SEED}")
    group.addoption(
        "--fake-twilio-behaviour",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="set a switch of the fake; can be repeated",
    )
    parser.addini("fake_twilio_seed", "the same SIDs in each test", default=str(SEED))
    parser.addini("fake_twilio_behaviour", "switches of the fake, NAME=VALUE a line", type="linelist", default=[])


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, and refuse a switch that there is not before any test runs."""
    config.addinivalue_line(
        "markers", f"{MARK}(seed=1, latency_ms=0, **behaviour): how this test's fake Twilio starts; see docs/fake.md"
    )
    try:
        _read_settings(config)
    except ValueError as error:
        raise pytest.UsageError(f"the fake Twilio can't start so: {error}") from error


@pytest.fixture
def fake_twilio(request: pytest.FixtureRequest) -> Iterator[FakeTwilio]:
    """A Twilio with nothing in it but its parent account, for one test: `.url`, `.account_sid`, `.auth_token`."""
    with FakeTwilio(_find_store(request)) as fake:
        yield fake


@pytest.fixture
def fake_twilio_client(fake_twilio: FakeTwilio) -> "Iterator[Client]":
    """twilio-python as that parent account; `faketwilio.client.client_of` makes others."""
    from faketwilio.client import client_of

    client = client_of(fake_twilio)
    yield client
    client.http_client.session.close()


def _find_store(request: pytest.FixtureRequest) -> Store:
    seed, behaviour = _read_settings(request.config)
    mark = request.node.get_closest_marker(MARK)
    own: dict[str, Any] = dict(mark.kwargs) if mark else {}
    seed, latency_ms = own.pop("seed", seed), own.pop("latency_ms", 0.0)
    return Store(seed=seed, latency_ms=latency_ms, behaviour=behaviour.with_values(own))


def _read_settings(config: pytest.Config) -> tuple[int, Behaviour]:
    ordered = config.getoption("--fake-twilio-seed")
    seed = int(config.getini("fake_twilio_seed")) if ordered is None else ordered
    settings = [*config.getini("fake_twilio_behaviour"), *config.getoption("--fake-twilio-behaviour")]
    return seed, behaviour_of(settings)
