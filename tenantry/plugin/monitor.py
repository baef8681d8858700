"""The engine's monitor, called from the program's own event loop.

The SDK (3.272) calls it through gRPC's blocking client, whose answers come in by a thread that fights with the loop for
the interpreter: 0.6 ms of CPU a call. gRPC's own client for asyncio takes 0.2 ms. It gets a connection of its own.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from weakref import WeakKeyDictionary

import grpc
import grpc.aio
from pulumi.runtime import settings
from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS
from pulumi.runtime.proto import resource_pb2

Register = Callable[[resource_pb2.RegisterResourceRequest], Awaitable[Any]]
"""Takes a request, and returns a RegisterResourceResponse."""

_METHOD = "/pulumirpc.ResourceMonitor/RegisterResource"
_connected: WeakKeyDictionary[Any, Register] = WeakKeyDictionary()
"""By the SDK's own client of the same monitor, of which each program has one."""


def find_register() -> Register | None:
    """Return the function that sends a registration and returns the engine's answer; it raises as the SDK does.

    None in unit tests, and where the SDK's connection is wrapped, as by tracing.
    """
    of_sdk = settings.get_monitor()
    target = getattr(getattr(of_sdk, "RegisterResource", None), "_target", None)
    if not isinstance(target, bytes):
        return None
    if of_sdk not in _connected:
        _connected[of_sdk] = _connect(target.decode())
    return _connected[of_sdk]


def _connect(address: str) -> Register:
    call = grpc.aio.insecure_channel(address, options=_GRPC_CHANNEL_OPTIONS).unary_unary(
        _METHOD,
        request_serializer=resource_pb2.RegisterResourceRequest.SerializeToString,
        response_deserializer=resource_pb2.RegisterResourceResponse.FromString,
    )

    async def register(request: resource_pb2.RegisterResourceRequest) -> Any:
        try:
            return await call(request)
        except grpc.RpcError as failure:
            settings.handle_grpc_error(failure)

    return register
