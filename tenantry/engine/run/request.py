"""Which resource a call of the engine is about: `pulumi.dynamic` (SDK 3.272) tells its providers no URN.

The engine sends it with each call. It is kept while the call runs, in the thread that answers it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import grpc

from tenantry.engine.run.unary_calls import Inner, wrap_unary

_urn: ContextVar[str] = ContextVar("urn", default="")


@dataclass(frozen=True)
class Urn:
    """The resource that a call is about; all of it empty where none is known."""

    text: str

    @property
    def stack(self) -> str:
        """The last part of the stack's name, without organization and project."""
        return self.text.removeprefix("urn:pulumi:").partition("::")[0]

    @property
    def name(self) -> str:
        return self.text.split("::", 3)[-1]

    @property
    def slug(self) -> str:
        """The tenant that the resource belongs to, as its name tells it."""
        return self.name.partition("/")[0]


def current_urn() -> Urn:
    """Return the resource of the call that this thread answers."""
    return Urn(_urn.get())


class KnownUrns(grpc.ServerInterceptor):  # type: ignore[misc]
    """Keeps the URN of a call while it runs."""

    def intercept_service(self, continuation: Callable[[Any], Any], handler_call_details: Any) -> Any:
        """Wrap the calls that have one request and one answer: all that a provider has."""
        return wrap_unary(continuation(handler_call_details), _answer_with_urn)


def _answer_with_urn(inner: Inner, request: Any, context: grpc.ServicerContext) -> Any:
    token = _urn.set(getattr(request, "urn", ""))
    try:
        return inner(request, context)
    finally:
        _urn.reset(token)
