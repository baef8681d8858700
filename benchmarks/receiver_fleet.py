"""What a receiver costs with many tenants: to start, in memory, to write how they stand, and to sweep.

`python benchmarks/receiver_fleet.py --tenants 25000 --suspending 2500`. Each tenant has an account, a usage trigger
and a webhook for errors; the sweep asks Twilio only for those with a cap that suspends. Nothing here is a test.
"""

import argparse
import asyncio
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import aiohttp
from receiver import CAP, HOST, new_project, serving, wait_until_ready

from faketwilio.control.console import act
from faketwilio.server import FakeTwilio
from faketwilio.store.behaviour import Behaviour
from faketwilio.store.store import Store
from tenantry.engine.state.deployment import StateResource
from tenantry.ledger.address import Address
from tenantry.ledger.opening import open_ledger
from tenantry.ledger.standing import each_document
from tenantry.ledger.values import StackRef
from tenantry.manifest.load import load_or_refuse
from tenantry.operations.caps.sweep import sweep_caps
from tenantry.operations.caps.sync import sync_standing
from tenantry.receiver.index import index_of
from tenantry.twilio.session import Session

MANIFEST = """tenant: {slug}
name: {slug}
debugger_webhook: {{url: "{host}/errors/{slug}"}}
usage_triggers:
  sms: {{usage_category: sms, trigger_by: count, trigger_value: 1000, recurring: monthly, callback_url: "{url}"{fire}}}
"""


@contextmanager
def time_step(what: str) -> Iterator[None]:
    """Print how long something takes."""
    began = time.monotonic()
    yield
    print(f"  {what}: {time.monotonic() - began:.2f} s", flush=True)


def make_accounts(fake: FakeTwilio, count: int) -> list[str]:
    """Make accounts, and return their SIDs."""
    orders = [
        {"create": "subaccount", "account": fake.account_sid, "fields": {"friendly_name": f"t{number} (t{number})"}}
        for number in range(count)
    ]
    return [act(fake.store, order)["sid"] for order in orders]


def make_triggers(fake: FakeTwilio, accounts: list[str]) -> None:
    """Make the trigger of each of some accounts."""
    fields = {**CAP, "friendly_name": "sms", "trigger_value": "1000", "callback_url": f"{HOST}/usage"}
    for account in accounts:
        act(fake.store, {"create": "usage_trigger", "account": account, "fields": fields})


def write_manifests(folder: Path, count: int, suspending: int) -> None:
    """Write a manifest for each tenant; the first ones have a cap that suspends."""
    (folder / "tenants").mkdir()
    for number in range(count):
        fire = ", on_fire: {action: suspend}" if number < suspending else ""
        text = MANIFEST.format(slug=f"t{number}", host=HOST, url=CAP["callback_url"], fire=fire)
        (folder / "tenants" / f"t{number}.yaml").write_text(text)


def memory_of(process: int, what: str) -> int:
    """Return megabytes that a process holds (VmRSS), or held at most (VmHWM)."""
    status = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in status if line.startswith(what))


async def _wait(url: str) -> None:
    async with aiohttp.ClientSession() as session:
        await wait_until_ready(session, url)


def measure_receiver(folder: Path, fake: FakeTwilio, address: Address) -> None:
    """Print how long a receiver takes to start, and its memory."""
    fake.store.request_log.clear()
    began = time.monotonic()
    with serving(folder, fake, address) as (url, process):
        asyncio.run(_wait(url))
        seconds = time.monotonic() - began
        calls = len(fake.store.request_log.log)
        print(
            f"  from start to ready: {seconds:.2f} s, {calls} calls; memory {memory_of(process.pid, 'VmRSS')} MB, "
            f"at most {memory_of(process.pid, 'VmHWM')} MB",
            flush=True,
        )


def measure(database: str, tenants: int, suspending: int) -> None:
    """Print the figures of one database."""
    print(f"{database}, {tenants} tenants, {suspending} with a cap that suspends:", flush=True)
    with ExitStack() as stack:
        store = Store(behaviour=Behaviour(max_subaccounts=tenants))
        folder, address, fake = stack.enter_context(new_project(database, store))
        write_manifests(folder, tenants, suspending)
        accounts = make_accounts(fake, tenants)
        make_triggers(fake, accounts[:suspending])
        with time_step("manifests read"):
            loaded = load_or_refuse(folder)
        state = [StateResource("", "", "subaccount", f"t{number}", sid, {}, {}) for number, sid in enumerate(accounts)]
        ledger = stack.enter_context(open_ledger(address))
        with time_step("standing of all written (`tenantry sync`)"):
            sync_standing(ledger, StackRef(fake.account_sid), loaded, state, None)
        with time_step("routing table made"):
            index_of(each_document(ledger, fake.account_sid))
        measure_receiver(folder, fake, address)
        environ = {"TWILIO_ACCOUNT_SID": fake.account_sid, "TWILIO_AUTH_TOKEN": fake.auth_token}
        session = Session.from_env({**environ, "TENANTRY_TWILIO_URL": fake.url})
        with time_step("sweep"):
            swept = sweep_caps(ledger, session, fake.account_sid)
        print(f"  the sweep read {swept.tenants} tenants in {swept.calls} calls, {len(swept.failed)} failed")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    parser.add_argument("--tenants", type=int, default=25_000)
    parser.add_argument("--suspending", type=int, default=2_500, help="tenants with a cap that suspends")
    asked = parser.parse_args()
    for database in asked.database or ["sqlite"]:
        measure(database, asked.tenants, asked.suspending)
