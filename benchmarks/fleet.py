"""What a fleet costs on the real engine: calls to Twilio, and each operation's seconds as a ratio within one run.

`make bench` or `python benchmarks/fleet.py --tenants 1000 --latency-ms 150`. Seconds differ between machines; calls and
ratios hardly do. Nothing here is a test: a slow machine must not fail a build.
"""

import argparse
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE, Popen, run

import requests

from tenantry.engine import command
from tenantry.engine.backend import local_backend
from tenantry.engine.command import Project, Run
from tenantry.engine.find import find_engine
from tenantry.engine.plan import plan_of
from tenantry.starter import write_owl

DEFAULTS = """\
api_keys: {web: {access: standard}}
usage_triggers:
  sms: {usage_category: sms, trigger_value: 1000, recurring: monthly, callback_url: /usage}
  calls: {usage_category: calls, trigger_value: 1000, recurring: monthly, callback_url: /usage}
  spend: {usage_category: totalprice, trigger_by: price, trigger_value: 50, recurring: daily, callback_url: /usage}
debugger_webhook: {url: "/errors/{tenant}"}
retention: {messages: {keep_days: 30}}
"""


@dataclass(frozen=True)
class Row:
    """One operation: seconds on the wall, seconds of CPU of all processes below us, calls to Twilio."""

    what: str
    wall: float
    cpu: float
    calls: int
    resources: int


def main() -> None:
    """Measure a fleet and print a table."""
    options = _options()
    with tempfile.TemporaryDirectory() as folder, _fake(options.latency_ms) as variables:
        project = _project(Path(folder), options.tenants, variables)
        rows = [
            _measured("first up", project, lambda: command.up(project, skip_checkpoints=True)),
            _measured("preview, no change", project, lambda: command.preview(project)),
            _measured("preview with policies", project, lambda: _checked(project)),
            _measured("preview --refresh, no change", project, lambda: command.preview(project, refresh=True)),
            _measured("drift, no change", project, lambda: _drift(project)),
            _measured("preview of one tenant", project, lambda: command.preview(project, slugs=["t00001"])),
            _measured("up of one tenant, no change", project, lambda: command.up(project, slugs=["t00001"])),
        ]
    _print(rows, options.tenants)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tenants", type=int, default=200)
    parser.add_argument("--latency-ms", type=float, default=150)
    return parser.parse_args()


@contextmanager
def _fake(latency_ms: float) -> Iterator[dict[str, str]]:
    """Run a fake in a process of its own, so that its CPU is not counted as ours."""
    arguments = [sys.executable, "-m", "tenantry.cli", "fake", "--seed", "1", "--latency-ms", str(latency_ms)]
    with Popen(arguments, stdout=PIPE, stderr=PIPE, text=True) as process:
        lines = [next(iter(process.stdout or ())) for _ in range(3)]
        try:
            yield dict(line.removeprefix("export ").strip().split("=", 1) for line in lines)
        finally:
            process.terminate()


def _checked(project: Project) -> Run:
    return command.preview(project, policy_packs=[project.folder / "policies"])


def _project(folder: Path, tenants: int, variables: dict[str, str]) -> Project:
    write_owl(folder)
    for manifest in [*(folder / "tenants").glob("*.yaml"), *(folder / "waivers").glob("*.yaml")]:
        manifest.unlink()
    (folder / "defaults.yaml").write_text(DEFAULTS)
    for number in range(tenants):
        (folder / "tenants" / f"t{number:05}.yaml").write_text(f"tenant: t{number:05}\nname: Tenant {number}\n")
    (folder / ".venv").symlink_to(sys.prefix)
    environ = {**os.environ, **local_backend(folder / ".pulumi"), **variables}
    project = Project(folder, "dev", find_engine(environ), environ)
    command.select_stack(project)
    return project


def _measured(what: str, project: Project, operation: Callable[[], Run]) -> Row:
    control = f"{project.environ['TENANTRY_TWILIO_URL']}/_fake/requests"
    requests.post(f"{control}/reset", timeout=60)
    wall, cpu = time.monotonic(), _cpu()
    done = operation()
    wall, cpu = time.monotonic() - wall, _cpu() - cpu
    if done.exit_code:
        raise SystemExit(f"{what} failed: {[error.message for error in done.errors][:3]}")
    resources = sum(plan_of(done.events).counts.values())
    return Row(what, wall, cpu, requests.get(control, timeout=60).json()["total"], resources)


def _drift(project: Project) -> Run:
    """Run `tenantry drift`, which runs no program and so has no events."""
    arguments = [sys.executable, "-m", "tenantry.cli", "drift", "-C", str(project.folder), "--stack", project.stack]
    return Run(run(arguments, env=project.environ, capture_output=True, check=False).returncode, ())


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _print(rows: list[Row], tenants: int) -> None:
    cheapest = min(row.wall for row in rows)
    print(f"{tenants} tenants")
    print(f"{'':28} {'wall s':>7} {'ratio':>6} {'CPU s':>7} {'CPU ms/resource':>16} {'calls':>7} {'calls/tenant':>13}")
    for row in rows:
        each = 1000 * row.cpu / row.resources if row.resources else 0.0
        figures = f"{row.wall:7.1f} {row.wall / cheapest:6.1f} {row.cpu:7.1f} {each:16.2f} {row.calls:7}"
        print(f"{row.what:28} {figures} {row.calls / tenants:13.2f}")


if __name__ == "__main__":
    main()
