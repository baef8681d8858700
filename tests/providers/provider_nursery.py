"""Starts plugin processes fast: a process that has imported Pulumi and the Twilio SDK once forks one for each order.

An order is a message of two file descriptors, for stdout and stderr, and the environment as JSON; the answer is the
process id. The lifeline looks at its process when it is imported, so each plugin imports that anew.
"""

import gc
import importlib
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

HEAVY = (
    "dill",
    "grpc._interceptor",
    "grpc._server",
    "grpc._utilities",
    "pulumi.dynamic",
    "pulumi.runtime.proto.provider_pb2_grpc",
    "pydantic",
    "tenantry.engine.events.warned",
    "tenantry.engine.run.garbage",
    "tenantry.engine.run.pydantic_plugins",
    "tenantry.engine.state.history",
    "tenantry.engine.state.holdings",
    "tenantry.manifest.load",
    "tenantry.model.comparison",
    "tenantry.model.resources",
    "tenantry.plugin.patches",
    "tenantry.providers.connection",
    "tenantry.telemetry.recorder",
    "tenantry.twilio.http.traffic_log",
    "tenantry.twilio.session",
    "twilio.rest.api.v2010.account.usage.trigger",
    "twilio.rest.events.v1.subscription",
    "twilio.rest.iam.v1.api_key",
)
SAMPLE = Path(__file__).resolve().parents[2]
LONGEST = 100_000  # bytes of an order


class Nursery:
    """The side of the tests."""

    def __init__(self) -> None:
        self._ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, __file__, str(theirs.fileno())]
        self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()])
        theirs.close()

    def start(self, environ: Mapping[str, str], stdout: int, stderr: int) -> int:
        """Start a plugin process with these file descriptors; return its id."""
        socket.send_fds(self._ours, [json.dumps(environ).encode()], [stdout, stderr])
        return int(self._ours.recv(LONGEST))

    def end(self) -> None:
        self._ours.close()
        self._process.wait(10)


def _serve(orders: socket.socket) -> None:
    for module in HEAVY:
        importlib.import_module(module)
    for name, kind in importlib.import_module("tenantry.model.kinds").KINDS.items():
        importlib.import_module(f"tenantry.providers.{name}")
        kind.spec.model_rebuild()  # else each process builds what it reads its inputs with
    importlib.import_module("tenantry.manifest.load").load(SAMPLE)  # and its manifests
    importlib.import_module("tenantry").__getattr__("__version__")  # which reads what is installed
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        order, descriptors, _, _ = socket.recv_fds(orders, LONGEST, 2)
        if not order:
            return
        child = os.fork()
        if child == 0:
            orders.close()
            _become_plugin(json.loads(order), *descriptors)
        orders.send(str(child).encode())
        for descriptor in descriptors:
            os.close(descriptor)


def _become_plugin(environ: Mapping[str, str], stdout: int, stderr: int) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    importlib.reload(importlib.import_module("tenantry.engine.run.lifeline"))
    os.dup2(stdout, 1)
    os.dup2(stderr, 2)
    os.environ.clear()
    os.environ.update(environ)
    os.chdir(environ["PWD"])
    sys.argv = ["tenantry.plugin.server", "127.0.0.1:0"]
    runpy.run_module("tenantry.plugin.server", run_name="__main__")


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
