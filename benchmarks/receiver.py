"""What receiving costs: callbacks at a fixed rate, each of another trigger, signed as Twilio signs.

`make bench`, or `python benchmarks/receiver.py --database postgresql --rate 500 --seconds 60`. The sender does not wait
for answers before it sends on, and a latency counts from the moment at which its request was due. It counts what was
answered with 204, and then how many of these the ledger has. Nothing here is a test: a slow machine must not fail a
build.
"""

import argparse
import asyncio
import json
import os
import secrets
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

import aiohttp
from twilio.request_validator import RequestValidator

from faketwilio.control.console import act
from faketwilio.server import FakeTwilio
from faketwilio.store.store import Store
from tenantry.ledger.address import Address, PostgresAddress, SqliteAddress
from tenantry.ledger.opening import make_ledger, open_ledger
from tenantry.ledger.standing import NewStanding, replace_standing
from tenantry.ledger.values import StackRef
from tenantry.model.tenant import Tenant
from tenantry.model.tenant_standing import stand

HOST = "https://hooks.owl.example"
CONNECTIONS = 64
NEIGHBOUR_RATE = 20
"""Requests a second of a tenant beside which another one storms."""
CAP = {
    "usage_category": "sms",
    "trigger_by": "count",
    "trigger_value": 1000,
    "recurring": "monthly",
    "callback_url": f"{HOST}/usage",
}


@dataclass
class Answers:
    """What the sender saw."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)
    """The triggers whose callback was answered with 204."""

    @property
    def counts(self) -> str:
        """How often each status came."""
        return ", ".join(f"{count} × {status}" for status, count in sorted(self.statuses.items()))

    def percentile(self, percent: float) -> float:
        """Return a latency in milliseconds."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(int(len(ordered) * percent / 100), len(ordered) - 1)] if ordered else 0.0


@contextmanager
def databases(name: str, folder: Path) -> Iterator[Address]:
    """Yield a new ledger: a file, or a database of a PostgreSQL server that is started for it."""
    if name == "sqlite":
        yield SqliteAddress(folder / "ledger.db")
        return
    sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "e2e"))
    from e2e_postgres import programs, running_postgres

    where = programs()
    if where is None:
        raise SystemExit("PostgreSQL is not installed here.")
    with running_postgres(where) as server:
        yield PostgresAddress(server.url(server.new_database("receiver")))


@contextmanager
def new_project(database: str, store: Store | None = None) -> Iterator[tuple[Path, Address, FakeTwilio]]:
    """Yield the folder of a project, its new ledger, and a fake Twilio with that store or an empty one."""
    with TemporaryDirectory(prefix="tenantry-bench-") as name, databases(database, Path(name)) as address:
        make_ledger(address)
        write_project(Path(name), address)
        with FakeTwilio(store) as fake:
            yield Path(name), address, fake


def write_project(folder: Path, address: Address) -> None:
    """Write a project whose ledger this is; its tenants are answers to the ledger alone."""
    where = str(address) if isinstance(address, SqliteAddress) else "postgresql:"
    (folder / "tenantry.yaml").write_text(json.dumps({"format": 1, "webhooks": HOST, "ledger": where}))


def make_tenants(fake: FakeTwilio, address: Address, count: int) -> list[tuple[str, str]]:
    """Make accounts, tell the ledger of their tenants, and return SIDs and tokens."""
    rows, accounts = [], []
    for number in range(count):
        fields = {"friendly_name": f"T{number} (t{number})"}
        sid = act(fake.store, {"create": "subaccount", "account": fake.account_sid, "fields": fields})["sid"]
        tenant = Tenant.model_validate({"tenant": f"t{number}", "name": f"T{number}", "usage_triggers": {"sms": CAP}})
        rows.append(NewStanding(f"t{number}", sid, stand(tenant, sid, HOST, {}).model_dump_json()))
        accounts.append((sid, fake.store.accounts.get(sid).auth_token))
    with open_ledger(address) as ledger:
        replace_standing(ledger, StackRef(fake.account_sid), rows, None)
    return accounts


@contextmanager
def serving(folder: Path, fake: FakeTwilio, address: Address) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Yield the address of `tenantry serve` and its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environ = {
        **os.environ,
        "TWILIO_ACCOUNT_SID": fake.account_sid,
        "TWILIO_AUTH_TOKEN": fake.auth_token,
        "TENANTRY_TWILIO_URL": fake.url,
        "TENANTRY_LEDGER_URL": getattr(address, "url", ""),
    }
    command = [sys.executable, "-m", "tenantry.cli", "serve", "--port", str(port), "-C", str(folder)]
    with (folder / "log").open("wb") as log, subprocess.Popen(command, env=environ, stderr=log) as process:
        try:
            yield f"http://127.0.0.1:{port}", process
        finally:
            process.terminate()


def sign(accounts: list[tuple[str, str]], number: int) -> tuple[str, bytes, str]:
    """Return a trigger, the body of its callback, and its signature."""
    account_sid, token = accounts[number % len(accounts)]
    trigger = f"UT{secrets.token_hex(16)}"
    fields = {
        "AccountSid": account_sid,
        "UsageTriggerSid": trigger,
        "DateFired": formatdate(),
        "Recurring": "monthly",
        "UsageCategory": "sms",
        "TriggerBy": "count",
        "TriggerValue": "1000.000000",
        "CurrentValue": "1000.000000",
    }
    return trigger, urlencode(fields).encode(), RequestValidator(token).compute_signature(f"{HOST}/usage", fields)


