"""A run that does not come to its end is never taken for one that did, and nothing of it lives on."""

import os
import shutil
import signal
import subprocess
import sysconfig
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from e2e_killing import Kill, run_up_killed, session_of, wait_for_session_end
from e2e_project import ROOT, SECONDS, WHOLE, objects

from tenantry.engine.state.unfinished import TAG

TENANTRY = Path(sysconfig.get_path("scripts"), "tenantry")
NOBODY = "http://127.0.0.1:1"
PROXY = {"https_proxy": NOBODY, "http_proxy": NOBODY, "HTTPS_PROXY": NOBODY, "HTTP_PROXY": NOBODY}
EXIT = "import os\nprint('last words', flush=True)\nos._exit(1)\n"
DEATHS = {
    "signal": "import os, signal\nprint('last words', flush=True)\nos.kill(os.getpid(), signal.SIGKILL)\n",
    "memory": "import os, resource\nprint('last words', flush=True)\nresource.setrlimit(resource.RLIMIT_AS, (1, 1))\n"
    "try:\n    x = bytearray(2**30)\nfinally:\n    os._exit(70)\n",
}


@pytest.mark.parametrize("death", DEATHS)
def test_a_dying_program_is_an_error_with_its_last_words(stack_project, death):
    (stack_project.folder / "__main__.py").write_text(DEATHS[death])
    done = stack_project.tenantry("up", "--yes")
    assert (done.code, "Nothing to change" in done.output) == (1, False)
    assert "error: The program of this project ended (program exited" in done.output
    assert "  last words\n" in done.output
    assert done.output.splitlines()[-1] == "Nothing was changed."
    assert stack_project.writes() == []


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_program_that_dies_half_way_is_no_plan_in_any_format(stack_project, form):
    program = stack_project.folder / "__main__.py"
    stack_project.write("birch", WHOLE)
    program.write_text(f"{program.read_text()}\n{EXIT}")
    done = stack_project.tenantry("preview", "--format", form)
    assert (done.code, "Nothing to change" in done.output) == (1, False)
    assert "this project ended" in done.output.replace("\\", "")
    assert "usage_trigger" not in done.output


@pytest.mark.parametrize(("end", "command"), [("sys.exit()", ("preview",)), ("os._exit(0)", ("up", "--yes"))])
def test_a_program_that_ends_before_registering_every_tenant_has_no_plan(stack_project, end, command):
    program = stack_project.folder / "__main__.py"
    loop = "        Tenant(manifest, run)\n"
    assert loop in program.read_text()
    early = f"{loop}        await asyncio.sleep(1)\n        if manifest.tenant == 'acme-2': {end}\n"
    program.write_text(f"import os, sys\n{program.read_text().replace(loop, early)}")
    stack_project.write("birch", WHOLE)
    stack_project.requests()
    done = stack_project.tenantry(*command)
    assert (done.code, "unchanged" in done.output) == (1, False)
    assert "birch is not registered" in done.output.replace("\n", " ")
    assert stack_project.writes() == []


def test_a_run_behind_a_proxy_reaches_all_that_is_on_this_machine(stack_project):
    stack_project.write("acme", WHOLE.replace("1000", "2000"))
    done = stack_project.tenantry("up", "--yes", **PROXY)
    assert done.code == 0, done.output


def test_a_limit_on_files_that_cuts_the_event_log_begins_nothing(stack_project):
    stack_project.write("acme", WHOLE.replace("1000", "2000"))
    stack_project.requests()
    done = subprocess.run(
        ["sh", "-c", f"ulimit -f 8; exec {TENANTRY} up --yes"],
        cwd=stack_project.folder,
        env=stack_project.cold,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Nothing to change" not in done.stdout
    assert "(`ulimit -f`)" in done.stderr
    assert stack_project.writes() == []
    assert TAG not in stack_project.pulumi("stack", "tag", "ls", "--json").output


def test_a_signal_ends_a_run_that_hangs_and_all_that_it_started(stack_project, tmp_path):
    reached = tmp_path / "reached"
    os.mkfifo(reached)
    hang = f"import threading\nopen({str(reached)!r}, 'w').close()\nthreading.Event().wait()\n"
    (stack_project.folder / "__main__.py").write_text(hang)
    environ = {**stack_project.cold, "TMPDIR": str(tmp_path / "tmp")}
    (tmp_path / "tmp").mkdir()
    with start(stack_project, "preview", environ) as run:
        reached.read_bytes()
        run.send_signal(signal.SIGTERM)
        assert run.wait(SECONDS) == 130
        assert wait_for_session_end(run.pid) == []
    assert own(tmp_path / "tmp") == []


def test_a_hanging_policy_pack_ends_when_tenantry_is_killed(stack_project, tmp_path):
    reached, aside = tmp_path / "reached", tmp_path / "tmp"
    os.mkfifo(reached)
    aside.mkdir()
    pack = stack_project.folder / "policies"
    shutil.copytree(ROOT / "policies", pack)
    hang = f"import threading\nopen({str(reached)!r}, 'w').close()\nthreading.Event().wait()\n"
    (pack / "__main__.py").write_text(hang)
    environ = {**stack_project.cold, "TMPDIR": str(aside)}
    with start(stack_project, "preview", environ) as run:
        reached.read_bytes()
        run.kill()
        assert run.wait(SECONDS) == -signal.SIGKILL
        assert wait_for_session_end(run.pid) == []
    assert own(aside) != []
    stack_project.tenantry("validate", TMPDIR=str(aside))
    assert own(aside) == []


def test_processes_of_a_killed_tenantry_end_without_doubles_afterwards(new_project, stack_project):
    project = new_project({"acme": WHOLE, "acme-2": WHOLE})
    killed = run_up_killed(project, Kill("tenantry", 6, answered=False))
    assert (killed.code, killed.struck) == (-signal.SIGKILL, True)
    assert session_of(killed.session) == []
    project.pulumi("cancel", "--yes")
    done = project.tenantry("up", "--yes")
    assert done.code == 0, done.output
    assert objects(project) == objects(stack_project)


def test_a_second_account_of_an_unfinished_run_fails_the_run_by_name(stack_project):
    account = stack_project.account("acme")
    now = datetime.now(UTC).isoformat(timespec="seconds")
    assert stack_project.pulumi("stack", "tag", "set", TAG, now).code == 0
    parent, name = stack_project.fake.account_sid, account["friendly_name"]
    stack_project.console({"create": "subaccount", "account": parent, "fields": {"friendly_name": name}})
    done = stack_project.tenantry("up", "--yes")
    assert done.code == 1
    assert "error: acme: Twilio has a second account of its name, AC" in done.output
    assert f"The stack holds {account['sid']}." in done.output


@contextmanager
def start(project, command, environ):
    """Start a command that leads a session; it is killed where a test ends before it does."""
    with subprocess.Popen(
        [TENANTRY, *command.split()],
        cwd=project.folder,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as run:
        try:
            yield run
        finally:
            run.kill()


def own(folder):
    """Return the temporary folders that are ours."""
    return [path.name for path in folder.iterdir() if path.name.startswith("tenantry-")]
