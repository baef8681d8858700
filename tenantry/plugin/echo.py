"""Checks of inputs that are as they were, answered before they reach a provider of ours.

In an everyday preview these are all checks. `pulumi.dynamic` (SDK 3.272) reads both bags, asks the provider and starts
an event loop to write the answer; the first call imports the provider. What was saved was checked, so the answer is
the new inputs (tests/providers/test_providers_laws.py proves it for every kind). Other providers are always asked.
"""

from __future__ import annotations

import pickletools
from base64 import b64decode
from collections.abc import Callable
from functools import cache
from typing import Any

import grpc
from pulumi.dynamic.dynamic import PROVIDER_KEY
from pulumi.runtime.proto.provider_pb2 import CheckRequest, CheckResponse

CHECK = "/pulumirpc.ResourceProvider/Check"
OURS = "tenantry.providers."


class EchoedChecks(grpc.ServerInterceptor):  # type: ignore[misc]
    """Answers a check with the new inputs where they equal the old ones."""

    def intercept_service(self, continuation: Callable[[Any], Any], handler_call_details: Any) -> Any:
        """Answer Check; all other calls go on."""
        handler = continuation(handler_call_details)
        if handler_call_details.method != CHECK:
            return handler

        def check(request: CheckRequest, context: grpc.ServicerContext) -> Any:
            if is_echoed(request):
                return CheckResponse(inputs=request.news)
            return handler.unary_unary(request, context)

        return grpc.unary_unary_rpc_method_handler(check, handler.request_deserializer, handler.response_serializer)


def is_echoed(request: Any) -> bool:
    """Return whether a request is a check of unchanged inputs of a resource of ours."""
    if not isinstance(request, CheckRequest) or request.olds != request.news:
        return False
    return is_ours(request.news.fields[PROVIDER_KEY].string_value)


@cache
def is_ours(saved: str) -> bool:
    """Return whether a saved provider is a reference to a class of ours, without importing it.

    A class that a user wrote is saved as its own reference or as its code, even where it inherits from one of ours.
    """
    try:
        words = [word for _, word, _ in pickletools.genops(b64decode(saved)) if isinstance(word, str)]
    except ValueError:
        return False
    return len(words) == 2 and words[0].startswith(OURS)
