"""The job that is killed anywhere: the next one goes on, and the audit says what became of every act."""

import os
import random
import signal
from datetime import timedelta
from pathlib import Path

import pytest
from forking import Runner

PROGRAM = Path(__file__).parents[1] / "killed_retention.py"
RULES = "retention: {messages: {keep_days: 30, action: redact}, calls: {keep_days: 30}}\n"
FEW, MANY = 3, 50


@pytest.fixture(scope="module")
def runner():
    runner = Runner(PROGRAM)
    yield runner
    runner.end()


def run(world, runner, step: int) -> int:
    """Run the job in a process that is killed at a step; return its exit code."""
    environ = {
        **os.environ,
        "TWILIO_ACCOUNT_SID": world.fake.account_sid,
        "TWILIO_AUTH_TOKEN": world.fake.auth_token,
        "TENANTRY_TWILIO_URL": world.fake.url,
    }
    arguments = [str(world.folder), world.time.now.isoformat(), str(world.folder / "steps"), str(step)]
    done = runner.run(arguments, environ)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode


def add_records(world):
    due = world.put("acme", "call", 31, 3)
    for _ in range(2):
        [sid] = world.put("acme", "message", 31, num_media=1, body="a secret")
        world.put("acme", "media", 31, parent_sid=sid)
        due.append(sid)
    return due, [*world.put("acme", "call", 29, 2), *world.put("acme", "message", 29, 2, body="b")]


def kill_and_go_on(world, runner, step):
    """Let the job be killed at a step, and the next one go on; return whether it was killed."""
    due, kept = add_records(world)
    is_killed = run(world, runner, step) != 0
    world.time.now += timedelta(minutes=11)
    report = world.retain()
    assert report.exit_code == 0, report.tenants
    assert all(world.has("call" if sid.startswith("CA") else "message", sid) for sid in kept)
    assert world.look(is_whole=True).due == 0
    lines = world.audit()
    settled = {line.entry.intent for line in lines if line.entry.event == "result"}
    assert {line.number for line in lines if line.entry.event == "intent"} == settled
    done = {line.entry.sid for line in lines if line.entry.outcome in ("done", "gone")}
    assert {sid for sid in done if "/" not in sid} >= set(due)
    return is_killed


@pytest.fixture
def acme(world):
    world.tenant("acme", RULES)
    return world


def play(world, runner, kills, seed):
    add_records(world)
    assert run(world, runner, 0) == 0
    steps, draw = int((world.folder / "steps").read_text()), random.Random(seed)
    killed = [kill_and_go_on(world, runner, draw.randint(1, steps)) for _ in range(kills)]
    assert sum(killed) >= kills // 2


def test_a_job_that_is_killed_anywhere_is_gone_on_with(acme, runner):
    play(acme, runner, FEW, seed=19)


@pytest.mark.soak
def test_fifty_kills_lose_nothing(acme, runner):
    play(acme, runner, MANY, seed=20)
