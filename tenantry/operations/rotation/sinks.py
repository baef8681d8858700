"""The sinks of a stack, opened: where a key goes in each, and which of them are down."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from tenantry.model.project import Stack
from tenantry.model.secret_sink import SecretSink
from tenantry.model.sink_target import Target, target_of
from tenantry.operations.rotation.keys import DeliveredKey
from tenantry.secret_sinks.errors import UnreachableError
from tenantry.secret_sinks.registry import open_sink
from tenantry.secret_sinks.secret import KeyOwner, KeySecret, Version
from tenantry.secret_sinks.sink import Sink

Answer = TypeVar("Answer")
SKIPPED = "Not tried: {}"


@dataclass
class OpenSink:
    """A sink in use. Once it can't be reached, it is asked for nothing more."""

    name: str
    settings: SecretSink
    stack: str
    clock: Callable[[], datetime]
    down: str | None = None
    """Why it can't be reached; None as long as it can."""
    _sink: Sink | None = field(default=None, repr=False)

    def target(self, key: DeliveredKey) -> Target:
        """Return where a key goes."""
        return target_of(self.settings, stack=self.stack, tenant=key.tenant, key=key.name)

    def version(self, key: DeliveredKey) -> Version | None:
        """Return what it holds under the name of a key; raises SinkError."""
        return self._ask(lambda sink: sink.version(self.target(key).name))

    def put(self, key: DeliveredKey, secret: KeySecret) -> None:
        """Write the secret of a key; raises SinkError."""
        self._ask(lambda sink: sink.put(self.target(key).name, secret))

    def delete(self, key: DeliveredKey, account_sid: str) -> date | None:
        """Delete the secret of a key; return until when the store can restore it. Raises SinkError."""
        owner = KeyOwner(account_sid, key.tenant, key.name)
        return self._ask(lambda sink: sink.delete(self.target(key).name, owner))

    def connect(self) -> None:
        """Open it; where that can't be, it is down."""
        try:
            self._sink = open_sink(self.settings, self.clock)
        except UnreachableError as error:
            self.down = str(error)

    def _ask(self, question: Callable[[Sink], Answer]) -> Answer:
        if self.down is not None or self._sink is None:
            raise UnreachableError(SKIPPED.format(self.down))
        try:
            return question(self._sink)
        except UnreachableError as error:
            self.down = str(error)
            raise


def open_sinks(
    stack: Stack, names: Iterable[str], stack_name: str, clock: Callable[[], datetime]
) -> dict[str, OpenSink]:
    """Return these sinks of a stack, opened; `clock` says when something is delivered."""
    sinks = {name: OpenSink(name, stack.secret_sinks[name], stack_name, clock) for name in sorted(set(names))}
    for sink in sinks.values():
        sink.connect()
    return sinks
