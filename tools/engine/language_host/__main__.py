"""The stand-in for Pulumi's Python language host: serves until the engine ends it."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from concurrent import futures

import grpc
import protos  # noqa: F401
from lifeline import die_with_parent
from pulumi.runtime.proto import language_pb2_grpc
from servicer import LanguageHost

# The engine's own limit for one message, see pulumi's rpcutil: 400 MB.
_MESSAGE_BYTES = 400 * 1024 * 1024


def main() -> None:
    """Serve the LanguageRuntime on a free port and print that port, which is how the engine finds it."""
    arguments = _arguments()
    host = LanguageHost(arguments.engine, arguments.executor, arguments.engine_version)
    _end_at_once(host)
    server = grpc.server(
        futures.ThreadPoolExecutor(max_workers=16),
        options=[("grpc.max_receive_message_length", _MESSAGE_BYTES), ("grpc.max_send_message_length", _MESSAGE_BYTES)],
    )
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(host, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    server.wait_for_termination()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="pulumi-language-python")
    parser.add_argument("--executor", required=True)
    parser.add_argument("--engine-version", required=True)
    parser.add_argument("engine", nargs="?", default="")
    known, _ = parser.parse_known_args()
    return known


def _end_at_once(host: LanguageHost) -> None:
    # The engine sends SIGINT at the end of every command and waits ten seconds for a host that ignores it.
    def end(*_: object) -> None:
        host.children.kill()
        os._exit(0)

    signal.signal(signal.SIGINT, end)
    signal.signal(signal.SIGTERM, end)
    die_with_parent(before=host.children.kill)


main()
