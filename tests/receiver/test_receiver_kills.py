"""Killed between any two steps: what was answered is kept, and what follows from it happens once."""

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from killed_jobs import POINTS

from tenantry.ledger.cap_events import has_event
from tenantry.ledger.notices import notices_of

PROGRAM = Path(__file__).with_name("killed_jobs.py")
MANY = 50
SECONDS = 240


class Worker:
    """The program that is killed at points, one tenant after the other."""

    def __init__(self, world, numbers):
        self.world = world
        command = [sys.executable, str(PROGRAM), str(world.folder), *(str(number % len(POINTS)) for number in numbers)]
        environ = {**os.environ, **world.environ}
        self.process = subprocess.Popen(
            command, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def step(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def stop(self):
        self.process.communicate(timeout=SECONDS)


def kill_everywhere(world, numbers):
    """Kill the work for one tenant at each point, let it be done, and check what came of it."""
    world.stop()
    slugs = [f"t{number}" for number in numbers]
    worker = Worker(world, numbers)
    for slug, number in zip(slugs, numbers, strict=True):
        for manifest in (world.folder / "tenants").iterdir():
            manifest.unlink()  # the receiver is told of one tenant at a time, or each sweep would read all of them
        world.write(slug)
        world.up()
        world.fire(1000, slug)
        assert worker.step() == -signal.SIGKILL, POINTS[number % len(POINTS)]
        world.move(timedelta(minutes=5))
        assert worker.step() == 0, POINTS[number % len(POINTS)]
        assert (world.status(slug), world.reasons(slug), len(world.suspensions(slug))) == ("suspended", ["cap"], 1)
    worker.stop()
    with world.ledger() as ledger:
        queued = Counter((notice.tenant, notice.type) for notice in notices_of(ledger, world.parent))
    assert queued == Counter({(slug, "tenant.suspended"): 1 for slug in slugs})
    arrived = {got.headers["webhook-id"] for got in world.application.received}
    assert len(arrived) == len(slugs)  # one that was sent again has the id that it had before


@pytest.mark.parametrize("part", [0, 1])
def test_killed_between_any_two_steps_a_cap_suspends_once(world, part):
    kill_everywhere(world, range(part, len(POINTS), 2))


@pytest.mark.soak
def test_killed_at_50_points_a_cap_suspends_once(world):
    kill_everywhere(world, range(MANY))


def serve_and_kill(world, answers, seed):
    """Serve in a process of its own, send callbacks, and kill it; return the triggers that it answered for."""
    chance = random.Random(seed)
    process = Process(world)
    answered = []
    for _ in range(answers):
        sid = f"UT{chance.getrandbits(128):032x}"
        assert process.send(sid) == 204
        answered.append(sid)
    process.kill_while_it_receives(chance)
    return answered + process.answered


class Process:
    """`tenantry serve` as a process of its own, killed without a warning."""

    def __init__(self, world):
        self.world, self.answered = world, []
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = [sys.executable, "-m", "tenantry.cli", "serve", "--port", str(self.port), "-C", str(world.folder)]
        environ = {**os.environ, **world.environ, "TENANTRY_SWEEP_SECONDS": "3600"}
        self.process = subprocess.Popen(command, env=environ, stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            if "Uvicorn running" in line:
                break
        world.server = self

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def send(self, sid):
        return self.world.send(self.world.callback(UsageTriggerSid=sid))

    def kill_while_it_receives(self, chance):
        """Send from two threads, and kill the process at some moment between their requests and its answers."""
        enough = threading.Event()
        limit = chance.randrange(1, 20)
        threads = [threading.Thread(target=self._send_on, args=(chance.getrandbits(32), enough, limit)) for _ in "ab"]
        for thread in threads:
            thread.start()
        enough.wait(SECONDS)
        self.process.kill()
        for thread in threads:
            thread.join(SECONDS)
        self.process.communicate(timeout=SECONDS)
        self.world.server = None

    def _send_on(self, seed, enough, limit):
        chance = random.Random(seed)
        with contextlib.suppress(requests.ConnectionError):
            while True:
                sid = f"UT{chance.getrandbits(128):032x}"
                if self.send(sid) == 204:
                    self.answered.append(sid)
                if len(self.answered) >= limit:
                    enough.set()

    def stop(self):
        self.process.kill()
        self.process.communicate(timeout=SECONDS)


def lose_nothing(world, kills):
    world.stop()
    answered = [sid for seed in range(kills) for sid in serve_and_kill(world, 3, seed)]
    with world.ledger() as ledger:
        lost = [sid for sid in answered if not has_event(ledger, f"{sid}:2026-03-01")]
    assert (lost, len(answered) >= 4 * kills) == ([], True)
    assert len(world.suspensions()) <= 1


def test_a_receiver_that_is_killed_loses_nothing_that_it_answered(world):
    lose_nothing(world, 1)


@pytest.mark.soak
def test_a_receiver_that_is_killed_50_times_loses_nothing_that_it_answered(world):
    lose_nothing(world, MANY)


def test_a_receiver_that_is_told_to_stop_answers_what_it_accepted(world):
    world.stop()
    process = Process(world)
    assert process.send("UT" + "a" * 32) == 204
    process.process.terminate()
    assert process.process.wait(SECONDS) == 0
    process.process.communicate()
    world.server = None
