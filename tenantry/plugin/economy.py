"""Cheaper functions for Pulumi's SDK in the program of a large stack; patches.py says what each is for."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import Any, ClassVar

import pulumi
from pulumi.runtime.proto import source_pb2

Function = Callable[..., Any]

records_stack_trace: ContextVar[bool] = ContextVar("records_stack_trace", default=True)
"""Whether the state gets the lines of the program that make a resource."""


class OutputNames:
    """A base of resources that name their outputs, so that the SDK makes no others."""

    tells: ClassVar[tuple[str, ...]]
    """The outputs besides `id` and `urn`."""


def drop_debug_messages(stock: Function) -> Function:
    """Return a `log.debug` that sends nothing: the SDK sends each message with a blocking call, read by nobody."""

    @wraps(stock)
    def debug(*_message: Any, **_about: Any) -> None:
        """Drop a message."""

    return debug


def sum_urns(stock: Function) -> Function:
    """Return a `create_urn` that makes a sum of texts of what are texts, and not of five outputs.

    The SDK makes one URN for each registration, and uses it in unit tests alone.
    """

    @wraps(stock)
    def create_urn(name: Any, type_: Any, parent: Any = None, *where: Any, **more: Any) -> Any:
        if not (isinstance(name, str) and isinstance(type_, str) and isinstance(parent, str)):
            return stock(name, type_, parent, *where, **more)
        return pulumi.Output.from_input(f"{parent[: parent.rfind('::')]}${type_}::{name}")

    return create_urn


def make_named_outputs(stock: Function) -> Function:
    """Return a `transfer_properties` that makes no output of our resources' inputs.

    The SDK makes an output with four futures of every input; nobody needs an outputs for values that the program has
    just written.
    """

    @wraps(stock)
    def transfer_properties(res: Any, props: Any, *more: Any, **settings: Any) -> Any:
        return stock(res, res.tells if isinstance(res, OutputNames) else props, *more, **settings)

    return transfer_properties


def record_wanted_stack_traces(stock: Function) -> Function:
    """Return a `_get_stack_trace` that looks at the stack only where `records_stack_trace` says so.

    The constructor of all our resources stands on one line of ours, so their traces tell nothing.
    """

    @wraps(stock)
    def _get_stack_trace() -> Any:
        return stock() if records_stack_trace.get() else source_pb2.StackTrace()

    return _get_stack_trace
