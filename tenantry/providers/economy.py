"""What makes the program of a large stack cheaper: fewer messages to the engine, less garbage collection."""

import atexit
import gc
from collections.abc import Mapping
from typing import Any

import pulumi

KEEP_DEBUG_MESSAGES = "TENANTRY_SDK_DEBUG"
"""Set this variable to see the SDK's own debug messages with `pulumi --debug`."""


def economise(environ: Mapping[str, str]) -> None:
    """Prepare this process for thousands of resources; call it once, when everything is imported."""
    if not environ.get(KEEP_DEBUG_MESSAGES):
        pulumi.log.debug = _say_nothing
    _collect_less_garbage()


def _say_nothing(*_message: Any, **_about: Any) -> None:
    """Drop a debug message: the SDK sends each with a blocking call, more than four a resource, read by nobody."""


def _collect_less_garbage() -> None:
    """Keep the collector from walking the imported modules again and again, and once more at the end."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    atexit.register(gc.freeze)
