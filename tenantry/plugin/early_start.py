"""Letting Pulumi start the plugin of a preview before the first resource needs it.

Pulumi (CLI 3.259) starts it with the first call for it and waits half a second. The program of a preview makes such a
call, which asks for nothing, before it imports and reads manifests: both then take that half second together. A run
makes none, so that a program that refuses to begin leaves nothing in the state.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import grpc
import pulumi
from pulumi.runtime.proto.provider_pb2 import InvokeResponse
from pulumi.runtime.proto.resource_pb2 import ResourceInvokeRequest
from pulumi.runtime.settings import get_monitor

from tenantry.engine.run.garbage import collect_less_garbage
from tenantry.model.recorded import TOKENS

CALL = f"{TOKENS}start"
INVOKE = "/pulumirpc.ResourceProvider/Invoke"


def begin_program() -> None:
    """Prepare the process of a program before it imports the rest; in a preview, let Pulumi start the plugin now."""
    collect_less_garbage()
    monitor = get_monitor()
    if monitor is not None and pulumi.runtime.is_dry_run():
        monitor.Invoke.future(ResourceInvokeRequest(tok=CALL))


class EarlyStart(grpc.ServerInterceptor):  # type: ignore[misc]
    """Answers the call that only starts the plugin; all other calls go on."""

    def intercept_service(self, continuation: Callable[[Any], Any], handler_call_details: Any) -> Any:
        """Answer an Invoke of that name."""
        handler = continuation(handler_call_details)
        if handler_call_details.method != INVOKE:
            return handler

        def invoke(request: Any, context: grpc.ServicerContext) -> Any:
            return InvokeResponse() if request.tok == CALL else handler.unary_unary(request, context)

        return grpc.unary_unary_rpc_method_handler(invoke, handler.request_deserializer, handler.response_serializer)
