"""What `health` and `access` cost: seconds and calls for many tenants at a fake Twilio that is far away.

`python benchmarks/health.py --tenants 1000 --latency-ms 150`. No engine: accounts are found by name. Health runs
without a ledger, with an empty one, with one that has the days, and offline. Nothing here is a test.
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

MESSAGES = 60
FINE = (0, 2)
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
