"""A server of gRPC with our patch answers as the stock one does, and wakes fewer threads."""

import threading
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version

import grpc
import pytest
from google.protobuf.struct_pb2 import Struct
from grpc import _server
from pulumi.dynamic.dynamic import PROVIDER_KEY
from pulumi.runtime.proto.provider_pb2 import CheckRequest, CheckResponse, ReadRequest, ReadResponse
from pulumi.runtime.proto.provider_pb2_grpc import (
    ResourceProviderServicer,
    ResourceProviderStub,
    add_ResourceProviderServicer_to_server,
)

from tenantry.plugin.hops import PARTS, wake_once
from tenantry.providers.fleet import FleetProvider
from tenantry.providers.resource import serialize

POOL = "of-the-pool"


class Servicer(ResourceProviderServicer):
    """Answers with the name of its thread, fails, or waits until it may go on."""

    def __init__(self):
        self.began, self.may_end, self.is_active = threading.Event(), threading.Event(), None

    def Check(self, request, context):  # noqa: N802
        return CheckResponse(inputs=bag(thread=threading.current_thread().name))

    def Read(self, request, context):  # noqa: N802
        if request.id == "abort":
            context.abort(grpc.StatusCode.NOT_FOUND, "gone")
        if request.id == "raise":
            raise ValueError("a bug")
        if request.id == "wait":
            self.began.set()
            assert self.may_end.wait(120)
        self.is_active = context.is_active()
        return ReadResponse(id=threading.current_thread().name.partition("_")[0])


def bag(**props):
    struct = Struct()
    struct.update(props)
    return struct


@pytest.fixture
def servicer():
    return Servicer()


@pytest.fixture
def channel(monkeypatch, servicer):
    monkeypatch.setattr(_server, "_handle_unary_unary", wake_once(_server._handle_unary_unary))
    with ThreadPoolExecutor(4, thread_name_prefix=POOL) as pool:
        server = grpc.server(pool)
        add_ResourceProviderServicer_to_server(servicer, server)
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            yield channel
        servicer.may_end.set()
        assert server.stop(5).wait(10)


@pytest.fixture
def stub(channel):
    return ResourceProviderStub(channel)


def test_a_newer_grpc_asks_whether_the_patch_is_still_needed():
    """Where this fails: read `_handle_unary_unary` and `_unary_request` again, measure, then write its version here."""
    assert version("grpcio").rpartition(".")[0] == "1.85"


def test_a_call_is_answered_by_a_thread_of_the_pool(stub):
    assert stub.Read(ReadRequest(id="x")).id == POOL


def test_many_calls_at_once_are_all_answered(stub):
    with ThreadPoolExecutor(16) as callers:
        answers = list(callers.map(lambda _: stub.Read(ReadRequest(id="x")).id, range(500)))
    assert answers == [POOL] * 500


@pytest.mark.parametrize(
    ("ours", "old", "is_of_pool"), [(True, "a", False), (True, "b", True), (False, "a", True)],
    ids=["unchanged", "changed", "of others"],
)  # fmt: skip
def test_only_a_check_of_unchanged_inputs_of_ours_wakes_no_thread(stub, ours, old, is_of_pool):
    saved = serialize(FleetProvider) if ours else "theirs"
    olds, news = bag(name=old, **{PROVIDER_KEY: saved}), bag(name="a", **{PROVIDER_KEY: saved})
    thread = stub.Check(CheckRequest(olds=olds, news=news)).inputs["thread"]
    assert thread.startswith(POOL) == is_of_pool


@pytest.mark.parametrize(
    ("id_", "code", "details"),
    [
        ("abort", grpc.StatusCode.NOT_FOUND, "gone"),
        ("raise", grpc.StatusCode.UNKNOWN, "Exception calling application: a bug"),
    ],
)
def test_a_failure_reaches_the_caller(stub, id_, code, details):
    with pytest.raises(grpc.RpcError) as caught:
        stub.Read(ReadRequest(id=id_))
    assert (caught.value.code(), caught.value.details()) == (code, details)


def test_an_unreadable_request_is_refused_and_the_next_call_answered(stub, channel):
    send = channel.unary_unary("/pulumirpc.ResourceProvider/Read", lambda text: text)
    with pytest.raises(grpc.RpcError) as caught:
        send(b"\xff\xff")
    assert (caught.value.code(), caught.value.details()) == (
        grpc.StatusCode.INTERNAL,
        "Exception deserializing request!",
    )
    assert stub.Read(ReadRequest(id="x")).id == POOL


def test_a_call_without_a_request_is_refused(channel):
    send = channel.stream_unary("/pulumirpc.ResourceProvider/Read", lambda text: text)
    with pytest.raises(grpc.RpcError) as caught:
        send(iter(()), timeout=120)
    assert caught.value.code() == grpc.StatusCode.UNIMPLEMENTED


def test_a_cancelled_call_does_not_hold_up_the_server(stub, servicer):
    call = stub.Read.future(ReadRequest(id="wait"))
    assert servicer.began.wait(120)
    assert call.cancel()
    servicer.may_end.set()
    assert stub.Read(ReadRequest(id="x")).id == POOL


@pytest.mark.parametrize("name", PARTS)
def test_another_grpc_keeps_its_function(monkeypatch, name):
    monkeypatch.setattr(_server, name, lambda other: other)
    stock = _server._handle_unary_unary
    assert wake_once(stock) is stock
