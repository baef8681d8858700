"""A policy pack learns its stack from variables that are set when it starts, but the engine tells it later, in a call.

So the engine first talks to us: we wait for that call, start the pack with the variables, and pass all other calls on.
Pulumi's own language host does the same.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from concurrent import futures
from types import TracebackType
from typing import Any

import grpc
from pulumi.runtime.proto import analyzer_pb2

_SERVICE = "/pulumirpc.Analyzer/"
# A whole stack is one message: 1,000 tenants are 8 MB. The engine and the packs take as much.
_SIZE = [("grpc.max_receive_message_length", 400 * 1024 * 1024)]


class PolicyPackProxy(grpc.GenericRpcHandler):  # type: ignore[misc]
    """Answers the engine in place of a pack that is not started yet, and for it afterwards. A context manager."""

    def __init__(self) -> None:
        self._server = grpc.server(futures.ThreadPoolExecutor(max_workers=16), handlers=[self], options=_SIZE)
        self._asked = threading.Event()
        self._answering = threading.Event()
        self._stack: Any = None
        self._channel: grpc.Channel | None = None
        self._begun = b""
        self.port = self._server.add_insecure_port("127.0.0.1:0")

    def __enter__(self) -> PolicyPackProxy:
        self._server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.give_up()
        self._server.stop(None)
        if self._channel is not None:
            self._channel.close()

    def variables(self) -> dict[str, str]:
        """Wait until the engine has said which stack this is, and return the pack's variables, none if it doesn't."""
        self._asked.wait()
        if self._stack is None:
            return {}
        known = {
            "PULUMI_ORGANIZATION": self._stack.organization,
            "PULUMI_PROJECT": self._stack.project,
            "PULUMI_STACK": self._stack.stack,
            "PULUMI_DRY_RUN": "true" if self._stack.dry_run else "false",
            "PULUMI_CONFIG": json.dumps(dict(self._stack.config)),
        }
        return {name: value for name, value in known.items() if value}

    def take_port(self, chunk: bytes) -> bytes:
        """Take the pack's port from the first line it prints; return what is left for the engine to show."""
        if self._answering.is_set():
            return chunk
        self._begun += chunk
        line, end, rest = self._begun.partition(b"\n")
        if not end:
            return b""
        self._channel = grpc.insecure_channel(f"127.0.0.1:{int(line)}", options=_SIZE)
        if self._stack is not None:
            self._configure(self._channel)
        self._answering.set()
        return rest

    def give_up(self) -> None:
        """Let nothing wait for a pack any more."""
        self._asked.set()
        self._answering.set()

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler:
        """Return what answers a call, by its name."""
        method = handler_call_details.method
        answers: dict[str, Callable[[bytes, grpc.ServicerContext], bytes]] = {
            f"{_SERVICE}Handshake": lambda _request, _context: b"",
            f"{_SERVICE}ConfigureStack": self._remember,
        }
        return grpc.unary_unary_rpc_method_handler(answers.get(method) or self._pass_on(method))

    def _remember(self, request: bytes, _context: grpc.ServicerContext) -> bytes:
        self._stack = analyzer_pb2.AnalyzerStackConfigureRequest.FromString(request)
        self._asked.set()
        return b""

    def _pass_on(self, method: str) -> Callable[[bytes, grpc.ServicerContext], bytes]:
        def call(request: bytes, context: grpc.ServicerContext) -> bytes:
            # A command that is about no stack, such as `pulumi policy publish`, never tells one.
            self._asked.set()
            self._answering.wait()
            if self._channel is None:
                context.abort(grpc.StatusCode.UNAVAILABLE, "the policy pack ended before it could be asked")
                raise AssertionError("abort raises")
            try:
                answer: bytes = self._channel.unary_unary(method)(request)
            except grpc.RpcError as error:
                context.abort(error.code(), error.details())
            return answer

        return call

    def _configure(self, channel: grpc.Channel) -> None:
        try:
            channel.unary_unary(f"{_SERVICE}ConfigureStack")(self._stack.SerializeToString(), wait_for_ready=True)
        except grpc.RpcError as error:
            # Packs on older SDKs don't have the call.
            if error.code() is not grpc.StatusCode.UNIMPLEMENTED:
                raise
