"""Killed runs and a state that is not lost: run again, and all is there once."""

import os
import signal
import time

from e2e_killing import wait_for_session_end
from e2e_project import WHOLE, objects

SECONDS = 30
TENANTS = {"acme": WHOLE, "acme-2": WHOLE}
CLEAN = ("preview", "--refresh", "--expect-no-changes")
UP = ("up", "--yes", "--skip-preview")


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


def test_a_state_that_is_not_lost_is_not_recovered(stack_project):
    stack_project.requests()
    refused = stack_project.tenantry("up", "--recover", "--yes")
    assert refused.code == 1
    assert "the state of this stack is not lost" in refused.output
    assert stack_project.writes() == []


def kill_in_the_middle(project, **variables):
    """Run `up` and kill Pulumi after half a dozen writes have begun; what can reach Twilio ends by itself."""
    project.fake.store.latency_ms = 150
    run = project.start(*UP, **variables)
    until(lambda: writes_begun(project) >= 6)
    os.kill(run.pid, signal.SIGKILL)
    assert run.wait(SECONDS) == -signal.SIGKILL
    assert wait_for_session_end(run.pid) == []
    project.fake.store.latency_ms = 0


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
