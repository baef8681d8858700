"""Where the locale lacks a letter of somebody's name, the name is escaped and the command goes on."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from faketwilio.control.console import act
from faketwilio.server import FakeTwilio

NAME = "Smile \U0001f600 śmiech"
ENCODINGS = [
    {"PYTHONIOENCODING": "cp1252"},
    {"PYTHONIOENCODING": "latin-1:strict"},
    {"PYTHONIOENCODING": "ascii"},
    {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
]
FORMS = ("text", "markdown", "github", "json")
ENDED = b"ended with 2\n"
DRIFT_IN_EACH_FORM = f"""
from tenantry.cli import main
for form in {FORMS}:
    try:
        main(["drift", "--without-state", "--format", form])
    except SystemExit as end:
        print("ended with", end.code, flush=True)
"""
"""One process for all forms, for its start is most of what a command costs."""


def run(folder: Path, environ: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command on a project of one tenant, with the environment given."""
    (folder / "tenants").mkdir(exist_ok=True)
    (folder / "tenantry.yaml").write_text("format: 1\n")
    (folder / "tenants" / "acme.yaml").write_text(f"tenant: acme\nname: {NAME}\n", encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHON"))}
    ours = () if arguments[0] == "-c" else ("-m", "tenantry.cli")
    command = [sys.executable, *ours, *arguments]
    return subprocess.run(command, cwd=folder, env={**kept, **environ}, capture_output=True, check=False)


@pytest.mark.parametrize("encoding", ENCODINGS, ids=str)
def test_a_live_name_is_told_in_any_encoding_and_form(tmp_path, encoding):
    with FakeTwilio() as fake:
        act(fake.store, {"create": "subaccount", "account": fake.account_sid, "fields": {"friendly_name": NAME}})
        where = {"TENANTRY_TWILIO_URL": fake.url}
        credentials = {"TWILIO_ACCOUNT_SID": fake.account_sid, "TWILIO_AUTH_TOKEN": fake.auth_token, **where}
        done = run(tmp_path, {**credentials, **encoding}, "-c", DRIFT_IN_EACH_FORM)
    assert b"Traceback" not in done.stderr
    assert (done.returncode, ENDED.strip() in done.stdout) == (0, True), done.stderr
    output = done.stdout.split(ENDED)[:-1]
    assert [b"Smile" in form for form in output] == [True] * len(FORMS), output
    assert NAME in str(json.loads(output[-1]))


SHOW_AND_VALIDATE = f"""
from tenantry.cli import main
for asked in (["show", "acme"], ["validate"]):
    try:
        main(asked)
    except SystemExit as end:
        print("ended with", end.code, flush=True)
    with open({f"tenants/{NAME}.yaml".encode()}, "w") as file:
        file.write("tenant: x\\n")
"""


@pytest.mark.parametrize("encoding", ENCODINGS, ids=str)
def test_names_in_manifests_and_errors_print_in_any_encoding(tmp_path, encoding):
    done = run(tmp_path, encoding, "-c", SHOW_AND_VALIDATE)
    ends = [line for line in done.stdout.decode("latin-1").splitlines() if line.startswith("ended with")]
    assert (done.returncode, ends) == (0, ["ended with 0", "ended with 1"]), done.stderr
    assert b"Traceback" not in done.stderr + done.stdout
