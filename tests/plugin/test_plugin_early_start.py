"""The call with which a program lets Pulumi start the plugin, and its answer."""

from types import SimpleNamespace

import grpc
import pulumi
import pytest
from pulumi.runtime.proto.provider_pb2 import InvokeRequest, InvokeResponse

from tenantry.plugin import early_start
from tenantry.plugin.early_start import CALL, INVOKE, EarlyStart, begin_program

OF_PROVIDER = InvokeResponse(failures=[{"reason": "the provider was asked"}])


def answer(called, method=INVOKE):
    handler = grpc.unary_unary_rpc_method_handler(lambda _request, _context: OF_PROVIDER)
    call = EarlyStart().intercept_service(lambda _details: handler, SimpleNamespace(method=method)).unary_unary
    return call(InvokeRequest(tok=called), None)


def test_the_plugin_answers_that_call_with_nothing():
    assert answer(CALL) == InvokeResponse()


def test_providers_are_asked_everything_else():
    assert answer("pulumi-python:dynamic/twilio:other") == OF_PROVIDER
    assert answer(CALL, "/pulumirpc.ResourceProvider/Check") == OF_PROVIDER


@pytest.mark.parametrize("is_preview", [True, False])
def test_only_the_program_of_a_preview_calls(monkeypatch, is_preview):
    called = []
    monitor = SimpleNamespace(Invoke=SimpleNamespace(future=lambda request: called.append(request.tok)))
    monkeypatch.setattr(early_start, "get_monitor", lambda: monitor)
    monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: is_preview)
    monkeypatch.setattr(early_start, "collect_less_garbage", lambda: None)
    begin_program()
    assert called == [CALL] * is_preview
