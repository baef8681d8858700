"""What the engine sends a policy pack of resources, unpacked once and only as far as rules look.

`pulumi_policy` unpacks every resource again for each policy, and looks for repairs that no rule of ours makes. What a
policy of a stack is given by the SDK is then empty, and the resources are in `SHARED`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import grpc
from pulumi.runtime import proto

from tenantry.model.kinds import BY_TOKEN, KINDS
from tenantry.model.recorded import CLAIMED, TOKENS

REPORTED_AT = frozenset({KINDS["fleet"].token, KINDS["subaccount"].token})
"""The resources at whose registration violations of manifests are reported, by type and name alone."""
PACKAGE = "/pulumirpc.Analyzer/"


@dataclass(frozen=True)
class Unpacked:
    """A resource of the stack as rules see it, with attributes of the SDK's `PolicyResource`."""

    resource_type: str
    props: Mapping[str, Any]
    """The properties that rules look at; one that a preview does not know yet raises UnknownValueError when read."""
    urn: str
    name: str


class SharedResources(grpc.ServerInterceptor):  # type: ignore[misc]
    """Answers what no rule is asked about, and keeps the stack's resources for all policies of the stack."""

    def __init__(self) -> None:
        self.of_stack: tuple[Unpacked, ...] = ()

    def intercept_service(self, continuation: Callable[[Any], Any], handler_call_details: Any) -> Any:
        """Return our handler where that saves work; all other calls go on."""
        handler = continuation(handler_call_details)
        match handler_call_details.method.removeprefix(PACKAGE):
            case "Analyze":
                return _replace(handler, lambda request, context: _analyze(handler, request, context))
            case "AnalyzeStack":
                return _replace(handler, lambda request, context: self._analyze_stack(handler, request, context))
            case "Remediate":
                return grpc.unary_unary_rpc_method_handler(_repair_nothing, None, handler.response_serializer)
        return handler

    def _analyze_stack(self, handler: Any, request: Any, context: Any) -> Any:
        self.of_stack = tuple(unpack(request.resources))
        request.ClearField("resources")
        return handler.unary_unary(request, context)


SHARED = SharedResources()
"""Of this process: one pack, in one run."""


def unpack(resources: Iterable[Any]) -> Iterator[Unpacked]:
    """Yield the resources of our kinds; about those of others there is no rule."""
    from google.protobuf import json_format  # type: ignore[import-untyped]
    from pulumi_policy.deserialize import deserialize_properties
    from pulumi_policy.proxy import unknown_checking_proxy

    for resource in resources:
        if not resource.type.startswith(TOKENS):
            continue
        written, kind = resource.properties.fields, BY_TOKEN.get(resource.type)
        wanted = (*(KINDS[kind].settings if kind else ()), *CLAIMED)
        values = {name: json_format.MessageToDict(written[name]) for name in wanted if name in written}
        props = unknown_checking_proxy(deserialize_properties(values))
        yield Unpacked(resource.type, props, resource.urn, resource.name)


def _analyze(handler: Any, request: Any, context: Any) -> Any:
    if request.type not in REPORTED_AT:
        return proto.AnalyzeResponse()
    request.ClearField("properties")
    return handler.unary_unary(request, context)


def _repair_nothing(_request: bytes, _context: Any) -> Any:
    return proto.RemediateResponse()


def _replace(handler: Any, answer: Callable[[Any, Any], Any]) -> Any:
    return grpc.unary_unary_rpc_method_handler(answer, handler.request_deserializer, handler.response_serializer)
