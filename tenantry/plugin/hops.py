"""Calls that wake a thread once, when their request is there.

The stock server of grpcio 1.85 wakes a thread for each call, which asks for the request, sleeps, and is woken again.
Here no thread is woken before the request is there; and none for a check of unchanged inputs, which needs nothing but
a comparison: it is answered where it arrives. The parts that do the work are grpcio's own. Where `echoed-checks` is
left out, the provider answers such a check there too: it asks nobody, and no call begins for a millisecond.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from grpc import _server
from grpc._cython import cygrpc

from tenantry.plugin.echo import is_echoed

Function = Callable[..., Any]

PARTS: Mapping[str, tuple[str, ...]] = {
    "_receive_message": ("state", "call", "request_deserializer"),
    "_is_rpc_state_active": ("state",),
    "_abort": ("state", "call", "code", "details"),
    "_unary_response_in_pool": (
        *("rpc_event", "state", "behavior", "argument_thunk", "request_deserializer", "response_serializer"),
    ),
}
"""What we call of grpcio, and its parameters: with others, the stock function stays."""


def wake_once(stock: Function) -> Function:
    """Return a `grpc._server._handle_unary_unary` that gives a thread the request as well."""
    if not _has_parts():
        return stock

    @wraps(stock)
    def _handle_unary_unary(rpc_event: Any, state: Any, method_handler: Any, default_thread_pool: Any) -> None:
        receive = _server._receive_message(state, rpc_event.call, method_handler.request_deserializer)

        def hand_on(event: Any) -> Any:
            ended = receive(event)
            request, state.request = state.request, None
            if request is None:
                _refuse(rpc_event, state)
            elif is_echoed(request):
                state.context.run(_answer, rpc_event, state, method_handler, request)
            else:
                default_thread_pool.submit(state.context.run, _answer, rpc_event, state, method_handler, request)
            return ended

        rpc_event.call.start_server_batch((cygrpc.ReceiveMessageOperation(0),), hand_on)
        state.due.add(_server._RECEIVE_MESSAGE_TOKEN)

    return _handle_unary_unary


def _answer(rpc_event: Any, state: Any, handler: Any, request: Any) -> None:
    """Answer a call, unless it was cancelled meanwhile."""

    def get_request() -> Any:
        with state.condition:
            return request if _server._is_rpc_state_active(state) else None

    _server._unary_response_in_pool(
        rpc_event, state, handler.unary_unary, get_request, handler.request_deserializer, handler.response_serializer
    )


def _refuse(rpc_event: Any, state: Any) -> None:
    """End a call that came without a request; one that was cancelled, or whose request was unreadable, has ended."""
    with state.condition:
        if _server._is_rpc_state_active(state):
            _server._abort(state, rpc_event.call, cygrpc.StatusCode.unimplemented, b"The call has no request.")


def _has_parts() -> bool:
    stock = {name: getattr(_server, name, None) for name in PARTS}
    is_complete = hasattr(_server, "_RECEIVE_MESSAGE_TOKEN") and hasattr(cygrpc, "ReceiveMessageOperation")
    return is_complete and all(
        part is not None and tuple(inspect.signature(part).parameters) == PARTS[name] for name, part in stock.items()
    )
