"""Checks, creates, updates and reads of our resources, answered without an event loop.

`pulumi.dynamic` (SDK 3.272) makes settings for each call, then starts an event loop to write each bag of the answer:
outputs may hold values that are still awaited. Those of our providers are plain. Other providers are asked as ever.
"""

from __future__ import annotations

import pickle
import traceback
from base64 import b64decode
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import grpc
from pulumi.dynamic import ResourceProvider
from pulumi.dynamic.dynamic import PROVIDER_KEY
from pulumi.runtime import rpc
from pulumi.runtime.proto.provider_pb2 import CheckFailure, CheckResponse, CreateResponse, ReadResponse, UpdateResponse

from tenantry.engine.run.shown import SERVICE
from tenantry.plugin import bags
from tenantry.plugin.echo import is_ours

_UNKNOWN = rpc.UNKNOWN.encode()


class DirectAnswers(grpc.ServerInterceptor):  # type: ignore[misc]
    """Asks a provider of ours itself, and writes its answer at once; the last of the interceptors."""

    def intercept_service(self, continuation: Callable[[Any], Any], handler_call_details: Any) -> Any:
        """Answer what checks, makes, changes and reads; all other calls go on."""
        handler = continuation(handler_call_details)
        answer = _ANSWERS.get(handler_call_details.method.removeprefix(SERVICE))
        if answer is None or handler is None:
            return handler

        def call(request: Any, context: grpc.ServicerContext) -> Any:
            bag = request.news if hasattr(request, "news") else request.properties
            saved = bag.fields[PROVIDER_KEY].string_value if PROVIDER_KEY in bag.fields else ""
            if not is_ours(saved) or (answer is _check and _is_unknown(request)):
                return handler.unary_unary(request, context)
            try:
                return answer(_open_provider(saved), saved, request)
            except Exception:  # noqa: BLE001  # as the SDK's own server does
                context.abort(grpc.StatusCode.UNKNOWN, traceback.format_exc())

        return grpc.unary_unary_rpc_method_handler(call, handler.request_deserializer, handler.response_serializer)


def _check(provider: ResourceProvider, saved: str, request: Any) -> CheckResponse:
    checked = provider.check(bags.read(request.olds), bags.read(request.news))
    failures = [CheckFailure(property=failure.property, reason=failure.reason) for failure in checked.failures]
    return CheckResponse(inputs=bags.write(checked.inputs, saved), failures=failures)


def _is_unknown(request: Any) -> bool:
    """Return whether a preview does not know all inputs yet; only the SDK can read such bags and write them back."""
    return _UNKNOWN in request.SerializeToString()


def _create(provider: ResourceProvider, saved: str, request: Any) -> CreateResponse:
    created = provider.create(bags.read(request.properties))
    return CreateResponse(id=created.id, properties=bags.write(created.outs or {}, saved))


def _update(provider: ResourceProvider, saved: str, request: Any) -> UpdateResponse:
    updated = provider.update(request.id, bags.read(request.olds), bags.read(request.news))
    return UpdateResponse(properties=bags.write(updated.outs or {}, saved))


def _read_live(provider: ResourceProvider, saved: str, request: Any) -> ReadResponse:
    found = provider.read(request.id, bags.read(request.properties))
    inputs = None if found.inputs is None else bags.write(found.inputs, saved)
    return ReadResponse(id=found.id or "", properties=bags.write(found.outs or {}, saved), inputs=inputs)


_ANSWERS: Mapping[str, Callable[[ResourceProvider, str, Any], Any]] = {
    "Check": _check,
    "Create": _create,
    "Update": _update,
    "Read": _read_live,
}


@cache
def _open_provider(saved: str) -> ResourceProvider:
    """Return the provider that was saved; ours hold nothing, so one is enough for all threads."""
    provider: ResourceProvider = pickle.loads(b64decode(saved))  # noqa: S301  # a reference to a class of ours, nothing else
    return provider
