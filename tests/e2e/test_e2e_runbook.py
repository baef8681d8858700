"""The runbook of docs/reliability.md: each of its commands, in the trouble that it is for."""

import os
import re
import subprocess
from datetime import UTC, datetime

import pytest
from e2e_backend import is_on_server
from e2e_killing import Kill, run_killed, unusable_keys, wait_for_session_end
from e2e_nursery import warm_environment
from e2e_project import ROOT, WHOLE, objects
from test_e2e_crash import lose_state

from faketwilio.control.seed import seed

SECONDS = 240
UP = ("up", "--yes", "--skip-preview")
LATER = WHOLE.replace("1000", "2000").replace("api_keys:\n", "api_keys:\n  late: {access: standard}\n")
BLOCK = re.compile(r"```sh runbook\n(.*?)```", re.DOTALL)


def a_stuck_lock(project):
    project.write("acme", LATER)
    assert wait_for_session_end(run_killed(project, Kill("cli", 3, answered=False), *UP).session) == []
    assert "pulumi cancel" in project.pulumi(*UP).output
    yield
    assert "late#1" in str(objects(project)["api_keys"])


def a_half_finished_run(project):
    project.write("acme", LATER)
    project.fault(mode="error", status=400, code=20001, method="POST", path_contains="/Keys")
    assert project.tenantry("up", "--yes").code == 1
    yield
    assert len(set(objects(project)["api_keys"])) == 5


def a_revoked_token(project):
    failed = project.tenantry("drift", TWILIO_AUTH_TOKEN="0" * 32)
    assert "Twilio answered 401, error 20003" in failed.output
    yield


def a_state_that_is_cut(project):
    if is_on_server():
        pytest.skip("a database has no file that can be cut")
    project.write("acme", LATER)
    assert project.pulumi(*UP).code == 0
    file = project.state_file
    file.write_text(file.read_text()[:2000])
    for words in (("up", "--yes"), ("drift",)):
        done = project.tenantry(*words)
        assert (done.code, f"`cp {file}.bak {file}`" in done.output) == (1, True), done.output
    project.environ["STATE"] = str(file)
    yield
    assert "late#1" in str(objects(project)["api_keys"])


def a_lost_state(project):
    project.fake.store.clock.advance(2 * 3600)
    before = objects(project)
    lose_state(project)
    assert project.pulumi("stack", "rm", "dev", "--yes", "--force", "--preserve-config").code == 0
    yield
    assert objects(project) == before


def an_outage_of_twilio(project):
    project.write("acme", LATER)
    project.fault(mode="error", status=504, method="POST", path_contains="/Triggers")
    assert "Failed: acme" in project.tenantry("up", "--yes").output
    yield
    assert "late#1" in str(objects(project)["api_keys"])


def an_account_closed_by_mistake(project):
    account = project.account("acme")
    project.console({"set": account["sid"], "fields": {"status": "closed"}})
    assert "can't be undone" in project.tenantry("up", "acme", "--yes", "--refresh").output
    yield
    project.write("acme", f"state: closed\nclose_after: {datetime.now(UTC).date()}\n{WHOLE}")
    project.manifest("acme-b").write_text(f"tenant: acme-b\nname: Acme Dental\n{WHOLE}")
    yield
    yield
    assert [name.rpartition(" ")[2] for name in objects(project)["accounts"]] == ["active", "closed", "active"]
    assert project.tenantry("drift").code == 0


def a_leaked_key(project):
    leaked = {key["sid"] for key in project.account("acme")["api_keys"] if key["friendly_name"] == "web#1"}
    project.write("acme", WHOLE.replace("web: {access: standard}", "web: {access: standard, generations: [1, 2]}"))
    yield
    assert (project.folder.parent / "secrets" / "acme.web.2.json").exists()
    project.write("acme", WHOLE.replace("web: {access: standard}", "web: {access: standard, generations: [2]}"))
    yield
    assert not leaked & {key["sid"] for key in project.account("acme")["api_keys"]}


def a_tenant_made_by_mistake(project):
    mistake = f'state: closed\nclose_after: "{datetime.now(UTC).date()}"\nnever_used: true\n{WHOLE}'
    seed(project.fake.store, {"kind": "message", "account": project.account("acme-2")["sid"]})
    project.write("acme-2", mistake)
    project.requests()
    refused = project.tenantry("up", "acme-2", "--close", "acme-2", "--yes")
    assert refused.code == 1
    assert "it has messages" in refused.output
    assert project.writes() == []
    project.write("acme-2", WHOLE)
    project.write("acme", mistake)
    yield
    assert project.account("acme")["status"] == "closed"
    yield
    assert "acme" not in project.resources()
    assert project.account("acme-2")["status"] == "active"


def the_end_of_a_trial(project):
    project.requests()
    refused = project.pulumi("destroy", "--yes")
    assert refused.code != 0
    assert "protected" in refused.output
    assert project.writes() == []
    yield
    assert {account["status"] for account in project.accounts()} == {"closed"}
    assert project.pulumi("stack", "select", "dev").code != 0


def leaving_tenantry(project):
    before = objects(project)
    project.requests()
    yield
    assert project.writes() == []
    assert objects(project) == before
    assert len(list((project.folder.parent / "secrets").iterdir())) == 4
    assert project.pulumi("stack", "select", "dev").code != 0


@pytest.mark.parametrize(
    "trouble",
    [
        a_stuck_lock,
        a_half_finished_run,
        a_revoked_token,
        a_state_that_is_cut,
        a_lost_state,
        an_outage_of_twilio,
        an_account_closed_by_mistake,
        a_leaked_key,
        a_tenant_made_by_mistake,
        the_end_of_a_trial,
        leaving_tenantry,
    ],
)
def test_the_commands_of_the_runbook_settle_it(stack_project, trouble):
    story = trouble(stack_project)
    for block in blocks_of(trouble.__name__):
        next(story)
        run(stack_project, block)
    next(story, None)
    if trouble not in (a_lost_state, a_tenant_made_by_mistake, the_end_of_a_trial, leaving_tenantry):
        assert unusable_keys(stack_project) == []


def blocks_of(name):
    """Return the commands below the heading of a trouble."""
    page = (ROOT / "docs" / "reliability.md").read_text()
    sections = {
        title.strip().lower(): text for title, _, text in (part.partition("\n") for part in page.split("\n### "))
    }
    found = [
        match for title, text in sections.items() if re.sub(r"\W", "_", title) == name for match in BLOCK.findall(text)
    ]
    assert found, name
    return found


def run(project, block):
    """Run commands as `sh -eu` does, with ours on PATH."""
    path = f"{warm_environment()}/bin{os.pathsep}{project.environ['PATH']}"
    done = subprocess.run(
        ["sh", "-eu", "-c", block],
        cwd=project.folder,
        env={**project.environ, "PATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    assert done.returncode == 0, f"{block}\n{done.stdout}{done.stderr}"
