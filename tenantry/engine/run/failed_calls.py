"""Failed calls of this process, which serves one run of the engine: after a failure nothing of the tenant is deleted.

Pulumi (CLI 3.259) deletes last. A run that continues on errors then deletes what the manifests no longer
name, even where its replacement could not be made. So providers ask before they delete.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import grpc

from tenantry.engine.events.urn import name_of, slug_of
from tenantry.engine.run.shown import SERVICE

_TRYING = frozenset({"Check", "Diff", "Create", "Update", "Read"})
"""The calls whose failure means that something of a tenant is not as its manifest says."""


class FailedCalls:
    """The resources of each tenant of which a call has failed; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failed: dict[str, dict[str, None]] = {}

    def add(self, urn: str) -> None:
        """Remember that a call about a resource failed; what belongs to no tenant is passed over."""
        name = name_of(urn)
        if (slug := slug_of(urn, name)) is not None:
            with self._lock:
                self._failed.setdefault(slug, {})[name] = None

    def of(self, slug: str) -> tuple[str, ...]:
        """Return the names of a tenant's resources of which a call has failed, in that order."""
        with self._lock:
            return tuple(self._failed.get(slug, ()))


failed_calls = FailedCalls()
"""Those of this process."""


class RememberedFailures(grpc.ServerInterceptor):  # type: ignore[misc]
    """The first interceptor, so that it sees what any other one refuses."""

    def __init__(self, failed: FailedCalls = failed_calls) -> None:
        self._failed = failed

    def intercept_service(self, continuation: Callable[[Any], Any], handler_call_details: Any) -> Any:
        """Wrap the calls whose failure is remembered."""
        handler = continuation(handler_call_details)
        if handler_call_details.method.removeprefix(SERVICE) not in _TRYING or handler is None:
            return handler

        def call(request: Any, context: grpc.ServicerContext) -> Any:
            try:
                answer = handler.unary_unary(request, context)
            except BaseException:
                self._failed.add(request.urn)
                raise
            if getattr(answer, "failures", None):
                self._failed.add(request.urn)
            return answer

        return grpc.unary_unary_rpc_method_handler(call, handler.request_deserializer, handler.response_serializer)
