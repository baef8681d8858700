"""What retention costs: seconds, CPU, memory, calls and most in flight, for many records at a Twilio that is far away.

`python benchmarks/retention.py --tenants 200 --records 100000 --latency-ms 150`. No engine: accounts are found by name.
Half as many records again are young and must stay. Seconds differ between machines; calls do not. Nothing is a test.
"""

import argparse
import os
import re
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import run

import requests
from fake_process import run_fake
from processes import Watch, cpu_seconds

KINDS = {"message": 0.7, "call": 0.2, "recording": 0.1}
"""The kinds of records, and their shares."""
RULES = "retention: {messages: {keep_days: 30}, calls: {keep_days: 30}, recordings: {keep_days: 30}}\n"
FINE = (0, 2)


def main() -> None:
    """Measure a dry run, an apply and a second apply, and print a table."""
    options = _options()
    with tempfile.TemporaryDirectory() as name, run_fake(options.latency_ms) as (process, variables):
        folder, environ = Path(name), {**os.environ, **variables}
        url = variables["TENANTRY_TWILIO_URL"]
        _fill(folder, url, variables["TWILIO_ACCOUNT_SID"], options.tenants, options.records)
        _command(["ledger", "init"], folder, environ)
        print(f"{options.records} records due in {options.tenants} accounts, {options.latency_ms:g} ms a call")
        print(f"{'':12} {'wall s':>7} {'CPU s':>7} {'MB':>6} {'calls':>8} {'in flight':>9}  result")
        apply = ["retain", "--apply", "--max-deletes", "10000000", "--max-deletes-percent", "100"]
        for what, arguments in (("dry run", ["retain"]), ("apply", apply), ("apply again", apply)):
            _measure(what, [*arguments, "--without-state"], folder, environ, process.pid, url)
        _measure("verify", ["retain", "--verify"], folder, environ, process.pid, url)


def _measure(what: str, arguments: list[str], folder: Path, environ: dict[str, str], fake: int, url: str) -> None:
    requests.post(f"{url}/_fake/requests/reset", timeout=60)
    wall, cpu = time.monotonic(), cpu_seconds()
    with Watch(but=fake) as watch:
        output, errors = _command(arguments, folder, environ)
    wall, cpu = time.monotonic() - wall, cpu_seconds() - cpu
    calls = requests.get(f"{url}/_fake/requests", timeout=60).json()["total"]
    found = re.search(r"at most (\d+) in flight", errors)
    result = next((line for line in output.splitlines() if "tenants" in line and ":" in line), "")
    in_flight = found[1] if found else "-"
    print(f"{what:12} {wall:7.1f} {cpu:7.1f} {watch.peak / 1e6:6.0f} {calls:8} {in_flight:>9}  {result}", flush=True)


def _command(arguments: list[str], folder: Path, environ: dict[str, str]) -> tuple[str, str]:
    command = [sys.executable, "-m", "tenantry.cli", *arguments]
    done = run(command, cwd=folder, env=environ, capture_output=True, check=False, text=True)
    if done.returncode not in FINE:
        raise SystemExit(done.stdout + done.stderr)
    return done.stdout, done.stderr


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tenants", type=int, default=200)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--latency-ms", type=float, default=150)
    return parser.parse_args()


def _fill(folder: Path, url: str, parent: str, tenants: int, records: int) -> None:
    """Write manifests, make their accounts, and records that are due and that are not, by the fake's control plane."""
    (folder / "tenantry.yaml").write_text(f"format: 1\nledger: sqlite:{folder}/ledger.db\n")
    (folder / "tenants").mkdir()
    sids = []
    for number in range(tenants):
        slug = f"t{number:05}"
        (folder / "tenants" / f"{slug}.yaml").write_text(f"tenant: {slug}\nname: Tenant {number}\n{RULES}")
        fields = {"friendly_name": f"Tenant {number} ({slug})"}
        order = {"create": "subaccount", "account": parent, "fields": fields}
        sids.append(_post(url, "console", order)["sid"])
    now = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    for kind, share in KINDS.items():
        for first, last, part in ((200, 32, 1.0), (20, 1, 0.5)):
            start, end = now - timedelta(days=first), now - timedelta(days=last)
            count = round(records * share * part / tenants)
            order = {"kind": kind, "account": sids, "count": count}
            _post(url, "seed", {**order, "start": start.isoformat(), "end": end.isoformat()})


def _post(url: str, path: str, order: dict[str, object]) -> dict[str, str]:
    answer = requests.post(f"{url}/_fake/{path}", json=order, timeout=600)
    answer.raise_for_status()
    body: dict[str, str] = answer.json()
    return body


if __name__ == "__main__":
    main()
