"""What becomes of requests while the ledger is down: all are to be sent again, and none that was accepted is lost.

`python benchmarks/receiver_outage.py --database sqlite --rate 100 --seconds 60`. Before and after that the ledger is
there for 10 seconds. SQLite is down because another process writes without an end; PostgreSQL because it lets nobody
in. Nothing here is a test.
"""

import argparse
import asyncio
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import psycopg
from receiver import Answers, count_lost, make_tenants, new_project, send_all, serving, sign

from tenantry.ledger.address import Address, SqliteAddress
from tenantry.ledger.opening import open_ledger

TENANTS = 100
CONNECTIONS = 900
"""While it is down, a request waits up to 4 seconds for its answer; more than 1,000 at once are refused."""
AROUND = 10
"""Seconds before and after."""


@contextmanager
def outage(address: Address) -> Iterator[None]:
    """Let a ledger be down."""
    if isinstance(address, SqliteAddress):
        with open_ledger(address) as other:
            other.run("BEGIN IMMEDIATE")
            yield
        return
    server, _, rest = address.url.rpartition("/")
    database, _, options = rest.partition("?")
    with psycopg.connect(f"{server}/postgres?{options}", autocommit=True) as admin:
        admin.execute(f'ALTER DATABASE "{database}" ALLOW_CONNECTIONS false')
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (database,))
        try:
            yield
        finally:
            admin.execute(f'ALTER DATABASE "{database}" ALLOW_CONNECTIONS true')


def send_until_accepted(url: str, calls: list[tuple[str, bytes, str]]) -> tuple[float, Answers]:
    """Send one request after the other until one is accepted; return the seconds that it took."""
    began = time.monotonic()
    for call in calls:
        answers = asyncio.run(send_all(url, [call], 1))
        if answers.answered:
            break
    return time.monotonic() - began, answers


def measure(database: str, rate: int, seconds: int) -> None:
    """Print the figures of one database."""
    with ExitStack() as stack:
        folder, address, fake = stack.enter_context(new_project(database))
        accounts = make_tenants(fake, address, TENANTS)
        before, during, after = (
            [sign(accounts, number) for number in range(rate * part)] for part in (AROUND, seconds, AROUND)
        )
        url, _ = stack.enter_context(serving(folder, fake, address))
        parts = [asyncio.run(send_all(url, before, rate))]
        with outage(address):
            parts.append(asyncio.run(send_all(url, during, rate, is_ready=True, connections=CONNECTIONS)))
        back, first = send_until_accepted(url, after)
        parts.append(asyncio.run(send_all(url, after[len(first.answered) :], rate)))
        again = [call for call in during if call[0] not in parts[1].answered]
        parts.append(asyncio.run(send_all(url, again, rate * 2)))
        answered = [sid for part in (*parts, first) for sid in part.answered]
        lost = count_lost(address, answered)
    names = ("before", "while it was down", "after", "sent again")
    print(
        f"{database}: down for {seconds} s at {rate} requests/s: "
        + "; ".join(
            f"{name} {part.counts}, p99 {part.percentile(99):.0f} ms" for name, part in zip(names, parts, strict=True)
        )
        + f"; accepted {back:.1f} s after it was back; lost {lost}"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    parser.add_argument("--rate", type=int, default=100)
    parser.add_argument("--seconds", type=int, default=60)
    asked = parser.parse_args()
    for database in asked.database or ["sqlite", "postgresql"]:
        measure(database, asked.rate, asked.seconds)
