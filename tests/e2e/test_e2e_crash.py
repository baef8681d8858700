"""Killed runs, lost state, lost answers: run again, and all is there once."""

import os
import signal
import time

from e2e_killing import wait_for_session_end
from e2e_project import WHOLE, objects

SECONDS = 30
TENANTS = {"acme": WHOLE, "acme-2": WHOLE}
CLEAN = ("preview", "--refresh", "--expect-no-changes")
UP = ("up", "--yes", "--skip-preview")
LOST = {
    "/Accounts.json": "503-after-commit",
    "/Keys.json": "503-after-commit",
    "/Triggers.json": "drop-after-commit",
    "/v1/Sinks": "503-after-commit",
    "/v1/Subscriptions": "drop-after-commit",
}
"""Of each kind, how the answer of one create gets lost."""


def test_a_run_with_a_killed_pulumi_sends_nothing_more(new_project, stack_project):
    project = new_project(TENANTS)
    kill_in_the_middle(project, PULUMI_SKIP_CHECKPOINTS="true")
    locked = project.pulumi(*UP)
    assert locked.code != 0
    assert "pulumi cancel" in locked.output
    assert project.pulumi("cancel", "--yes").code == 0
    # Without a checkpoint the state knows of nothing: it is a lost one, and a person has to say so.
    done = project.pulumi(*UP, TENANTRY_RECOVER="1")
    assert done.code == 0, done.output
    assert objects(project) == objects(stack_project)
    done = project.pulumi(*CLEAN)
    assert done.code == 0, done.output


def test_a_lost_state_is_recovered_from_twilio_without_doubles(stack_project):
    before, keys = objects(stack_project), sids(stack_project, "api_keys")
    kept = {kind: sids(stack_project, kind) for kind in ("usage_triggers", "event_sinks", "event_subscriptions")}
    lose_state(stack_project)
    stack_project.requests()
    refused = stack_project.pulumi(*UP)
    assert refused.code != 0
    assert "there is no proof that this stack made it" in refused.output
    assert "--recover" in refused.output
    assert stack_project.writes() == []
    run = stack_project.tenantry("preview", "--recover")
    assert run.code == 2, run.output
    assert "DANGER: recover" in run.output
    assert all(f"{account['sid']} '{account['friendly_name']}'" in run.output for account in stack_project.accounts())
    done = stack_project.pulumi(*UP, TENANTRY_RECOVER="1")
    assert done.code == 0, done.output
    assert stack_project.writes() == []
    assert objects(stack_project) == before
    assert {kind: sids(stack_project, kind) for kind in kept} == kept
    # Somebody may be using the keys, however young: they are taken over as they are, their secrets unknown.
    assert sids(stack_project, "api_keys") == keys
    assert "secret" not in stack_project.resources()["acme/api_key/web-1"]["outputs"]
    for account in stack_project.accounts():
        assert all(f"API key {key['friendly_name']} ({key['sid']})" in done.output for key in account["api_keys"])
    assert stack_project.pulumi(*CLEAN).code == 0


def test_a_state_that_is_not_lost_is_not_recovered(stack_project):
    stack_project.requests()
    refused = stack_project.tenantry("up", "--recover", "--yes")
    assert refused.code == 1
    assert "the state of this stack is not lost" in refused.output
    assert stack_project.writes() == []


def test_lost_answers_and_many_429s_end_without_doubles(new_project, stack_project):
    project = new_project(TENANTS)
    project.fault(mode="429", method="GET", path_contains="/Accounts.json", times=2, retry_after=1)
    for path, mode in LOST.items():
        project.fault(mode="429", method="POST", path_contains=path, times=2)
        project.fault(mode=mode, method="POST", path_contains=path)
    done = project.pulumi(*UP)
    assert done.code == 0, done.output
    assert {fault.times for fault in project.fake.store.faults} == {0}
    assert objects(project) == objects(stack_project)
    usable(project)
    assert project.pulumi(*CLEAN).code == 0


def kill_in_the_middle(project, **variables):
    """Run `up` and kill Pulumi after half a dozen writes have begun; what can reach Twilio ends by itself."""
    project.fake.store.latency_ms = 150
    run = project.start(*UP, **variables)
    until(lambda: writes_begun(project) >= 6)
    os.kill(run.pid, signal.SIGKILL)
    assert run.wait(SECONDS) == -signal.SIGKILL
    assert wait_for_session_end(run.pid)
    project.fake.store.latency_ms = 0


def usable(project):
    """Every key in Twilio is one of which the state holds the SID and the secret."""
    found = project.resources()
    held = {resource["id"]: resource["outputs"] for name, resource in found.items() if "/api_key/" in name}
    assert held.keys() == sids(project, "api_keys")
    assert [sid for sid, outputs in held.items() if "secret" not in outputs] == []


def sids(project, kind):
    return {item["sid"] for account in project.accounts() for item in account[kind]}


def lose_state(project):
    project.backend.lose()
    project.make_stack()


def writes_begun(project):
    begun = project.fake.store.request_log.count.items()
    return sum(count for operation, count in begun if not operation.startswith("GET"))


def until(condition):
    """Wait for a condition, SECONDS at most."""
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)
