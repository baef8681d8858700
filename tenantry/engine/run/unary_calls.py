"""What our interceptors wrap in the plugin: calls with one request and one answer, as all of a provider are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import grpc

Inner = Callable[[Any, Any], Any]
"""Answers a request, in the context of its call."""


def wrap_unary(handler: Any, answer: Callable[[Inner, Any, grpc.ServicerContext], Any]) -> Any:
    """Return a handler whose calls `answer` makes, of what answered them so far; any other handler as it is."""
    if handler is None or handler.unary_unary is None:
        return handler
    inner: Inner = handler.unary_unary

    def call(request: Any, context: grpc.ServicerContext) -> Any:
        return answer(inner, request, context)

    return grpc.unary_unary_rpc_method_handler(call, handler.request_deserializer, handler.response_serializer)