async def send_all(
    url: str, calls: list[tuple[str, bytes, str]], rate: int, *, is_ready: bool = False, connections: int = CONNECTIONS
) -> Answers:
    """Send at a rate, whatever comes back, and return what was seen; wait before that until it is ready."""
    answers = Answers()
    connector = aiohttp.TCPConnector(limit=connections)
    async with aiohttp.ClientSession(connector=connector) as session:
        if not is_ready:
            await wait_until_ready(session, url)
        began, tasks = time.monotonic() + 0.5, []
        for number, call in enumerate(calls):
            due = began + number / rate
            await asyncio.sleep(max(due - time.monotonic(), 0))
            tasks.append(asyncio.create_task(_send(session, url, call, due, answers)))
        await asyncio.gather(*tasks)
    return answers


async def wait_until_ready(session: aiohttp.ClientSession, url: str) -> None:
    """Return when a receiver says that it can do its work; ends the benchmark where it does not within a minute."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            async with session.get(f"{url}/healthz") as answer:
                if answer.status == 200:
                    return
        except aiohttp.ClientError:
            pass
        await asyncio.sleep(0.05)
    raise SystemExit("The receiver did not start.")


async def _send(
    session: aiohttp.ClientSession, url: str, call: tuple[str, bytes, str], due: float, answers: Answers
) -> None:
    trigger, body, signature = call
    headers = {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"}
    async with session.post(f"{url}/usage", data=body, headers=headers) as answer:
        answers.statuses[answer.status] += 1
        answers.seconds.append(time.monotonic() - due)
        if answer.status == 204:
            answers.answered.append(trigger)


def send_in_process(url: str, calls: list[tuple[str, bytes, str]], rate: int) -> Answers:
    """Send all, in a process of its own."""
    return asyncio.run(send_all(url, calls, rate))


def send_beside(
    url: str, calls: list[tuple[str, bytes, str]], storm: list[tuple[str, bytes, str]]
) -> tuple[Answers, Answers]:
    """Send a neighbour's calls beside a storm of another tenant, which another process sends; return both."""
    rate = max(len(storm) * NEIGHBOUR_RATE // len(calls), 1)
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        sent = pool.submit(send_in_process, url, storm, rate)
        return asyncio.run(send_all(url, calls, NEIGHBOUR_RATE)), sent.result()


def cpu_of(process: int) -> float:
    """Return the seconds of CPU that a process has used."""
    parts = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


def count_lost(address: Address, answered: list[str]) -> int:
    """Return how many callbacks were answered with 204 and are not in the ledger."""
    with open_ledger(address) as ledger:
        kept = {row[0] for row in ledger.rows("SELECT trigger_sid FROM cap_events")}
    return len(set(answered) - kept)


def measure(database: str, rate: int, seconds: int, tenants: int) -> None:
    """Print one line of figures."""
    with ExitStack() as stack:
        folder, address, fake = stack.enter_context(new_project(database))
        accounts = make_tenants(fake, address, tenants)
        calls = [sign(accounts, number) for number in range(rate * seconds)]
        url, process = stack.enter_context(serving(folder, fake, address))
        asyncio.run(send_all(url, [], rate))
        cpu = -cpu_of(process.pid)
        answers = asyncio.run(send_all(url, calls, rate, is_ready=True))
        cpu += cpu_of(process.pid)
        lost = count_lost(address, answers.answered)
    print(
        f"{database}: {rate} requests/s for {seconds} s, {tenants} tenants: {answers.counts}; "
        f"p50 {answers.percentile(50):.1f} ms, p99 {answers.percentile(99):.1f} ms, "
        f"longest {answers.percentile(100):.0f} ms; "
        f"CPU of the receiver, its start left out, {100 * cpu / seconds:.0f} %; lost {lost}"
    )


def measure_storm(database: str, rate: int, seconds: int) -> None:
    """Print how long a tenant waits while nobody else sends, and while another tenant sends at a rate."""
    with ExitStack() as stack:
        folder, address, fake = stack.enter_context(new_project(database))
        noisy, neighbour = make_tenants(fake, address, 2)
        storm = [sign([noisy], 0) for _ in range(rate * seconds)]
        alone, beside = ([sign([neighbour], 0) for _ in range(NEIGHBOUR_RATE * seconds)] for _ in "ab")
        url, _ = stack.enter_context(serving(folder, fake, address))
        quiet = asyncio.run(send_all(url, alone, NEIGHBOUR_RATE))
        stormy, sent = send_beside(url, beside, storm)
        lost = count_lost(address, quiet.answered + stormy.answered + sent.answered)
    print(
        f"{database}: a tenant with {NEIGHBOUR_RATE} requests/s for {seconds} s: "
        f"alone p50 {quiet.percentile(50):.1f} ms, p99 {quiet.percentile(99):.1f} ms; "
        f"beside a storm of {rate} requests/s of another tenant "
        f"p50 {stormy.percentile(50):.1f} ms, p99 {stormy.percentile(99):.1f} ms; "
        f"{stormy.counts}; the storm {sent.counts}, p99 {sent.percentile(99):.0f} ms; lost {lost}"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    parser.add_argument("--rate", type=int, default=500)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--tenants", type=int, default=1000)
    parser.add_argument("--storm", action="store_true", help="only a storm of one tenant beside another")
    asked = parser.parse_args()
    for database in asked.database or ["sqlite", "postgresql"]:
        if not asked.storm:
            measure(database, asked.rate, asked.seconds, asked.tenants)
        measure_storm(database, asked.rate, asked.seconds)
