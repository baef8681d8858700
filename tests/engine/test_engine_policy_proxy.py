"""What stands between the engine and a policy pack passes a whole stack on, however large."""

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
import pytest

HOST = Path(__file__).parents[2] / "tools" / "engine" / "language_host"
STACK = "/pulumirpc.Analyzer/AnalyzeStack"
MORE_THAN_GRPC_TAKES_ITSELF = b"x" * 9_000_000


class Echo(grpc.GenericRpcHandler):
    """A policy pack that answers with what it was asked."""

    def service(self, details):
        return grpc.unary_unary_rpc_method_handler(lambda request, _context: request)


@pytest.fixture
def pack_port():
    size = [("grpc.max_receive_message_length", -1)]
    server = grpc.server(ThreadPoolExecutor(2), handlers=[Echo()], options=size)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield port
    server.stop(None).wait()


def test_a_stack_of_a_thousand_tenants_is_passed_on(pack_port, monkeypatch):
    monkeypatch.syspath_prepend(str(HOST))
    sys.modules.pop("policy_pack", None)
    from policy_pack import PolicyPackProxy

    with PolicyPackProxy() as proxy:
        assert proxy.take_port(f"{pack_port}\n".encode()) == b""
        size = [("grpc.max_receive_message_length", -1)]
        with grpc.insecure_channel(f"127.0.0.1:{proxy.port}", options=size) as engine:
            assert engine.unary_unary(STACK)(MORE_THAN_GRPC_TAKES_ITSELF) == MORE_THAN_GRPC_TAKES_ITSELF
