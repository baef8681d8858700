"""What makes the program of a large stack cheaper: fewer messages to the engine, less garbage collection."""

import atexit
import gc
from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi.runtime import resource as sdk

KEEP_DEBUG_MESSAGES = "TENANTRY_SDK_DEBUG"
"""Set this variable to see the SDK's own debug messages with `pulumi --debug`."""


def economise(environ: Mapping[str, str]) -> None:
    """Prepare this process for thousands of resources; call it once, when everything is imported."""
    if not environ.get(KEEP_DEBUG_MESSAGES):
        pulumi.log.debug = _say_nothing
    sdk.create_urn = create_urn
    _collect_less_garbage()


_sdk_create_urn = sdk.create_urn


def create_urn(
    name: Any, type_: Any, parent: Any = None, project: str | None = None, stack: str | None = None
) -> pulumi.Output[str]:
    """Return a URN as the SDK's own function does, where all is text by a sum of it instead of by five outputs.

    The SDK (3.272) makes one for each registration, a sixth of the program's work, and uses it in unit tests alone.
    """
    if not (isinstance(name, str) and isinstance(type_, str) and isinstance(parent, str)):
        return _sdk_create_urn(name, type_, parent, project, stack)
    return pulumi.Output.from_input(f"{parent[: parent.rfind('::')]}${type_}::{name}")


def _say_nothing(*_message: Any, **_about: Any) -> None:
    """Drop a debug message: the SDK sends each with a blocking call, more than four a resource, read by nobody."""


def _collect_less_garbage() -> None:
    """Keep the collector from walking the imported modules again and again, and once more at the end."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    atexit.register(gc.freeze)
