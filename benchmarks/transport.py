"""How much of what Twilio allows at once the transport uses: 64 threads against a fake that refuses more than a cap.

`python benchmarks/transport.py --latency-ms 150 --calls 2000`. The ratio is of calls per latency to the cap, both of
one run: the latency is what a lone call took in it. Nothing here is a test: a slow machine must not fail a build.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from subprocess import PIPE, Popen

from tenantry.twilio.limit import MOST
from tenantry.twilio.session import Session

ALONE = 10  # calls that are sent one after the other, to know what one takes
SETTLED = 200  # calls before the clock starts


def main() -> None:
    """Measure each cap and print a line of it."""
    options = _options()
    print(" cap  ms a call  calls/s  calls per latency  of the cap   429s  waited s")
    for cap in options.caps:
        with _fake(options.latency_ms, cap) as variables:
            _measure(Session.from_env({**os.environ, **variables}), cap, options.calls)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--latency-ms", type=float, default=150)
    parser.add_argument("--calls", type=int, default=2000)
    parser.add_argument("caps", type=int, nargs="*", default=[5, 10, 20, 40, 100])
    return parser.parse_args()


@contextmanager
def _fake(latency_ms: float, cap: int) -> Iterator[dict[str, str]]:
    """Run a fake in a process of its own, so that it does not share our interpreter's lock."""
    order = ["--latency-ms", str(latency_ms), "--behaviour", f"max_concurrent_requests={cap}"]
    with Popen([sys.executable, "-m", "tenantry.cli", "fake", *order], stdout=PIPE, stderr=PIPE, text=True) as process:
        lines = [next(iter(process.stdout or ())) for _ in range(3)]
        try:
            yield dict(line.removeprefix("export ").strip().split("=", 1) for line in lines)
        finally:
            process.terminate()


def _measure(session: Session, cap: int, calls: int) -> None:
    account = session.subaccounts.create("Acme (acme)").sid
    latency = _seconds(session, account, ALONE, threads=1) / ALONE
    _seconds(session, account, SETTLED, threads=MOST)
    before = session.traffic
    wall = _seconds(session, account, calls, threads=MOST)
    at_once = calls / wall * latency
    throttled, waited = session.traffic.throttled - before.throttled, session.traffic.waited - before.waited
    share = at_once / min(cap, MOST)
    print(
        f"{cap:4} {latency * 1000:10.1f} {calls / wall:8.0f} {at_once:18.1f} {share:11.0%} {throttled:6} {waited:9.1f}"
    )


def _seconds(session: Session, account: str, calls: int, *, threads: int) -> float:
    with ThreadPoolExecutor(threads) as pool:
        started = time.monotonic()
        for _ in pool.map(lambda _: session.api_keys.list(account), range(calls)):
            pass
        return time.monotonic() - started


if __name__ == "__main__":
    main()
