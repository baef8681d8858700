"""Runs calls against a fake, and remembers what went over the wire and which parameters were read."""

import json
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Self

from shape_http import Change, Name, RecordingHttp, keep_request
from shape_world import World
from twilio.base.exceptions import TwilioException
from twilio.http.response import Response

from faketwilio.hosts.registry import list_operations_by_host
from faketwilio.server import FakeTwilio
from faketwilio.store.clock import Clock
from faketwilio.store.store import Store
from faketwilio.wire.call import Answer, Call, Operation
from faketwilio.wire.forms import Form

NOON = 1_800_014_400.0  # 2027-01-15 12:00 GMT
Reads = dict[Name, set[str]]


@dataclass(frozen=True)
class Exchange:
    """One request, as the name of its operation, and its answer."""

    host: str
    operation: str
    status: int
    body: Any


@dataclass(frozen=True)
class RecordingForm(Form):
    """A form that remembers which parameters its operation asked for."""

    reads: set[str] = field(default_factory=set)

    def all(self, name: str) -> tuple[str, ...]:
        self.reads.add(name)
        return super().all(name)


class Observer:
    """A fake whose operations are watched; each call starts with an empty Twilio."""

    def __init__(self) -> None:
        self.reads: Reads = defaultdict(set)
        self._exchanges: list[Exchange] = []
        self._http = RecordingHttp(self._record)
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        # The operations stay the fake's own: they are wrapped, not replaced.
        watched = {
            host: tuple(map(partial(self._watch, host), known)) for host, known in list_operations_by_host().items()
        }
        store = Store(seed=7, clock=Clock(lambda: NOON))
        self._fake = self._stack.enter_context(FakeTwilio(store, operations=watched))
        self._http.url = self._fake.url
        self._stack.callback(self._http.session.close)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def observe(self, call: Callable[[World], object]) -> list[Exchange]:
        """Everything that went over the wire while that call was made."""
        self._fake.store.reset()
        self._exchanges = []
        call(World(self._fake, self._http))
        return self._exchanges

    def provoke(self, call: Callable[[World], object], change: Change) -> Exchange | None:
        """The answer that the SDK takes for an error once requests are changed; None if it takes none so."""
        self._http.change = change
        try:
            self.observe(call)
        except TwilioException:
            return self._exchanges[-1]
        else:
            return None
        finally:
            self._http.change = keep_request

    def _watch(self, host: str, operation: Operation) -> Operation:
        name = (host, f"{operation.method} {operation.path}")

        def _handle(call: Call) -> Answer:
            params = RecordingForm(call.params.pairs, self.reads[name])
            return operation.handle(replace(call, params=params))

        return replace(operation, handle=_handle)

    def _record(self, operation: Name, response: Response) -> None:
        body = json.loads(response.text) if response.text else None
        self._exchanges.append(Exchange(*operation, response.status_code, body))
