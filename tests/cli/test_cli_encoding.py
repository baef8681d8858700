"""Where the locale lacks a letter of somebody's name, the name is escaped and the command goes on."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from faketwilio.control.console import act
from faketwilio.server import FakeTwilio

PACKAGE = Path(__file__).parents[2] / "tenantry"
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


@pytest.mark.parametrize("encoding", ENCODINGS, ids=str)
def test_names_in_manifests_and_errors_print_in_any_encoding(tmp_path, encoding):
    assert run(tmp_path, encoding, "show", "acme").returncode == 0
    (tmp_path / "tenants" / f"{NAME}.yaml").write_text("tenant: x\n")
    done = run(tmp_path, encoding, "validate")
    assert (done.returncode, b"Traceback" in done.stderr + done.stdout) == (1, False)


def test_no_child_process_and_no_file_uses_the_locales_encoding():
    wrong = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and _depends_on_the_locale(node)
    ]
    assert wrong == []


def _depends_on_the_locale(call: ast.Call) -> bool:
    """Return whether a call reads or writes text and does not say in which encoding."""
    given = {keyword.arg for keyword in call.keywords}
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if "encoding" in given:
        return False
    modes = [arg.value for arg in call.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
    receiver = call.func.value if isinstance(call.func, ast.Attribute) else None
    if isinstance(receiver, ast.Call) and "build_opener" in ast.unparse(receiver.func):
        return False  # opens a URL, and bytes
    if getattr(receiver, "id", "") == "distribution":
        return False  # importlib.metadata reads UTF-8, and takes no encoding
    is_module = getattr(receiver, "id", "") in ("os", "tarfile")
    match name:
        case "read_text" | "write_text":
            return True
        case "open" | "fdopen" if not is_module or name == "fdopen":
            return not any("b" in mode for mode in modes)
        case _:
            return bool(given & {"text", "universal_newlines"}) and name in ("run", "Popen", "check_output")
