"""What a fleet costs on the real engine: calls to Twilio, seconds, CPU and memory of each command.

`make bench` or `python benchmarks/fleet.py --tenants 1000 --latency-ms 150`. Seconds differ between machines; calls and
ratios hardly do. Nothing here is a test: a slow machine must not fail a build.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE, Popen, run

import requests
from processes import Memory, cpu_seconds

from tenantry.engine.install.find import find_engine
from tenantry.engine.install.lent import lend_packages
from tenantry.engine.run import command
from tenantry.engine.run.backend import local_backend
from tenantry.engine.run.command import Project
from tenantry.template import write_owl

DEFAULTS = """\
api_keys: {web: {access: standard}}
usage_triggers:
  sms: {usage_category: sms, trigger_value: 1000, recurring: monthly, callback_url: /usage}
  calls: {usage_category: calls, trigger_value: 1000, recurring: monthly, callback_url: /usage}
  spend: {usage_category: totalprice, trigger_by: price, trigger_value: 50, recurring: daily, callback_url: /usage}
debugger_webhook: {url: "/errors/{tenant}"}
retention: {messages: {keep_days: 30}}
"""
RESOURCES = 9  # of a tenant: its component, account, key, three triggers, sink, subscription, retention
CHANGED = "keep_days: 30", "keep_days: 60"
FINE = (0, 2)  # clean, and differences


@dataclass(frozen=True)
class Row:
    """One operation: seconds on the wall, seconds of CPU of all processes below us, bytes of memory at once, calls."""

    what: str
    wall: float
    cpu: float
    memory: int
    calls: int
    resources: int


@dataclass(frozen=True)
class Fleet:
    """A project with its fake Twilio, which runs in a process of its own: its CPU is not ours."""

    project: Project
    fake: int
    tenants: int

    def measure(self, what: str, operation: Callable[[], None], resources: int) -> Row:
        control = f"{self.project.environ['TENANTRY_TWILIO_URL']}/_fake/requests"
        requests.post(f"{control}/reset", timeout=60)
        wall, cpu = time.monotonic(), cpu_seconds()
        with Memory(but=self.fake) as memory:
            operation()
        wall, cpu = time.monotonic() - wall, cpu_seconds() - cpu
        return Row(what, wall, cpu, memory.peak, requests.get(control, timeout=60).json()["total"], resources)

    def command(self, *arguments: str) -> Row:
        """Measure one of our commands, as a user runs it."""
        return self.measure(
            " ".join(arguments), lambda: self.read_output(*arguments) and None, self._resources(arguments)
        )

    def read_output(self, *arguments: str) -> str:
        """Return what one of our commands prints."""
        whole = [sys.executable, "-m", "tenantry.cli", *arguments, "--project", ".", "--stack", "dev"]
        done = run(
            whole, cwd=self.project.folder, env=self.project.environ, capture_output=True, text=True, check=False
        )
        if done.returncode not in FINE:
            raise SystemExit(f"{' '.join(arguments)} failed: {done.stderr}")
        return done.stdout

    def first_up(self) -> None:
        done = command.up(self.project, skip_checkpoints=True)
        if done.exit_code:
            raise SystemExit(f"the first up failed: {[error.message for error in done.errors][:3]}")

    def change(self, *files: str) -> None:
        """Change how long messages are kept, in these files."""
        for name in files:
            file = self.project.folder / name
            file.write_text(file.read_text().replace(*CHANGED))

    def _resources(self, arguments: tuple[str, ...]) -> int:
        return RESOURCES if "--only" in arguments else RESOURCES * self.tenants


def main() -> None:
    """Measure a fleet and print a table."""
    options = _options()
    with tempfile.TemporaryDirectory() as folder, run_fleet(Path(folder), options.tenants, options.latency_ms) as fleet:
        rows = [
            fleet.measure("first up (without its preview)", fleet.first_up, RESOURCES * options.tenants),
            fleet.command("preview"),
            fleet.command("preview", "--policy-pack", "policies"),
            fleet.command("preview", "--only", "t00001"),
            fleet.command("preview", "--refresh"),
            fleet.command("drift"),
            fleet.command("up", "--only", "t00001", "--yes"),
        ]
        _print(rows, options.tenants, options.latency_ms)
        _print_comments(fleet)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tenants", type=int, default=200)
    parser.add_argument("--latency-ms", type=float, default=150)
    return parser.parse_args()


@contextmanager
def run_fleet(folder: Path, tenants: int, latency_ms: float) -> Iterator[Fleet]:
    arguments = [sys.executable, "-m", "tenantry.cli", "fake", "--seed", "1", "--latency-ms", str(latency_ms)]
    with Popen(arguments, stdout=PIPE, stderr=PIPE, text=True) as process:
        lines = [next(iter(process.stdout or ())) for _ in range(3)]
        variables = dict(line.removeprefix("export ").strip().split("=", 1) for line in lines)
        try:
            yield Fleet(_project(folder, tenants, variables), process.pid, tenants)
        finally:
            process.terminate()


def _project(folder: Path, tenants: int, variables: dict[str, str]) -> Project:
    write_owl(folder)
    for manifest in [*(folder / "tenants").glob("*.yaml"), *(folder / "waivers").glob("*.yaml")]:
        manifest.unlink()
    (folder / "defaults.yaml").write_text(DEFAULTS)
    for number in range(tenants):
        (folder / "tenants" / f"t{number:05}.yaml").write_text(f"tenant: t{number:05}\nname: Tenant {number}\n")
    manifest = folder / "tenants" / "t00001.yaml"
    manifest.write_text(f"{manifest.read_text()}retention: {{messages: {{keep_days: 30}}}}\n")
    # Where byte code is not kept, each process compiles the Twilio SDK anew.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environ = {**lend_packages(folder, kept), **local_backend(folder / ".pulumi"), **variables}
    project = Project(folder, "dev", find_engine(environ), environ)
    command.select_stack(project)
    return project


def _print(rows: list[Row], tenants: int, latency_ms: float) -> None:
    cheapest = min(row.wall for row in rows)
    print(f"{tenants} tenants of {RESOURCES} resources, {latency_ms:g} ms a call")
    print(f"{'':32} {'wall s':>7} {'ratio':>6} {'CPU s':>7} {'ms/resource':>12} {'MB':>6} {'calls':>7} {'/tenant':>8}")
    for row in rows:
        milliseconds = 1000 * row.cpu / row.resources
        figures = (
            f"{row.wall:7.1f} {row.wall / cheapest:6.1f} {row.cpu:7.1f} {milliseconds:12.2f} {row.memory / 1e6:6.0f}"
        )
        print(f"{row.what:32} {figures} {row.calls:7} {row.calls / tenants:8.3f}")


def _print_comments(fleet: Fleet) -> None:
    """Print how long the comment on a pull request is."""
    for what, files in (("1 tenant", ["tenants/t00001.yaml"]), (f"{fleet.tenants} tenants", ["defaults.yaml"])):
        fleet.change(*files)
        print(f"comment on a change of {what}: {len(fleet.read_output('preview', '--format', 'markdown'))} characters")


if __name__ == "__main__":
    main()
