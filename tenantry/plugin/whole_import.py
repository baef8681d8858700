"""Our providers, imported by one thread before the first call that needs them.

Calls come in many threads, and each unpickles a class of another module. Two threads that import modules of one package
by different doors may wait for each other: Python notices, and ends one of them with `_DeadlockError` (seen once).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from importlib import import_module
from typing import Any

import grpc
from pulumi.dynamic.dynamic import PROVIDER_KEY

from tenantry.plugin.echo import OURS, is_ours

BAGS = "news", "olds", "properties"
"""The fields of requests in which a saved provider may be."""
_importing = threading.Lock()


class WholeImport(grpc.ServerInterceptor):  # type: ignore[misc]
    """Imports our providers before a call that is for one of them."""

    def intercept_service(self, continuation: Callable[[Any], Any], handler_call_details: Any) -> Any:
        """Wrap the calls that have one request and one answer: all that a provider has."""
        handler = continuation(handler_call_details)
        if handler is None or handler.unary_unary is None:
            return handler

        def call(request: Any, context: grpc.ServicerContext) -> Any:
            if _is_for_ours(request):
                with _importing:
                    import_module(OURS.removesuffix("."))
            return handler.unary_unary(request, context)

        return grpc.unary_unary_rpc_method_handler(call, handler.request_deserializer, handler.response_serializer)


def _is_for_ours(request: Any) -> bool:
    bags = (getattr(request, name, None) for name in BAGS)
    return any(
        is_ours(bag.fields[PROVIDER_KEY].string_value) for bag in bags if bag is not None and PROVIDER_KEY in bag.fields
    )
