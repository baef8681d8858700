"""moto's server as a process of its own: what boto3 says goes over a wire."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

PROGRAM = """
import sys
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
server.start()
print(*server.get_host_and_port(), flush=True)
sys.stdin.read()
"""
"""Says where it listens as soon as it does, and ends with the tests."""


@contextmanager
def run_moto() -> Iterator[str]:
    """Run it until the end of the block; yield its address."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    with subprocess.Popen([sys.executable, "-c", PROGRAM], env=environ, **pipes) as process:
        try:
            host, port = process.stdout.readline().split()
            yield f"http://{host}:{port}"
        finally:
            process.kill()
