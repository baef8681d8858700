"""What telemetry costs: `tenantry up` of a new fleet with OpenTelemetry off and on, beside a collector.

`python benchmarks/telemetry.py --tenants 100 --latency-ms 150 --times 3`. Both are run in turn, each time with a new
fake and a new stack; the least of each is compared, for that is what the other processes of the machine disturb least.
The collector runs in a process of its own, and its CPU counts for nothing. Nothing here is a test.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from subprocess import PIPE, Popen

import requests
from figures import Row
from fleet import Fleet, run_fleet

COLLECT = "--collect"


def main() -> None:
    """Measure both in turn and print a table."""
    options = _options()
    if options.collect:
        _collect()
    print(f"{options.tenants} tenants, {options.latency_ms:g} ms a call, the least of {options.times}")
    rows: dict[str, list[Row]] = {"off": [], "on": []}
    with _collector() as endpoint:
        for _ in range(options.times):
            for name, environ in (("off", {}), ("on", {"OTEL_EXPORTER_OTLP_ENDPOINT": endpoint})):
                row, taken = _measure_up(options, environ), requests.get(endpoint, timeout=10).text
                rows[name].append(row)
                print(f"{name:4} {row.wall:7.2f} s wall {row.cpu:7.2f} s CPU, {taken} exports up to now", flush=True)
    for what in ("wall", "cpu"):
        off, on = (min(getattr(row, what) for row in rows[name]) for name in ("off", "on"))
        print(f"{what:5} off {off:7.2f} s, on {on:7.2f} s, ratio {on / off:.3f}")


def _measure_up(options: argparse.Namespace, environ: dict[str, str]) -> Row:
    with tempfile.TemporaryDirectory() as folder, run_fleet(Path(folder), options.tenants, options.latency_ms) as fleet:
        project = replace(fleet.project, environ={**fleet.project.environ, **environ})
        return Fleet(project, fleet.fake, fleet.tenants, fleet.of_tenant).command("up", "--no-policies", "--yes")


@contextmanager
def _collector() -> Iterator[str]:
    with Popen([sys.executable, __file__, COLLECT], stdout=PIPE, text=True) as process:
        try:
            yield f"http://127.0.0.1:{next(iter(process.stdout or ())).strip()}"
        finally:
            process.terminate()


def _collect() -> None:
    """Take whatever is exported, until the process is ended."""
    with _Collector(("127.0.0.1", 0), _Taker) as server:
        print(server.server_port, flush=True)
        server.serve_forever()


class _Collector(ThreadingHTTPServer):
    taken = 0
    """How many exports came: none would mean that nothing was measured."""


class _Taker(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken += 1  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self) -> None:
        body = f"{self.server.taken}".encode()  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tenants", type=int, default=100)
    parser.add_argument("--latency-ms", type=float, default=150)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument(COLLECT, action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
