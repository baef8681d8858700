"""What `health` and `access` cost: seconds and calls for many tenants at a fake Twilio that is far away.

`python benchmarks/health.py --tenants 1000 --latency-ms 150`. No engine: accounts are found by name. Health runs
without a ledger, with an empty one, with one that has the days, with a receiver's too, and offline. Nothing here is a
test.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import run

import requests
from fake_process import run_fake

from tenantry.ledger.address import SqliteAddress
from tenantry.ledger.leases import sweep_lease, take_lease
from tenantry.ledger.opening import open_ledger
from tenantry.ledger.standing import NewStanding, replace_standing
from tenantry.ledger.values import StackRef, stamp
from tenantry.model.tenant_standing import TenantStanding

MESSAGES = 60
FINE = (0, 2)
AGO = timedelta(days=10)
SLO = "slo: {delivered_percent: 95}\n"


def main() -> None:
    """Measure each way and print a table."""
    options = _options()
    with tempfile.TemporaryDirectory() as name, run_fake(options.latency_ms, "max_subaccounts=20000") as (_, variables):
        folder, url = Path(name), variables["TENANTRY_TWILIO_URL"]
        environ = {**os.environ, **variables, "XDG_CACHE_HOME": str(folder / "cache")}
        _fill(folder, url, options.tenants)
        print(f"{options.tenants} tenants of {MESSAGES} messages in 30 days, {options.latency_ms:g} ms a call")
        print(f"{'':28} {'wall s':>7} {'calls':>7} {'/tenant':>8} {'bytes':>10}")
        measure = _measurer(folder, environ, url, options.tenants)
        measure("health, no ledger", "health", "--format", "json")
        (folder / "tenantry.yaml").write_text(f"format: 1\nledger: sqlite:{folder}/ledger.db\n")
        run([sys.executable, "-m", "tenantry.cli", "ledger", "init"], cwd=folder, env=environ, check=True)
        measure("health, empty ledger", "health", "--format", "json")
        measure("health, ledger", "health", "--format", "json")
        _run_receiver(folder / "ledger.db", variables["TWILIO_ACCOUNT_SID"], url)
        measure("health, ledger and receiver", "health", "--format", "json")
        measure("health, ledger, HTML", "health", "--format", "html")
        measure("health --offline", "health", "--offline", "--format", "json")
        measure("access", "access", "--format", "json")


def _measurer(folder: Path, environ: dict[str, str], url: str, tenants: int) -> Callable[..., None]:
    def measure(what: str, *arguments: str) -> None:
        requests.post(f"{url}/_fake/requests/reset", timeout=60)
        command = [sys.executable, "-m", "tenantry.cli", arguments[0], "--without-state", *arguments[1:]]
        began = time.monotonic()
        done = run(command, cwd=folder, env=environ, capture_output=True, check=False)
        wall = time.monotonic() - began
        if done.returncode not in FINE:
            raise SystemExit(done.stderr.decode())
        calls = requests.get(f"{url}/_fake/requests", timeout=60).json()["total"]
        print(f"{what:28} {wall:7.1f} {calls:7} {calls / tenants:8.3f} {len(done.stdout):10}", flush=True)

    return measure


def _run_receiver(ledger_file: Path, parent: str, url: str) -> None:
    """Let the ledger say that a receiver runs, to which the errors of every tenant come."""
    with open_ledger(SqliteAddress(ledger_file)) as ledger:
        slugs = {sid: name.rpartition("(")[2].rstrip(")") for sid, name in _list_accounts(url) if sid != parent}
        rows = [NewStanding(slug, sid, _standing(slug, sid).model_dump_json()) for sid, slug in slugs.items()]
        replace_standing(ledger, StackRef(parent, ""), rows, None)
        ledger.insert_many(
            "error_events",
            "parent, tenant, account_sid, identity, level, code, message, happened_at, received_at",
            [
                (parent, slug, sid, sid, "error", "11200", "", *[stamp(ledger.now() - AGO)] * 2)
                for sid, slug in slugs.items()
            ],
        )
        take_lease(ledger, sweep_lease(parent), "benchmark", timedelta(hours=1))


def _standing(slug: str, sid: str) -> TenantStanding:
    url = f"https://hooks.owl.example/errors/{slug}"
    return TenantStanding(tenant=slug, name=slug, customer_key=slug, account_sid=sid, error_url=url)


def _list_accounts(url: str) -> list[tuple[str, str]]:
    accounts = requests.get(f"{url}/_fake/state", timeout=120).json()["accounts"]
    return [(sid, account["friendly_name"]) for sid, account in accounts.items()]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tenants", type=int, default=1000)
    parser.add_argument("--latency-ms", type=float, default=150)
    return parser.parse_args()


def _fill(folder: Path, url: str, tenants: int) -> None:
    """Write manifests, make their accounts and a month of messages by the fake's control plane."""
    (folder / "tenantry.yaml").write_text("format: 1\n")
    (folder / "tenants").mkdir()
    for number in range(tenants):
        text = f"tenant: t{number}\nname: Tenant {number}\n{SLO}"
        (folder / "tenants" / f"t{number}.yaml").write_text(text)
    fields = {"friendly_name": "Tenant (t{number})"}
    order = {"kind": "subaccount", "count": tenants, "fields": fields}
    requests.post(f"{url}/_fake/seed", json=order, timeout=600).raise_for_status()
    now = datetime.now(UTC)
    span = {"start": f"{now - timedelta(days=30):%Y-%m-%d}", "end": f"{now:%Y-%m-%d}"}
    status = {"status": ["delivered"] * 19 + ["undelivered"]}
    order = {"kind": "message", "account": "all", "count": MESSAGES, "fields": status, **span}
    requests.post(f"{url}/_fake/seed", json=order, timeout=600).raise_for_status()


if __name__ == "__main__":
    main()
