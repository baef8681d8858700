"""Who hears how an operation goes on: a front door hands in a listener, and an operation prints nothing."""

from contextlib import AbstractContextManager
from typing import Protocol

from tenantry.engine.events.plan import Plan
from tenantry.operations.run_listener import RunListener


class Listener(Protocol):
    """Hears of an operation that runs Pulumi, as often as it needs."""

    def follow(self, command: str, plan: Plan | None = None) -> AbstractContextManager[RunListener]:
        """Return who hears of one run, a `preview` or an `up` of a plan."""

    def warn(self, sentence: str) -> None:
        """Hear of something that a person should know and that stops nothing."""
