"""What a fleet costs on the real engine: calls to Twilio, seconds, CPU and memory of each command.

`make bench` or `python benchmarks/fleet.py --tenants 1000 --latency-ms 150`. Seconds differ between machines; calls and
ratios hardly do. Nothing here is a test: a slow machine must not fail a build. `--shape account-and-key` is what other
tools can make too, `--json` keeps the figures, `--against` compares with such a file, `--page docs/performance.md`
writes the table there.
Two rows are floors: an empty program, which is what Pulumi itself takes, and a project of two tenants.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from subprocess import run

import requests
from fake_process import run_fake
from figures import Figures, Row, as_text, compare, put_into_page, read_figures, write_figures
from processes import Watch, cpu_of, cpu_seconds

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
SHAPES = {"whole": (DEFAULTS, 9), "account-and-key": ("api_keys: {web: {access: standard}}\n", 3)}
"""What each tenant has, and how many resources that are: its component, account, key, three triggers, sink,
subscription, retention; or what the community's Terraform provider for Twilio can make, an account and a key in it."""
SHORTER = "keep_days: 30", "keep_days: 60"
RAISED = "trigger_value: 1000", "trigger_value: 1500"
REMOVED = "  calls: {", "  # calls: {"
LIMITS = ("--max-deletes", "100000", "--max-deletes-percent", "100")
FINE = (0, 2)  # clean, and differences


@dataclass(frozen=True)
class Fleet:
    """A project with its fake Twilio, which runs in a process of its own: its CPU is not ours."""

    project: Project
    fake: int
    tenants: int
    of_tenant: int
    """How many resources each tenant has."""

    def measure(self, what: str, operation: Callable[[], None], resources: int) -> Row:
        control = f"{self.project.environ['TENANTRY_TWILIO_URL']}/_fake/requests"
        requests.post(f"{control}/reset", timeout=60)
        wall, cpu, cpu_of_fake = time.monotonic(), cpu_seconds(), cpu_of(self.fake)
        with Watch(but=self.fake) as watch:
            operation()
        wall, cpu = time.monotonic() - wall, cpu_seconds() - cpu
        profile = {**watch.profile(cpu), "fake": cpu_of(self.fake) - cpu_of_fake}
        calls = requests.get(control, timeout=60).json()["total"]
        return Row(what, wall, cpu, watch.peak, calls, resources, profile)

    def command(self, *arguments: str, what: str = "") -> Row:
        """Measure one of our commands, as a user runs it."""
        called = what or f"`{' '.join(arguments)}`"
        return self.measure(called, lambda: self.read(*arguments) and None, self._resources(arguments))

    def read(self, *arguments: str) -> str:
        """Return what one of our commands prints."""
        whole = [sys.executable, "-m", "tenantry.cli", *arguments, "--project", ".", "--stack", "dev"]
        done = run(
            whole, cwd=self.project.folder, env=self.project.environ, capture_output=True, text=True, check=False
        )
        if done.returncode not in FINE:
            raise SystemExit(f"{' '.join(arguments)} failed: {done.stderr}")
        return done.stdout

    def preview_nothing(self) -> None:
        """Preview a program that registers nothing, with the same Python and host, in a stack without state."""
        program = self.project.folder / "__main__.py"
        text = program.read_text()
        program.write_text("")
        done = command.preview(self.project)
        program.write_text(text)
        if done.exit_code:
            raise SystemExit(f"the empty program failed: {[error.message for error in done.errors][:3]}")

    def first_up(self) -> None:
        done = command.up(self.project, skip_checkpoints=True)
        if done.exit_code:
            raise SystemExit(f"the first up failed: {[error.message for error in done.errors][:3]}")

    def change(self, change: tuple[str, str], *files: str) -> None:
        """Replace a text by another one in these files."""
        for name in files:
            file = self.project.folder / name
            file.write_text(file.read_text().replace(*change))

    def _resources(self, arguments: tuple[str, ...]) -> int:
        return self.of_tenant if "--only" in arguments else self.of_tenant * self.tenants


