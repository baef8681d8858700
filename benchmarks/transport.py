"""How much of what Twilio allows at once the transport uses: 64 threads against a fake that refuses more than a cap.

`python benchmarks/transport.py --latency-ms 150 --rounds 100`. The ratio is of calls per latency to the cap, both of
one run: the latency is what a lone call took in it. On a machine that is busy otherwise 64 threads take longer than
one; what our limit let go at once, on average, says how much of the loss is the limit's. Nothing here is a test: a
slow machine must not fail a build.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from subprocess import PIPE, Popen
from threading import Event, Thread

from tenantry.twilio.http.limit import MOST
from tenantry.twilio.session import Session

ALONE = 10  # calls that are sent one after the other, to know what one takes
SETTLED = 20  # rounds before the clock starts
LOOK_S = 0.005  # between two looks at how many calls are in flight


def main() -> None:
    """Measure each cap and print a line of it."""
    options = _options()
    print(" cap  ms a call  calls/s  of the cap  let go at once    429s  waited s")
    for cap in options.caps:
        with _fake(options.latency_ms, cap) as variables:
            _measure(Session.from_env({**os.environ, **variables}), cap, options.rounds)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--latency-ms", type=float, default=150)
    parser.add_argument("--rounds", type=int, default=100, help="how often as many calls as the cap")
    parser.add_argument("caps", type=int, nargs="*", default=[5, 10, 20, 50, 100])
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


def _measure(session: Session, cap: int, rounds: int) -> None:
    account = session.subaccounts.create("Acme (acme)").sid
    latency = _seconds(session, account, ALONE, threads=1) / ALONE
    _seconds(session, account, SETTLED * cap, threads=MOST)
    before, calls, most = session.traffic, rounds * cap, min(cap, MOST)
    with _looking(session) as seen:
        wall = _seconds(session, account, calls, threads=MOST)
    throttled, waited = session.traffic.throttled - before.throttled, session.traffic.waited - before.waited
    print(
        f"{cap:4} {latency * 1000:10.1f} {calls / wall:8.0f} {calls / wall * latency / most:11.0%} "
        f"{sum(seen) / len(seen) / most:15.0%} {throttled / calls:7.1%} {waited:9.1f}",
        flush=True,
    )


@contextmanager
def _looking(session: Session) -> Iterator[list[int]]:
    """Look again and again how many calls are in flight."""
    limiter, done, seen = session._transport.limiter(session.parent_sid), Event(), list[int]()

    def _look() -> None:
        while not done.wait(LOOK_S):
            seen.append(limiter.in_flight)

    thread = Thread(target=_look)
    thread.start()
    try:
        yield seen
    finally:
        done.set()
        thread.join()


def _seconds(session: Session, account: str, calls: int, *, threads: int) -> float:
    with ThreadPoolExecutor(threads) as pool:
        started = time.monotonic()
        for _ in pool.map(lambda _: session.api_keys.list(account), range(calls)):
            pass
        return time.monotonic() - started


if __name__ == "__main__":
    main()
