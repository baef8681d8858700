"""Secrets of keys and tokens of accounts: nowhere to be read, whatever runs, fails or tells all it knows."""

import base64
import json
import os
import re
import shutil
import signal
from pathlib import Path
from threading import Event

import pytest
from e2e_killing import session_of, wait_for_session_end
from e2e_leaks import forms, leaks, watch
from e2e_project import ROOT, WHOLE, secrets_of

from faketwilio.store.request_log import RequestLog

UP = ("up", "--yes")
LATER = WHOLE.replace("1000", "2000").replace("api_keys:\n", "api_keys:\n  late: {access: standard}\n")
LOUD = {"TENANTRY_UNPATCHED": "debug-messages", "PULUMI_OPTION_DEBUG": "true"}
TOKEN = re.compile(r"(?<![0-9A-Za-z])[0-9a-f]{32}(?![0-9A-Za-z])")
DEBUG = ("--debug", "--logtostderr", "--logflow", "--show-full-output")
PROPERTIES = re.compile(rb'[Mm]arshaling property for RPC\[.*"v":9}$')
SECONDS = 240


@pytest.fixture
def secrets_project(stack_project):
    return watch(stack_project)


def test_no_command_prints_or_leaves_a_secret_though_every_logger_tells_all(secrets_project):
    secrets_project.project.write("acme", LATER)
    assert secrets_project.tenantry("preview", "--format", "json", **LOUD).code == 2
    assert secrets_project.tenantry(*UP, **LOUD).code == 0
    drift = secrets_project.tenantry("drift", "--format", "markdown", **LOUD)
    assert (drift.code, "DEBUG:urllib3" in drift.output) == (0, True)
    export = secrets_project.tenantry("export", "--secrets-to", "secrets", **LOUD)
    assert export.code == 0
    files = [path.read_text() for path in (secrets_project.project.folder / "secrets").iterdir()]
    assert len(leaks({"files": "\n".join(files).encode()}, secrets_of(secrets_project.project.fake.store))) == 5
    shutil.rmtree(secrets_project.project.folder / "secrets")
    for words in (("export", "--format", "csv"), ("show", "acme"), ("doctor",), ("validate",)):
        assert secrets_project.tenantry(*words, **LOUD).code == 0
    assert secrets_project.leaks() == []
    assert secrets_project.list_leftovers() == []


def test_debug_logs_and_plans_hold_no_secret_below_level_9(secrets_project):
    secrets_project.project.write("acme", LATER)
    assert secrets_project.pulumi("preview", "--save-plan", "plan.json").code == 0
    more = (*DEBUG, "-v=9", "--event-log", "events.json")
    done = secrets_project.pulumi(
        *UP, "--skip-preview", *more, PULUMI_DEBUG_COMMANDS="true", TENANTRY_UNPATCHED="debug-messages"
    )
    assert done.code == 0, done.output
    assert "DEBUG:urllib3" in done.output
    texts = [line for text in secrets_project.outputs.values() for line in text.splitlines()]
    secrets_project.outputs.clear()
    assert secrets_project.leaks() == []
    wanted = {form for secret in secrets_of(secrets_project.project.fake.store) for form in forms(secret)}
    showing = [line for line in texts if any(form in line for form in wanted)]
    assert showing
    assert [line for line in showing if not PROPERTIES.search(line)] == []


def test_debug_logs_at_level_8_hold_no_secret_of_new_keys(secrets_project):
    secrets_project.project.write("acme", LATER)
    held = set(secrets_of(secrets_project.project.fake.store))
    done = secrets_project.pulumi(
        *UP, *DEBUG, "-v=8", PULUMI_DEBUG_COMMANDS="true", TENANTRY_UNPATCHED="debug-messages"
    )
    assert done.code == 0, done.output
    assert set(secrets_of(secrets_project.project.fake.store)) > held
    assert all(text in done.output for text in ("DEBUG:urllib3", '"v":8}'))
    assert secrets_project.leaks() == []


