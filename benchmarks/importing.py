"""What an import of a hand-made fleet costs, and what it finds: seconds, calls, memory, plans, lines, writes.

`python benchmarks/importing.py --accounts 1000 --latency-ms 150 [--up]`. Each account has 2 keys, 3 triggers, a sink,
and a subscription; there are five "plans" by hand, and 8 % of the accounts differ from theirs. With `--up` the first
`up` runs too, which needs an engine, and its writes at Twilio are counted: there must be none. Nothing is a test.
"""

import argparse
import json
import os
import random
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from subprocess import run

import requests
from fake_process import run_fake
from processes import Watch, cpu_seconds

from tenantry.engine.install.find import find_engine
from tenantry.engine.install.lent import lend_packages
from tenantry.engine.run.backend import local_backend
from tenantry.engine.run.command import Project, select_stack

PLANS = ((500, 50), (1000, 100), (5000, 300), (20000, 1000), (100000, 5000))
"""Messages and minutes a month."""
OUTLIERS_PERCENT = 8
ERRORS = "com.twilio.error-logs.error.logged"
SENDER = ["/twilio/messaging/messages/create", "/twilio/messaging/messages/read"]
HOOKS = "https://hooks.owl.example"
YAML = ("tenants", "plans", "defaults.yaml")
FINE = (0, 2)


def main() -> None:
    """Fill a fake, import it with and without plans, and print what came of it."""
    options = _options()
    with (
        run_fake(options.latency_ms, "max_subaccounts=20000") as (process, variables),
        tempfile.TemporaryDirectory() as name,
    ):
        url = variables["TENANTRY_TWILIO_URL"]
        _fill(url, variables["TWILIO_ACCOUNT_SID"], options.accounts)
        environ = {**os.environ, **variables}
        sizes = {}
        for plans in ("auto", "none"):
            folder = Path(name, plans)
            folder.mkdir()
            sizes[plans] = _measure(folder, plans, environ, process.pid, url, options.accounts)
        print(f"YAML with plans / without: lines {_ratio(sizes, 0)}, bytes {_ratio(sizes, 1)}")
        if options.up:
            _first_up(Path(name, "auto"), environ, url)


def _measure(folder: Path, plans: str, environ: dict[str, str], fake: int, url: str, accounts: int) -> tuple[int, int]:
    requests.post(f"{url}/_fake/requests/reset", timeout=60)
    command = [sys.executable, "-m", "tenantry.cli", "import", "--plans", plans, "--format", "json"]
    waive = ["--waive", "--owner", "ana@owl.example", "--until", "2099-12-31"]
    wall, cpu = time.monotonic(), cpu_seconds()
    with Watch(but=fake) as watch:
        done = run([*command, *waive], cwd=folder, env=environ, capture_output=True, check=False)
    wall, cpu = time.monotonic() - wall, cpu_seconds() - cpu
    if done.returncode not in FINE:
        raise SystemExit(done.stderr.decode())
    report, calls = json.loads(done.stdout), requests.get(f"{url}/_fake/requests", timeout=60).json()["total"]
    found = {layer["file"]: layer["tenants"] for layer in report["layers"]}
    lines = median(tenant["lines"] for tenant in report["imported"])
    print(
        f"--plans {plans}: {len(report['imported'])} tenants, {wall:.1f} s, CPU {cpu:.1f} s, {watch.peak / 1e6:.0f} MB"
    )
    print(f"  {calls} calls, {calls / accounts:.3f} an account; median manifest {lines:g} lines; layers {found}")
    files = [
        path for part in YAML for path in ((folder / part).rglob("*.yaml") if part[-5:] != ".yaml" else [folder / part])
    ]
    texts = [path.read_text() for path in files if path.exists()]
    return sum(text.count("\n") for text in texts), sum(map(len, texts))


def _ratio(sizes: dict[str, tuple[int, int]], part: int) -> str:
    return f"{sizes['auto'][part]:,} / {sizes['none'][part]:,} = {sizes['auto'][part] / sizes['none'][part]:.2f}"


def _first_up(folder: Path, environ: dict[str, str], url: str) -> None:
    environ = {**lend_packages(folder, environ), **local_backend(folder / "state"), "PULUMI_STACK": "production"}
    tenantry = [sys.executable, "-m", "tenantry.cli"]
    select_stack(Project(folder, "production", find_engine(environ), environ))
    requests.post(f"{url}/_fake/requests/reset", timeout=60)
    wall = time.monotonic()
    done = run([*tenantry, "up", "--yes"], cwd=folder, env=environ, capture_output=True, text=True, check=False)
    log = requests.get(f"{url}/_fake/requests", timeout=60).json()
    writes = sum(number for line, number in _by_method(log).items() if line != "GET")
    print(f"first up: exit {done.returncode}, {time.monotonic() - wall:.1f} s, {writes} writes at Twilio")
    print("\n".join([*done.stdout.splitlines()[-4:], *done.stderr.splitlines()[-4:]]))


def _by_method(log: dict[str, object]) -> dict[str, int]:
    found: dict[str, int] = {}
    lines = log["log"]
    for line in lines if isinstance(lines, list) else []:
        method = str(line["method"] if isinstance(line, dict) else line[0])
        found[method] = found.get(method, 0) + 1
    return found


def _fill(url: str, parent: str, accounts: int) -> None:
    chance = random.Random(20261130)  # noqa: S311 - the same fleet each time
    with requests.Session() as session:

        def put(kind: str, account: str, **fields: object) -> str:
            order = {"create": kind, "account": account, "fields": fields}
            answer = session.post(f"{url}/_fake/console", json=order, timeout=60)
            answer.raise_for_status()
            return str(answer.json()["sid"])

        for number in range(accounts):
            messages, minutes = PLANS[number % len(PLANS)]
            if chance.randrange(100) < OUTLIERS_PERCENT:
                messages += chance.randrange(1, 400)
            account = put("subaccount", parent, friendly_name=f"Practice {number:04}")
            put("api_key", account, friendly_name="Web")
            put("api_key", account, friendly_name="Sender", policy=SENDER)
            often = {"recurring": "monthly", "trigger_by": "count", "callback_url": f"{HOOKS}/usage"}
            trigger = {"friendly_name": "Monthly SMS", "usage_category": "sms", "trigger_value": f"{messages}.000000"}
            put("usage_trigger", account, **trigger, **often)
            trigger = {
                "friendly_name": "Monthly calls",
                "usage_category": "calls",
                "trigger_value": f"{minutes}.000000",
            }
            put("usage_trigger", account, **trigger, **often)
            spend = {"usage_category": "totalprice", "trigger_value": "25.000000", "trigger_by": "price"}
            put("usage_trigger", account, friendly_name="Daily spend", **{**often, **spend, "recurring": "daily"})
            to = {"destination": f"{HOOKS}/errors/practice-{number:04}", "method": "post", "batch_events": False}
            sink = put("event_sink", account, description="Errors", sink_configuration=to)
            put("event_subscription", account, description="Errors", sink_sid=sink, types={ERRORS: 1})


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=1000)
    parser.add_argument("--latency-ms", type=float, default=150)
    parser.add_argument("--up", action="store_true", help="run the first `up` too, and count its writes")
    return parser.parse_args()


if __name__ == "__main__":
    main()
