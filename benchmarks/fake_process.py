"""A fake Twilio as a process of its own, which a benchmark measures against."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from subprocess import PIPE, Popen


@contextmanager
def run_fake(latency_ms: float = 0, *behaviour: str, seed: int = 1) -> Iterator[tuple[Popen[str], dict[str, str]]]:
    """Start a fake, and yield its process and the variables that lead to it; end it afterwards.

    `behaviour` are switches of the fake, such as `max_subaccounts=20000`. Each seed has another parent.
    """
    arguments = [sys.executable, "-m", "tenantry.cli", "fake", "--seed", str(seed), "--latency-ms", str(latency_ms)]
    switches = [part for switch in behaviour for part in ("--behaviour", switch)]
    with Popen([*arguments, *switches], stdout=PIPE, stderr=PIPE, text=True) as process:
        lines = [next(iter(process.stdout or ())) for _ in range(3)]
        try:
            yield process, dict(line.removeprefix("export ").strip().split("=", 1) for line in lines)
        finally:
            process.terminate()