def main() -> None:
    """Measure a fleet, print a table, and keep or compare it."""
    options = _options()
    before = read_figures(options.against) if options.against else None
    _, resources = SHAPES[options.shape]
    work = f"{options.tenants:,} tenants of {resources} resources, {options.latency_ms:g} ms a call to Twilio"
    title = f"{work}, on {os.cpu_count()} cores ({datetime.now(UTC).date()})"
    figures = Figures(title, options.shape, options.tenants, tuple(_measure(options)))
    print(as_text(figures))
    if before:
        print(compare(figures, before))
    if options.json:
        write_figures(options.json, figures)
    if options.page:
        put_into_page(options.page, figures, before)


def _measure(options: argparse.Namespace) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder, run_fleet(Path(folder), 2, options.latency_ms, options.shape) as few:
        yield few.measure("preview of an empty program", few.preview_nothing, 1)
        few.first_up()
        yield few.command("preview", "--no-policies", what="`preview --no-policies` of a project of 2 tenants")
    with (
        tempfile.TemporaryDirectory() as folder,
        run_fleet(Path(folder), options.tenants, options.latency_ms, options.shape) as fleet,
    ):
        yield from _measure_fleet(fleet, options.shape)
        if options.shape == "whole":
            _print_comments(fleet)


def _measure_fleet(fleet: Fleet, shape: str) -> Iterator[Row]:
    yield fleet.measure("first `up`, without its preview", fleet.first_up, fleet.of_tenant * fleet.tenants)
    yield fleet.command("preview", "--no-policies")
    if shape == "whole":
        yield fleet.command("preview")  # the sample's rules stop an account without a spend trigger
    yield fleet.command("preview", "--no-policies", "--only", "t00001")
    yield fleet.command("preview", "--no-policies", "--refresh")
    yield fleet.command("drift")
    yield fleet.command("up", "--no-policies", "--yes")
    yield fleet.command("up", "--no-policies", "--only", "t00001", "--yes")
    if shape == "whole":
        for what, change in (("replaces 2 of 9 resources", RAISED), ("deletes 1 of 9 resources", REMOVED)):
            fleet.change(change, "defaults.yaml")
            yield fleet.command("up", "--no-policies", "--yes", *LIMITS, what=f"`up` that {what} of each tenant")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tenants", type=int, default=200)
    parser.add_argument("--latency-ms", type=float, default=150)
    parser.add_argument("--shape", choices=list(SHAPES), default="whole", help="what each tenant has")
    parser.add_argument("--json", type=Path, metavar="FIGURES.json", help="keep the figures in this file")
    parser.add_argument("--against", type=Path, metavar="FIGURES.json", help="print ratios to the figures in this file")
    parser.add_argument("--page", type=Path, help="the page whose table is replaced: docs/performance.md")
    return parser.parse_args()


@contextmanager
def run_fleet(folder: Path, tenants: int, latency_ms: float, shape: str = "whole") -> Iterator[Fleet]:
    """Make a project of that many tenants beside a fake, and end both afterwards."""
    defaults, resources = SHAPES[shape]
    with run_fake(latency_ms, f"max_subaccounts={max(tenants, 1000)}") as (process, variables):
        yield Fleet(_project(folder, tenants, defaults, variables), process.pid, tenants, resources)


def _project(folder: Path, tenants: int, defaults: str, variables: dict[str, str]) -> Project:
    write_owl(folder)
    for manifest in [*(folder / "tenants").glob("*.yaml"), *(folder / "waivers").glob("*.yaml")]:
        manifest.unlink()
    (folder / "defaults.yaml").write_text(defaults)
    for number in range(tenants):
        (folder / "tenants" / f"t{number:05}.yaml").write_text(f"tenant: t{number:05}\nname: Tenant {number}\n")
    if defaults == DEFAULTS:
        changed = folder / "tenants" / "t00001.yaml"
        changed.write_text(f"{changed.read_text()}retention: {{messages: {{keep_days: 30}}}}\n")
    # Where byte code is not kept, each process compiles the Twilio SDK anew.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environ = {**lend_packages(folder, kept), **local_backend(folder / ".pulumi"), **variables}
    project = Project(folder, "dev", find_engine(environ), environ)
    command.select_stack(project)
    return project


def _print_comments(fleet: Fleet) -> None:
    """Print how long the comment on a pull request is."""
    for what, files in (("1 tenant", ["tenants/t00001.yaml"]), (f"{fleet.tenants} tenants", ["defaults.yaml"])):
        fleet.change(SHORTER, *files)
        print(f"comment on a change of {what}: {len(fleet.read('preview', '--format', 'markdown'))} characters")


if __name__ == "__main__":
    main()
