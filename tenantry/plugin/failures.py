"""What a user reads when a provider fails: our own exceptions are sentences, other exceptions keep their traceback."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import grpc

from tenantry.engine.run.unary_calls import Inner, wrap_unary

# The last line of a traceback for a class that is not a builtin: dotted path, colon, text (which may have more lines).
_OURS = re.compile(r"^tenantry(?:\.\w+)+: (.+)\Z", re.DOTALL | re.MULTILINE)
_FRAMES = "Traceback (most recent call last):\n"


def sentence_of(details: str) -> str:
    """Return only the sentence of a formatted traceback if its exception is one of ours, else the text as it is."""
    # With `raise … from …` there are several exceptions; what was raised comes after the last list of frames.
    _, frames, last = details.rpartition(_FRAMES)
    found = _OURS.search(last) if frames else None
    return found.group(1).rstrip() if found else details


class ShortFailures(grpc.ServerInterceptor):  # type: ignore[misc]
    """Shortens what `pulumi.dynamic` (SDK 3.272) aborts a call with: `traceback.format_exc()`."""

    def intercept_service(self, continuation: Callable[[Any], Any], handler_call_details: Any) -> Any:
        """Wrap the calls that have one request and one answer: all that a provider has."""
        return wrap_unary(continuation(handler_call_details), _answer_shortened)


def _answer_shortened(inner: Inner, request: Any, context: grpc.ServicerContext) -> Any:
    return inner(request, _ShortContext(context))


class _ShortContext:
    """A gRPC context whose `abort` shortens; everything else is the real one's."""

    def __init__(self, context: grpc.ServicerContext) -> None:
        self._context = context

    def __getattr__(self, name: str) -> Any:
        return getattr(self._context, name)

    def abort(self, code: grpc.StatusCode, details: str) -> Any:
        return self._context.abort(code, sentence_of(details))
