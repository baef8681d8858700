"""One fake Twilio and a stock of plugin processes for all these tests; each begins with an empty fake."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from provider_nursery import Nursery
from provider_plugin import Operations, Plugin
from provider_samples import CHILDREN, SINK, SUBACCOUNT
from provider_stack import Stack
from provider_twilio import Twilio

from faketwilio.server import FakeTwilio
from faketwilio.store.clock import Clock


@pytest.fixture(scope="session")
def fake() -> Iterator[FakeTwilio]:
    with FakeTwilio() as fake:
        yield fake


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    nursery = Nursery()
    yield nursery
    nursery.end()


@pytest.fixture
def twilio(fake: FakeTwilio) -> Iterator[Twilio]:
    fake.store.clock = Clock()  # the test before may have moved it
    twilio = Twilio(fake)
    yield twilio
    twilio.slow(0)
    twilio.reset()


@pytest.fixture
def stack(tmp_path: Path) -> Stack:
    """The stack of all operations: no manifest, an empty state, no mark."""
    return Stack(tmp_path)


@pytest.fixture
def operation(nursery: Nursery, twilio: Twilio, stack: Stack) -> Iterator[Operations]:
    """`operation()` is a fresh plugin process, as the engine starts one for each refresh and each update."""
    shell = {
        **stack.environ,
        "TWILIO_ACCOUNT_SID": twilio.parent,
        "TWILIO_AUTH_TOKEN": twilio.token,
        "TENANTRY_TWILIO_URL": twilio.url,
    }
    operations = Operations(nursery, shell, twilio.parent)
    yield operations
    operations.end()


@pytest.fixture
def first(operation: Operations, stack: Stack) -> Plugin:
    """The operation that made what a test finds; as in `tenantry up`, it need not start Pulumi for the state."""
    return operation(**stack.hand_state())


@pytest.fixture
def account(first: Plugin) -> str:
    """An active account, made by the first operation."""
    sid, _ = first.create("subaccount", SUBACCOUNT)
    return sid


@pytest.fixture
def inputs(first: Plugin, account: str) -> Callable[[str], tuple[str, dict[str, Any]]]:
    """`inputs("usage trigger")` is the kind and the inputs of a child in the account; a subscription gets its sink."""

    def of(name: str) -> tuple[str, dict[str, Any]]:
        kind, sample = CHILDREN[name]
        props = {"account_sid": account, **sample}
        if kind == "event_subscription":
            props["sink_sid"] = first.create("event_sink", {"account_sid": account, **SINK})[0]
        return kind, props

    return of
