"""What a fleet in several stacks costs: the jobs of fleet.yml, one PostgreSQL for all states, a parent account a stack.

`python benchmarks/fleet_stacks.py --stacks 25 --tenants 1000`, as `benchmarks/fleet.py` does it for one stack. Each
stack has a fake Twilio of its own, and PostgreSQL is started from the system's package. With `--failing` the first
stack's parent may have half of its subaccounts, until its failed job is run again. A table's row is printed when it is
measured, so a run that is cut has shown what it had. Three stacks of two tenants take two minutes.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from queue import Queue
from statistics import median

import requests
from fake_process import run_fake
from fleet import DEFAULTS, SHAPES, SHORTER
from fleet_database import Sessions, count_kept, run_database
from fleet_jobs import FAILED, Done, Workflow, run_measured
from processes import cpu_of

from tenantry.engine.install.find import find_engine
from tenantry.engine.install.lent import lend_packages
from tenantry.engine.install.toolchain import add_uv_to_path
from tenantry.engine.run import command
from tenantry.engine.run.backend import local_backend
from tenantry.engine.run.command import Project
from tenantry.template import write_owl

BACKUPS = "PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS"
PLENTY = 20_000
"""Subaccounts that a parent may have."""
HEAD = (
    "| | wall s of all | wall s of one, median (most) | CPU s of one, median (most) | MB of one, most "
    "| CPU s of all fakes | connections | waits for a lock | copies in history, in backups | database MB "
    "| clean, differ, failed |"
)


@dataclass(frozen=True)
class Stacks:
    """Stacks with a fake each, the database of all, and the workflow that runs them."""

    workflow: Workflow
    secrets: Mapping[str, Mapping[str, str]]
    fakes: Sequence[int]
    database: str
    at_once: int

    def run(self, what: str, name: str, stacks: Sequence[str] = ()) -> list[Done]:
        """Run the jobs of all stacks or of some, print a row about them, and return them."""
        begun, of_fakes = time.monotonic(), sum(map(cpu_of, self.fakes))
        with Sessions(self.database) as sessions, ThreadPoolExecutor(self.at_once) as pool:
            jobs = list(pool.map(lambda stack: self._run_job(stack, what), stacks or self.workflow.stacks))
        wall, of_fakes = time.monotonic() - begun, sum(map(cpu_of, self.fakes)) - of_fakes
        kept, results = count_kept(self.database), [job.result for job in jobs]
        say(
            f"| {name} | {wall:.0f} | {_spread([job.wall for job in jobs])} | {_spread([job.cpu for job in jobs])} "
            f"| {max(job.memory for job in jobs) / 1e6:,.0f} | {of_fakes:.0f} | {sessions.connections} "
            f"| {sessions.waits} | {kept.history:,}, {kept.backups:,} | {kept.size / 1e6:,.0f} "
            f"| {', '.join(str(results.count(result)) for result in ('clean', 'differs', FAILED))} |"
        )
        return jobs

    def _run_job(self, stack: str, what: str) -> Done:
        done = self.workflow.run_stack(stack, what, self.secrets[stack])
        figures = f"{done.result}, {done.wall:.0f} s, {done.cpu:.1f} s of CPU, {done.memory / 1e6:,.0f} MB"
        print(f"{datetime.now(UTC):%H:%M:%S} {what} of {stack}: {figures}", file=sys.stderr, flush=True)
        if done.result == FAILED:
            print(done.output, file=sys.stderr, flush=True)
        return done

    def preview(self, stack: str) -> Done:
        """Preview one stack with a refresh, with all policies."""
        checkout, environ = self.workflow.checkouts.get()
        lines = f"tenantry preview --stack {stack} --refresh --format markdown > report.md"
        done = run_measured(lines, checkout, {**environ, **self.secrets[stack]}, stack)
        self.workflow.checkouts.put((checkout, environ))
        return done

    def change_default(self) -> None:
        """Change how long messages of all tenants are kept."""
        for checkout, _ in list(self.workflow.checkouts.queue):
            file = checkout / "defaults.yaml"
            file.write_text(file.read_text().replace(*SHORTER))


def main() -> None:
    """Run the fleet, and print a row for each kind of run."""
    options = _options()
    work = f"{options.stacks} stacks of {options.tenants:,} tenants of {SHAPES['whole'][1]} resources"
    at_once = f"{options.at_once} stacks at once, {options.latency_ms:g} ms a call to Twilio"
    say(f"{work}, {at_once} ({datetime.now(UTC).date()}):\n\n{HEAD}\n|{'---|' * HEAD.count(' |')}")
    with tempfile.TemporaryDirectory() as folder, _run_stacks(Path(folder), options) as stacks:
        _measure(stacks, options.failing)


def _measure(stacks: Stacks, failing: bool) -> None:
    texts: list[str] = []
    jobs = stacks.run("up", "first `up`")
    if failing:
        texts += stacks.workflow.report("up")
        failed = [job.stack for job in jobs if job.result == FAILED]
        for stack in failed:
            control = f"{stacks.secrets[stack]['TENANTRY_TWILIO_URL']}/_fake/behaviour"
            requests.post(control, json={"max_subaccounts": PLENTY}, timeout=60).raise_for_status()
        stacks.run("up", "failed jobs again", failed)
        texts += stacks.workflow.report("up")
    stacks.run("up", "`up` without a change")
    stacks.run("drift", "`drift`")
    stacks.change_default()
    stacks.run("up", "`up`, one update a tenant")
    done = stacks.preview(stacks.workflow.stacks[0])
    say(f"\n`preview --refresh` of one: {done.wall:.0f} s, {done.cpu:.1f} s of CPU, {done.memory / 1e6:,.0f} MB")
    say("\n".join(texts))


@contextmanager
def _run_stacks(folder: Path, options: argparse.Namespace) -> Iterator[Stacks]:
    names = tuple(f"s{number:02}" for number in range(1, options.stacks + 1))
    with ExitStack() as ending:
        limits = dict.fromkeys(names, PLENTY) | ({names[0]: options.tenants // 2} if options.failing else {})
        fakes = {
            name: ending.enter_context(run_fake(options.latency_ms, f"max_subaccounts={limits[name]}", seed=seed))
            for seed, name in enumerate(names, 1)
        }
        secrets = {name: variables for name, (_, variables) in fakes.items()}
        database = ending.enter_context(run_database())
        first = folder / "checkout-0"
        _write_project(first, secrets, options.tenants)
        checkouts: Queue[tuple[Path, Mapping[str, str]]] = Queue()
        checkouts.put((first, _init_stacks(first, names, database)))
        for number in range(1, options.at_once):
            other = folder / f"checkout-{number}"
            shutil.copytree(first, other, symlinks=True)
            checkouts.put((other, _variables(other, database)))
        workflow = Workflow(folder, checkouts, names)
        yield Stacks(workflow, secrets, [process.pid for process, _ in fakes.values()], database, options.at_once)


def _write_project(folder: Path, secrets: Mapping[str, Mapping[str, str]], tenants: int) -> None:
    write_owl(folder)
    for manifest in [*(folder / "tenants").glob("*.yaml"), *(folder / "waivers").glob("*.yaml")]:
        manifest.unlink()
    (folder / "defaults.yaml").write_text(DEFAULTS)
    settings, _, _ = (folder / "tenantry.yaml").read_text().partition("\nstacks:")
    stacks = [
        f"  {name}: {{parent: {variables['TWILIO_ACCOUNT_SID']}, tenants: tenants/{name}}}"
        for name, variables in secrets.items()
    ]
    (folder / "tenantry.yaml").write_text("\n".join([settings, "stacks:", *stacks, ""]))
    for name in secrets:
        (folder / "tenants" / name).mkdir()
        for number in range(tenants):
            slug = f"{name}-{number:05}"
            (folder / "tenants" / name / f"{slug}.yaml").write_text(f"tenant: {slug}\nname: Tenant {number}\n")


def _init_stacks(folder: Path, names: Sequence[str], database: str) -> Mapping[str, str]:
    variables = _variables(folder, database)
    environ = {**lend_packages(folder, variables), "PATH": variables["PATH"]}
    engine = find_engine(environ)
    for name in names:
        command.select_stack(Project(folder, name, engine, environ))
    return environ


def _variables(folder: Path, database: str) -> dict[str, str]:
    """Return what a runner has: nothing of ours but PATH, and a Pulumi that is nobody else's, with its backups."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    backend = {name: value for name, value in local_backend(folder / ".pulumi").items() if name != BACKUPS}
    path = os.pathsep.join([str(Path(sys.executable).parent), add_uv_to_path(kept)])
    return {**kept, **backend, "PULUMI_BACKEND_URL": database, "PATH": path}


def say(text: str) -> None:
    """Print now: a run may be cut."""
    print(text, flush=True)


def _spread(values: Sequence[float]) -> str:
    return f"{median(values):.1f} ({max(values):.1f})"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stacks", type=int, default=3)
    parser.add_argument("--tenants", type=int, default=2, help="in each stack")
    parser.add_argument("--at-once", type=int, default=2, help="how many stacks run at once")
    parser.add_argument("--latency-ms", type=float, default=150)
    parser.add_argument("--failing", action="store_true", help="let one stack fail, and run its job again")
    return parser.parse_args()


if __name__ == "__main__":
    main()
