"""What makes the program of a large stack cheaper: fewer messages to the engine, less work in the SDK, less garbage."""

import atexit
import gc
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

import pulumi
from pulumi.runtime import resource, rpc

from tenantry.engine.run.garbage import collect_less_garbage
from tenantry.providers.resource import TwilioResource

KEEP_DEBUG_MESSAGES = "TENANTRY_SDK_DEBUG"
"""Set this variable to see the SDK's own debug messages with `pulumi --debug`."""

Function = Callable[..., Any]


def economise(environ: Mapping[str, str]) -> None:
    """Prepare this process for thousands of resources; call it once, when everything is imported."""
    if not environ.get(KEEP_DEBUG_MESSAGES):
        pulumi.log.debug = _say_nothing
    for (module, name), cheaper in CHEAPER.items():
        if stock := getattr(module, name, None):  # an SDK that has it no more is as dear as it is
            setattr(module, name, cheaper(stock))
    gc.collect()
    gc.freeze()
    collect_less_garbage()
    atexit.register(gc.freeze)


def summed_urns(stock: Function) -> Function:
    """Return the SDK's `create_urn`, which makes a sum of texts of what are texts, and not of five outputs.

    The SDK (3.272) makes one URN for each registration, a sixth of the program's work, and uses it in unit tests alone.
    """

    def create_urn(name: Any, type_: Any, parent: Any = None, *where: Any, **more: Any) -> Any:
        if not (isinstance(name, str) and isinstance(type_, str) and isinstance(parent, str)):
            return stock(name, type_, parent, *where, **more)
        return pulumi.Output.from_input(f"{parent[: parent.rfind('::')]}${type_}::{name}")

    return create_urn


def told_outputs(stock: Function) -> Function:
    """Return the SDK's `transfer_properties`, which makes no output of our resources' inputs.

    The SDK (3.272) makes an output with four futures of every input, a sixth of the program's work; nobody needs an
    output to know what he has just written.
    """

    def transfer_properties(of: Any, props: Any, *more: Any, **others: Any) -> Any:
        return stock(of, of.tells if isinstance(of, TwilioResource) else props, *more, **others)

    return transfer_properties


CHEAPER: Mapping[tuple[ModuleType, str], Callable[[Function], Function]] = {
    (resource, "create_urn"): summed_urns,
    (rpc, "transfer_properties"): told_outputs,
}
"""Functions of the SDK, and what makes a cheaper one of each that does the same."""


def _say_nothing(*_message: Any, **_about: Any) -> None:
    """Drop a debug message: the SDK sends each with a blocking call, more than four a resource, read by nobody."""
