"""Pulumi's own history of a stack: when runs failed that `tenantry up` did not mark, because plain Pulumi did them.

A run whose plugin was killed, or that gave up a lost answer, ends as failed, and the engine (CLI 3.259) forgets its
create. One whose CLI was killed is not in the history; its creates stay pending in the state.
"""

from __future__ import annotations

import json
from datetime import datetime

from tenantry.engine.run.command import Project, run_plain
from tenantry.engine.state.unfinished import Mark, Marks

NEWEST = 20
"""How many runs are read: the caller needs those of the last hour."""


def read_failed_runs(project: Project) -> Marks:
    """Return a mark for each of the newest runs that failed, by this machine's clock; raises CommandError."""
    page = ("--page-size", str(NEWEST), "--page", "1")
    runs = json.loads(run_plain(project, "stack", "history", "--json", *page, "--stack", project.stack)) or ()
    failed = (run for run in runs if run.get("kind") == "update" and run.get("result") == "failed")
    return tuple(
        Mark(datetime.fromisoformat(run["startTime"]), None, datetime.fromisoformat(run["endTime"])) for run in failed
    )
