"""Who hears of one run of Pulumi."""

from collections.abc import Callable
from dataclasses import dataclass

from tenantry.engine.run.command import OnEvent


@dataclass(frozen=True)
class RunListener:
    """Hears of one run of Pulumi: each event, and now and then that time has passed."""

    event: OnEvent = lambda _: None
    idle: Callable[[], None] = lambda: None
