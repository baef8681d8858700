"""Telemetry of a receiver: where no command of ours started it, it starts its own."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from tenantry.telemetry.recorder import is_recording, start_telemetry, stop_telemetry

log = logging.getLogger(__name__)


@contextmanager
def record_calls(environ: Mapping[str, str]) -> Iterator[None]:
    """Record calls to Twilio while a receiver runs; `tenantry serve` does so already, and goes on after its end."""
    is_own = not is_recording()
    if complaint := start_telemetry(environ, "tenantry-receiver", is_part=True):
        log.warning(complaint)
    try:
        yield
    finally:
        if is_own:
            stop_telemetry()