def test_no_failure_repeats_a_secret(secrets_project):
    project, store = secrets_project.project, secrets_project.project.fake.store
    shutil.copytree(ROOT / "policies", project.folder / "policies")
    for slug in ("acme", "acme-2"):
        project.write(slug, LATER.replace("/errors/", "/problems/"))
    violated = secrets_project.tenantry("preview", **LOUD)
    assert "policy spend-trigger (mandatory): acme" in violated.output
    shutil.rmtree(project.folder / "policies")
    echo = f"token {store.parent.auth_token} of {store.accounts_of(store.parent_sid)[-1].auth_token} is refused"
    project.fault(mode="error", status=400, code=20001, message=echo, method="POST", path_contains="Triggers", times=2)
    project.fault(mode="html", status=504, method="POST", path_contains="/v1/Sinks", times=None)
    project.fault(mode="503-after-commit", method="POST", path_contains="/Keys", times=None, retry_after=3600)
    failed = secrets_project.tenantry(*UP, "--max-deletes-percent", "100", **LOUD)
    assert failed.code == 1
    assert "token … of … is refused" in failed.output
    store.faults.clear()
    assert secrets_project.tenantry("drift", TWILIO_AUTH_TOKEN=store.parent.auth_token[::-1], **LOUD).code == 1
    assert "this stack belongs to" in secrets_project.tenantry(*UP, TWILIO_ACCOUNT_SID=f"AC{'0' * 32}", **LOUD).output
    assert secrets_project.tenantry("export", "--secrets-to", "here", VAULT_SERVER_TOKEN="no", **LOUD).code == 1
    project.state_file.write_text(project.state_file.read_text()[:-200])
    assert secrets_project.tenantry("preview", **LOUD).code == 1
    assert secrets_project.leaks() == []
    assert secrets_project.list_leftovers() == []


class Onlooker(RequestLog):
    """Reads the command line and the environment of every process of a run, at each request that writes."""

    def __init__(self) -> None:
        super().__init__()
        self.session = 0
        self.writes = 0
        self.enough = Event()
        self.lines: set[bytes] = set()
        self.variables: set[bytes] = set()

    def enter(self, visit):
        if visit.method != "GET":
            self.writes += 1
            self._look()
        return super().enter(visit)

    def _look(self):
        for process in session_of(self.session):
            folder = Path("/proc", str(process.pid))
            try:
                line, variables = (folder / "cmdline").read_bytes(), (folder / "environ").read_bytes()
            except OSError:
                continue  # it ended while we looked
            self.lines.add(line)
            self.variables.update(variables.split(b"\0"))
        if self.writes == 2:
            self.enough.set()


def test_processes_get_the_parents_token_only_as_the_user_gave_it(secrets_project):
    project = secrets_project.project
    project.write("acme", LATER)
    looking = project.fake.store.request_log = Onlooker()
    project.fake.store.latency_ms = 150
    run = project.start(*UP, "--skip-preview")
    looking.session = run.pid
    assert looking.enough.wait(SECONDS)
    os.kill(run.pid, signal.SIGKILL)
    run.wait(SECONDS)
    assert wait_for_session_end(run.pid) == []
    token = project.fake.auth_token
    assert any(b"tenantry.plugin.server" in line for line in looking.lines)
    assert leaks({"command lines": b"\n".join(looking.lines)}, secrets_of(project.fake.store)) == []
    assert f"TWILIO_AUTH_TOKEN={token}".encode() in looking.variables
    text = looking.variables - {f"TWILIO_AUTH_TOKEN={token}".encode()}
    assert leaks({"environments": b"\n".join(text)}, secrets_of(project.fake.store)) == []
    assert secrets_project.leaks() == []


def test_the_demo_prints_no_secret_and_no_token(new_project):
    seen = watch(new_project({}))
    done = seen.tenantry("demo", "--folder", "demo", **LOUD)
    assert done.code == 0, done.output
    backend = {"PULUMI_BACKEND_URL": f"file://{seen.project.folder}/demo/.pulumi/state?metadata=skip"}
    shown = seen.project.pulumi("-C", "demo", "stack", "export", "--stack", "dev", "--show-secrets", **backend)
    resources = json.loads(shown.output)["deployment"]["resources"]
    held = [resource["outputs"].get("secret") for resource in resources if resource["type"].endswith("ApiKey")]
    secrets = [json.loads(secret["plaintext"]) for secret in held if secret]
    assert len(secrets) > 5
    assert leaks(seen.texts(), secrets) == []
    assert TOKEN.findall(done.output) == []


@pytest.mark.parametrize("user", ["", "x", "SK", f"AC{'0' * 32}"])
def test_a_secret_is_found_in_the_header_of_basic_authorization(user):
    header = base64.b64encode(f"{user}:s3cret/of_somebody".encode())
    assert leaks({"log": b"Authorization: Basic " + header, "other": b"Basic eDp5"}, ["s3cret/of_somebody"]) == [
        "log (s3cr…)"
    ]
