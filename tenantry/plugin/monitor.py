"""The engine's monitor, called from the program's own event loop.

The SDK (3.272) calls it through gRPC's blocking client, whose answers come in by a thread that fights with the loop for
the interpreter: 0.6 ms of CPU a call. gRPC's own client for asyncio takes 0.2 ms. It gets a connection of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import grpc
import grpc.aio
from google.protobuf import empty_pb2
from pulumi.runtime import settings
from pulumi.runtime.proto import resource_pb2

_REGISTER = "/pulumirpc.ResourceMonitor/RegisterResource"
_REGISTER_OUTPUTS = "/pulumirpc.ResourceMonitor/RegisterResourceOutputs"


@dataclass(frozen=True)
class Monitor:
    """The two calls that a program makes for each resource; their errors are those of the SDK."""

    _register: Any
    _register_outputs: Any

    async def register(self, request: resource_pb2.RegisterResourceRequest) -> Any:
        """Return the engine's answer, a RegisterResourceResponse."""
        return await _send(self._register, request)

    async def register_outputs(self, request: resource_pb2.RegisterResourceOutputsRequest) -> None:
        """Tell the engine the outputs of a component."""
        await _send(self._register_outputs, request)


_monitors: WeakKeyDictionary[Any, Monitor] = WeakKeyDictionary()
"""By the SDK's own client of the same monitor, of which each program has one."""


def find_monitor() -> Monitor | None:
    """Return the monitor of the running program; None in unit tests, and where tracing wraps the SDK's connection."""
    of_sdk = settings.get_monitor()
    target = getattr(getattr(of_sdk, "RegisterResource", None), "_target", None)
    if not isinstance(target, bytes):
        return None
    if of_sdk not in _monitors:
        _monitors[of_sdk] = _connect(target.decode())
    return _monitors[of_sdk]


def _connect(address: str) -> Monitor:
    channel = grpc.aio.insecure_channel(address, options=settings._GRPC_CHANNEL_OPTIONS)
    return Monitor(
        channel.unary_unary(
            _REGISTER,
            request_serializer=resource_pb2.RegisterResourceRequest.SerializeToString,
            response_deserializer=resource_pb2.RegisterResourceResponse.FromString,
        ),
        channel.unary_unary(
            _REGISTER_OUTPUTS,
            request_serializer=resource_pb2.RegisterResourceOutputsRequest.SerializeToString,
            response_deserializer=empty_pb2.Empty.FromString,
        ),
    )


async def _send(call: Any, request: Any) -> Any:
    try:
        return await call(request)
    except grpc.RpcError as failure:
        settings.handle_grpc_error(failure)
