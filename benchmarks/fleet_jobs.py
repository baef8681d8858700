"""The jobs of fleet.yml on this machine: their own lines, in a checkout each, and `gh` as far as the report asks it."""

import os
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from subprocess import Popen
from typing import Any

import yaml
from processes import Watch

import tenantry.template

WORKFLOW = Path(tenantry.template.__file__).parent / "workflows" / "fleet.yml"
FAILED = "failed"
GH = """\
#!/bin/sh
case "$*" in
  run*) mkdir -p rows && cp -R "$ARTIFACTS"/. rows ;;
  *--paginate*) [ ! -e "$ISSUE" ] || echo 7 ;;
  "issue create"*) cp fleet.md "$ISSUE"; echo "gh $*" ;;
  "issue edit"*) cp fleet.md "$ISSUE"; echo "gh $*" ;;
  "issue close"*) rm "$ISSUE"; echo "gh $*" ;;
esac
"""
"""The artifacts are a folder, and the issue is a file that is there while it is open."""


@dataclass(frozen=True)
class Done:
    """A job that ended: seconds, bytes of memory at once, its row of the summary, and what it printed."""

    stack: str
    code: int
    wall: float
    cpu: float
    memory: int
    row: str
    output: str

    @property
    def result(self) -> str:
        """Return clean, differs or failed."""
        return self.row.split(" | ")[1] if self.row else FAILED


@dataclass(frozen=True)
class Workflow:
    """What GitHub would keep: checkouts that are free, and the artifacts, the summaries and the issue in a folder."""

    folder: Path
    checkouts: Queue[tuple[Path, Mapping[str, str]]]
    stacks: tuple[str, ...]

    def run_stack(self, stack: str, what: str, secrets: Mapping[str, str]) -> Done:
        """Run the job of one stack as fleet.yml does after its checkout and its `uv sync`."""
        checkout, environ = self.checkouts.get()
        shutil.rmtree(checkout / "result", ignore_errors=True)
        plain = {"STACK": stack, "WHAT": what, "ALONE": "", "MAX_DELETES": "", "MAX_PERCENT": ""}
        report = {"GITHUB_STEP_SUMMARY": str(self.folder / f"summary-{stack}.md"), "PULUMI_ACCESS_TOKEN": ""}
        try:
            done = run_measured(read_step("stack", "Run"), checkout, {**environ, **plain, **report, **secrets}, stack)
            self._keep(checkout / "result", stack)
        finally:
            self.checkouts.put((checkout, environ))
        return done

    def _keep(self, result: Path, stack: str) -> None:
        artifact = self.folder / "artifacts" / f"fleet-{self.stacks.index(stack)}"
        shutil.rmtree(artifact, ignore_errors=True)
        if result.exists():
            shutil.copytree(result, artifact)

    def report(self, what: str) -> tuple[str, str]:
        """Run the job that reports; return its summary, and what it asked of GitHub about issues."""
        folder = self.folder / "report"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        (folder / "gh").write_text(GH)
        (folder / "gh").chmod(0o755)
        names = ", ".join(f'"{stack}"' for stack in self.stacks)
        variables = {
            "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}",
            "STACKS": f"[{names}]",
            "ALONE": "",
            "WHAT": what,
            "RUN": "https://run",
            "RUN_ID": "1",
            "ISSUES": "",
            "ARTIFACTS": str(self.folder / "artifacts"),
            "ISSUE": str(self.folder / "issue.md"),
            "GITHUB_STEP_SUMMARY": str(self.folder / "summary.md"),
        }
        ended = [run_measured(read_step("report", step), folder, variables, step) for step in ("Summary", "Issue")]
        if any(step.code for step in ended):
            raise SystemExit(f"the report failed: {[step.output for step in ended]}")
        return (folder / "fleet.md").read_text(), ended[-1].output


def read_step(job: str, name: str) -> str:
    """Return the lines that a step of fleet.yml runs."""
    steps: list[dict[str, Any]] = yaml.safe_load(WORKFLOW.read_text())["jobs"][job]["steps"]
    [lines] = [step["run"] for step in steps if step.get("name") == name]
    return str(lines)


def run_measured(lines: str, folder: Path, environ: Mapping[str, str], stack: str) -> Done:
    """Run a step's lines in a folder as GitHub does, and measure all processes that it starts."""
    begun, log = time.monotonic(), folder / "job.log"
    with log.open("wb") as output:
        process = Popen(["bash", "-e", "-c", lines], cwd=folder, env=environ, stdout=output, stderr=output)
        with Watch(of=process.pid, seconds=0.5) as watch:
            _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    row = folder / "result" / "row.md"
    return Done(
        stack,
        process.returncode,
        time.monotonic() - begun,
        used.ru_utime + used.ru_stime,
        watch.peak,
        row.read_text() if row.exists() else "",
        log.read_text(errors="replace"),
    )
