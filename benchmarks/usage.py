"""What a month of usage costs: seconds, CPU, memory and calls for many tenants at a fake Twilio that is far away.

`python benchmarks/usage.py --tenants 1000 --latency-ms 150`. No engine: accounts are found by name, as with
`tenantry usage --without-state`. Seconds differ between machines; calls do not. Nothing here is a test.
"""

import argparse
import os
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import run

import requests
from fake_process import run_fake
from processes import Watch, cpu_seconds

CATEGORIES = {
    "sms-outbound-longcode": {"count": 10, "usage": 14, "price": "0.1106"},
    "sms-inbound-longcode": {"count": 8, "usage": 8, "price": "0.06"},
    "sms-messages-carrierfees": {"count": 10, "usage": 14, "price": "0.042"},
    "calls-inbound-local": {"count": 3, "usage": 5, "price": "0.0425"},
    "calls-outbound": {"count": 2, "usage": 4, "price": "0.056"},
}
FORMATS = ("json", "csv", "html", "text")
FINE = (0, 2)


def main() -> None:
    """Measure each format and print a table."""
    options = _options()
    with (
        tempfile.TemporaryDirectory() as name,
        run_fake(options.latency_ms, "max_subaccounts=20000") as (process, variables),
    ):
        folder = Path(name)
        environ = {**os.environ, **variables}
        url = variables["TENANTRY_TWILIO_URL"]
        month = _fill(folder, url, variables["TWILIO_ACCOUNT_SID"], options.tenants)
        print(f"usage of {options.tenants} tenants in {month}, {options.latency_ms:g} ms a call")
        print(f"{'':8} {'wall s':>7} {'CPU s':>7} {'MB':>6} {'calls':>7} {'/tenant':>8} {'bytes':>10}")
        for form in FORMATS:
            _measure(form, ["--month", month, "--format", form], folder, environ, process.pid, url, options.tenants)


def _measure(
    what: str, arguments: list[str], folder: Path, environ: dict[str, str], fake: int, url: str, tenants: int
) -> None:
    requests.post(f"{url}/_fake/requests/reset", timeout=60)
    command = [sys.executable, "-m", "tenantry.cli", "usage", "--without-state", *arguments]
    wall, cpu = time.monotonic(), cpu_seconds()
    with Watch(but=fake) as watch:
        done = run(command, cwd=folder, env=environ, capture_output=True, check=False)
    wall, cpu = time.monotonic() - wall, cpu_seconds() - cpu
    if done.returncode not in FINE:
        raise SystemExit(done.stderr.decode())
    calls = requests.get(f"{url}/_fake/requests", timeout=60).json()["total"]
    figures = f"{wall:7.1f} {cpu:7.1f} {watch.peak / 1e6:6.0f} {calls:7} {calls / tenants:8.3f}"
    print(f"{what:8} {figures} {len(done.stdout):10}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tenants", type=int, default=1000)
    parser.add_argument("--latency-ms", type=float, default=150)
    return parser.parse_args()


def _fill(folder: Path, url: str, parent: str, tenants: int) -> str:
    """Write manifests, make their accounts and a month of usage by the fake's control plane; return the month."""
    (folder / "tenantry.yaml").write_text("format: 1\n")
    (folder / "tenants").mkdir()
    for number in range(tenants):
        slug = f"t{number:05}"
        (folder / "tenants" / f"{slug}.yaml").write_text(f"tenant: {slug}\nname: Tenant {number}\n")
        fields = {"friendly_name": f"Tenant {number} ({slug})"}
        order = {"create": "subaccount", "account": parent, "fields": fields}
        requests.post(f"{url}/_fake/console", json=order, timeout=60).raise_for_status()
    last = datetime.now(UTC).date().replace(day=1) - timedelta(days=1)
    order = {"accounts": "all", "days": last.day, "until": str(last), "categories": CATEGORIES}
    requests.post(f"{url}/_fake/usage/daily", json=order, timeout=600).raise_for_status()
    return f"{last:%Y-%m}"


if __name__ == "__main__":
    main()
