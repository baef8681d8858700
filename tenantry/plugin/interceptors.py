"""How patches reach the gRPC server that `pulumi.dynamic` starts: more threads, and what stands before providers."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import wraps
from typing import Any

import grpc

Function = Callable[..., Any]

THREADS = 128
"""As many as our commands set in `PULUMI_PARALLEL`. The stock plugin has 4, and creates that wait for Twilio hold up
every other call."""


def widen_pool(stock: Function) -> Function:
    """Return a `grpc.server` with our number of threads."""

    @wraps(stock)
    def server(thread_pool: object, *rest: Any, **settings: Any) -> Any:  # noqa: ARG001
        return stock(ThreadPoolExecutor(THREADS), *rest, **settings)

    return server


def put_before(interceptor: Callable[[], Any]) -> Callable[[Function], Function]:
    """Return a patch of `grpc.server` that puts an interceptor before providers, after those of earlier patches."""

    def intercept(stock: Function) -> Function:
        @wraps(stock)
        def server(
            thread_pool: object, handlers: Any = None, interceptors: Any = None, *rest: Any, **settings: Any
        ) -> Any:
            return stock(thread_pool, handlers, (interceptor(), *(interceptors or ())), *rest, **settings)

        return server

    return intercept


class KeptHandlers(grpc.ServerInterceptor):  # type: ignore[misc]
    """Asks the interceptors behind it once for each method: gRPC asks all of them for every call.

    The handlers that ours return depend on the method alone.
    """

    def __init__(self) -> None:
        self._handlers: dict[str, Any] = {}

    def intercept_service(self, continuation: Callable[[Any], Any], handler_call_details: Any) -> Any:
        """Return the handler of a method, built at its first call."""
        method = handler_call_details.method
        if method not in self._handlers:
            self._handlers[method] = continuation(handler_call_details)
        return self._handlers[method]
