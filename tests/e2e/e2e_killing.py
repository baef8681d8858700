"""Runs that are killed at one of their requests, at a moment that the fake decides and not a clock."""

import asyncio
import json
import os
import random
import signal
import sysconfig
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, NamedTuple

from e2e_project import Project

from faketwilio.store.records import ApiKey
from faketwilio.store.request_log import RequestLog, Visit

SECONDS = 240
"""What takes longer never ends; a busy or paused machine has taken more than a minute."""
LATENCY_MS = 20
"""Of each request while somebody is to be killed: what is on its way then is done while the next run begins."""
HOSTED = ("pulumi-language-python", "pulumi-language-python-exec")
VICTIMS: tuple["Victim", ...] = ("cli", "plugin", "language host")
Victim = Literal["cli", "plugin", "language host", "tenantry", "all"]


@dataclass(frozen=True)
class Kill:
    """Who is killed, at which request, and whether while it is done (it will be) or as its answer leaves.

    Where `writes` alone are counted, the engine has recorded that it is making what the request is for.
    """

    victim: Victim
    request: int
    answered: bool
    writes: bool = False

    @classmethod
    def by(cls, seed: int, requests: int) -> "Kill":
        """Draw one for a run of so many requests; twelve seeds in a row kill each victim in each of four runs."""
        dice = random.Random(seed)
        return cls(VICTIMS[(seed + seed // 4) % 3], dice.randint(1, requests), dice.random() < 0.5)


class DeadlyJournal(RequestLog):
    """Strikes once, at one request; one that is not answered yet has half of its LATENCY_MS before it."""

    def __init__(self, kill: Kill, strike: Callable[[], None]) -> None:
        super().__init__()
        self._kill = kill
        self._kills = strike
        self._entered = self._left = 0
        self.struck = False

    def enter(self, visit: Visit) -> int:
        in_flight = super().enter(visit)
        self._entered += self._counts(visit)
        if self._counts(visit) and (self._entered, False) == (self._kill.request, self._kill.answered):
            asyncio.get_running_loop().call_later(LATENCY_MS / 2000, self._strike)
        return in_flight

    def leave(self, visit: Visit, status: int | None) -> None:
        super().leave(visit, status)
        self._left += self._counts(visit)
        if self._counts(visit) and (self._left, True) == (self._kill.request, self._kill.answered):
            self._strike()

    def _counts(self, visit: Visit) -> bool:
        return not self._kill.writes or visit.method != "GET"

    def _strike(self) -> None:
        self.struck = True
        self._kills()


class Process(NamedTuple):
    """A process of a session."""

    pid: int
    parent: int
    command: str


class Killed(NamedTuple):
    """How a run ended: the session that it led, its exit code, and whether it came to the request of its death."""

    session: int
    code: int
    struck: bool


def run_killed(project: Project, kill: Kill, *command: str, **variables: str) -> Killed:
    """Run a command of Pulumi up to its end, which a SIGKILL brings about."""
    run = None
    journal = DeadlyJournal(kill, lambda: end(kill.victim, run.pid if run else 0))
    project.fake.store.request_log, project.fake.store.latency_ms = journal, LATENCY_MS
    run = project.start(*command, **variables)
    code = run.wait(SECONDS)
    project.fake.store.request_log, project.fake.store.latency_ms = RequestLog(), 0
    return Killed(run.pid, code, journal.struck)


def run_up_killed(project: Project, kill: Kill, *options: str) -> Killed:
    """Run `tenantry up` up to its end, which a SIGKILL of it, of its Pulumi or of one of Pulumi's processes brings."""
    run = None
    journal = DeadlyJournal(kill, lambda: end_of_up(kill.victim, run.pid if run else 0))
    project.fake.store.request_log, project.fake.store.latency_ms = journal, LATENCY_MS
    ours = replace(project.engine, binary=Path(sysconfig.get_path("scripts"), "tenantry"))
    run = replace(project, engine=ours).start("up", "--yes", *options)
    code = run.wait(SECONDS)
    assert wait_for_session_end(run.pid) == []
    assert wait_for_requests(journal)
    project.fake.store.request_log, project.fake.store.latency_ms = RequestLog(), 0
    return Killed(run.pid, code, journal.struck)


def end_of_up(victim: Victim, leader: int) -> None:
    """Kill one of the processes of a `tenantry up`, which leads their session, or all of them."""
    processes = session_of(leader)
    reapers = {process.pid for process in processes if "reaper.py" in process.command}
    clis = {process.pid for process in processes if process.parent in reapers}
    for process in processes:
        is_plugin = "tenantry.plugin.server" in process.command
        found = {
            "all": True,
            "tenantry": process.pid == leader,
            "cli": process.pid in clis,
            "plugin": is_plugin,
            "language host": process.parent in clis and not is_plugin,
        }[victim]
        if found:
            os.kill(process.pid, signal.SIGKILL)


def end(victim: Victim, cli: int) -> None:
    """Kill one of the processes of a run at once; the CLI leads their session."""
    for process in session_of(cli):
        is_plugin = "tenantry.plugin.server" in process.command
        found = {"cli": process.pid == cli, "plugin": is_plugin, "language host": not is_plugin}[str(victim)]
        if found and cli in (process.pid, process.parent) and (process.pid == cli) == (victim == "cli"):
            os.kill(process.pid, signal.SIGKILL)


def session_of(leader: int) -> list[Process]:
    """Return the processes of a session, without those that have ended."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent, _, session = stat.read_text().rpartition(")")[2].split()[:4]
            command = (stat.parent / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue  # it ended while we looked
        if session == str(leader) and state != "Z":
            found.append(Process(int(stat.parent.name), int(parent), command))
    return found


def wait_for_requests(journal: RequestLog) -> bool:
    """Say whether all that is on its way is done, within SECONDS."""
    end = time.monotonic() + SECONDS
    while journal.as_json()["in_flight"] and time.monotonic() < end:
        time.sleep(0.001)
    return not journal.as_json()["in_flight"]


def wait_for_session_end(leader: int) -> list[Process]:
    """Return the processes of a session that can reach Twilio and don't end by themselves, within SECONDS.

    Pulumi's own language host notices only after minutes that the CLI is gone, and neither it nor the program that it
    runs talks to Twilio. The stand-in ends at once (tests/engine/test_engine_lifeline.py).
    """
    end = time.monotonic() + SECONDS
    while (living := [process for process in session_of(leader) if not is_hosted(process)]) and time.monotonic() < end:
        time.sleep(0.02)
    return living


def is_hosted(process: Process) -> bool:
    """Say whether a process is Pulumi's own language host, or a program that it runs."""
    return any(Path(word).name in HOSTED for word in process.command.split()[:2])


def unusable_keys(project: Project) -> list[str]:
    """Return the keys in Twilio whose secret the state does not hold, and those of the state that are not in Twilio."""
    exported = project.pulumi("stack", "export", "--show-secrets")
    assert exported.code == 0, exported.output
    held = {
        resource["id"]: json.loads(resource["outputs"].get("secret", {}).get("plaintext", '"unknown"'))
        for resource in json.loads(exported.output)["deployment"]["resources"]
        if resource["type"].endswith(":ApiKey")
    }
    store = project.fake.store
    keys = [key for account in store.accounts_of(store.parent_sid) for key in store.table(ApiKey).of(account.sid)]
    missing = held.keys() - {key.sid for key in keys}
    return sorted([*(key.sid for key in keys if held.get(key.sid) != key.secret), *missing])
