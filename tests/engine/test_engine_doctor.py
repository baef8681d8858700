"""What `tenantry doctor` finds."""

import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest_engine import ROOT

from faketwilio.server import FakeTwilio
from tenantry.cli.doctor import doctor, examine
from tenantry.engine.install.doctor import Finding, without_password
from tenantry.engine.install.plugin_check import SCRIPT
from tenantry.engine.run.backend import local_backend

WHOAMI = json.dumps({"user": "ana", "url": "postgres://ana:hunter2@db.example/pulumi"})
PULUMI = f"""#!/bin/sh
case "$1 $2" in
  "version "*) echo v3.259.0;;
  "whoami "*) echo '{WHOAMI}';;
  "stack --show-name") echo dev;;
  "stack export") echo '{{"version": 3}}';;
esac
"""


class Twilio(BaseHTTPRequestHandler):
    """Answers every HEAD with the time it was given."""

    seconds_off = 0.0

    def do_HEAD(self) -> None:
        self.send_response_only(404)
        self.send_header("Date", formatdate(self.date_time(), usegmt=True))
        self.end_headers()

    def date_time(self) -> float:
        return time.time() + self.seconds_off

    def log_message(self, *args) -> None:
        pass


@pytest.fixture
def clock() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Twilio) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def twilio() -> Iterator[FakeTwilio]:
    with FakeTwilio() as fake:
        yield fake


@pytest.fixture
def machine(tmp_path: Path, twilio: FakeTwilio) -> tuple[Path, dict[str, str]]:
    """A project and an environment in which all is well; the engine is a script that knows a few commands."""
    bin_folder = tmp_path / "cache" / "tenantry" / "engine" / "v3.259.0" / "bin"
    bin_folder.mkdir(parents=True)
    for name in ("pulumi", "pulumi-language-python", "pulumi-language-python-exec"):
        (bin_folder / name).write_text(PULUMI)
        (bin_folder / name).chmod(0o755)
    folder = tmp_path / "project"
    folder.mkdir()
    runtime = f"runtime: {{name: python, options: {{virtualenv: {sys.prefix}}}}}"
    plugins = "plugins: {providers: [{name: pulumi-python, path: ./plugin}]}"
    (folder / "plugin").mkdir()
    (folder / "plugin" / SCRIPT).write_text("#!/bin/sh\necho python\n")
    (folder / "plugin" / SCRIPT).chmod(0o755)
    (folder / "Pulumi.yaml").write_text(f"name: tiny\n{runtime}\n{plugins}\n")
    return folder, {
        "PATH": os.defpath,
        "HOME": str(tmp_path),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "PULUMI_CONFIG_PASSPHRASE": "x",
        "TWILIO_ACCOUNT_SID": twilio.account_sid,
        "TWILIO_AUTH_TOKEN": twilio.auth_token,
        "TENANTRY_TWILIO_URL": twilio.url,
    }


def _examine(machine, subject: str, **environ: str | None) -> list[Finding]:
    folder, base = machine
    merged = {name: value for name, value in {**base, **environ}.items() if value is not None}
    return [finding for finding in examine(folder, merged) if finding.subject == subject]


def _use_the_real_plugin(machine) -> None:
    folder, _ = machine
    (folder / "plugin" / SCRIPT).unlink()
    (folder / "plugin" / SCRIPT).symlink_to(ROOT / "plugin" / SCRIPT)


def test_where_all_is_well_nothing_fails(machine):
    folder, environ = machine
    findings = list(examine(folder, environ))
    assert {finding.subject for finding in findings if finding.level == "ok"} == {
        "engine",
        "language host",
        "plugin",
        "backend",
        "stack",
        "credentials",
        "clock",
    }
    assert [finding.text for finding in findings if finding.level != "ok"] == [
        f"TENANTRY_TWILIO_URL is set: everything goes to the fake at {environ['TENANTRY_TWILIO_URL']}"
    ]


def test_no_secret_is_shown(machine):
    folder, environ = machine
    text = str(list(examine(folder, environ)))
    assert environ["TWILIO_AUTH_TOKEN"] not in text
    assert "hunter2" not in text


def test_a_missing_engine_fails_and_nothing_is_downloaded(machine, tmp_path):
    [finding] = _examine(machine, "engine", XDG_CACHE_HOME=str(tmp_path / "empty"))
    assert finding.level == "fail"
    assert "make engine" in finding.text


def test_the_plugins_python_and_packages_are_named(machine):
    _use_the_real_plugin(machine)
    [finding] = _examine(machine, "plugin")
    assert f"{sys.prefix}/bin/python, Python 3." in finding.text
    assert "pulumi 3." in finding.text


def test_a_plugin_whose_python_is_missing_fails(machine):
    folder, _ = machine
    project = folder / "Pulumi.yaml"
    project.write_text(project.read_text().replace(sys.prefix, "nowhere"))
    _use_the_real_plugin(machine)
    [finding] = _examine(machine, "plugin")
    assert (finding.level, "make it with `uv sync`" in finding.text) == ("fail", True)


@pytest.mark.parametrize(
    ("begin", "whose"),
    [("#!/bin/sh\n# Starts the stand-in language host\n", "Tenantry's stand-in"), ("\x7fELF", "Pulumi's own")],
)
def test_the_language_host_is_named_and_whose_it_is(machine, tmp_path, begin, whose):
    host = next(tmp_path.glob("cache/tenantry/engine/*/bin/pulumi-language-python"))
    host.write_text(begin)
    [finding] = _examine(machine, "language host")
    assert (finding.level, finding.text.startswith(f"{host}, {whose}")) == ("ok", True)


def test_a_project_that_lacks_uv_or_its_lock_fails(machine, tmp_path):
    folder, _ = machine
    project = folder / "Pulumi.yaml"
    project.write_text(project.read_text().replace("options: {", "options: {toolchain: uv, "))
    (tmp_path / "uv").write_text("#!/bin/sh\n")
    (tmp_path / "uv").chmod(0o755)
    [finding] = _examine(machine, "toolchain", PATH=f"{tmp_path}{os.pathsep}{os.defpath}")
    assert (finding.level, "run `uv sync`" in finding.text) == ("fail", True)
    (folder / "uv.lock").touch()
    assert _examine(machine, "toolchain", PATH=f"{tmp_path}{os.pathsep}{os.defpath}") == []


def test_a_plugin_without_its_run_bit_fails(machine):
    folder, _ = machine
    (folder / "plugin" / SCRIPT).chmod(0o644)
    [finding] = _examine(machine, "plugin")
    assert (finding.level, "chmod +x" in finding.text) == ("fail", True)


def test_a_folder_without_a_project_fails(machine, tmp_path):
    _, environ = machine
    plugin = next(finding for finding in examine(tmp_path, environ) if finding.subject == "plugin")
    assert (plugin.level, "run this in the project's folder" in plugin.text) == ("fail", True)


def test_a_backend_that_nobody_logged_in_to_fails(machine, tmp_path):
    engine = next(tmp_path.glob("cache/tenantry/engine/*/bin/pulumi"))
    engine.write_text("#!/bin/sh\necho 'error: no access token' >&2; exit 3\n")
    [finding] = _examine(machine, "backend")
    assert finding.level == "fail"
    assert finding.text.endswith("error: no access token; run `pulumi login`, or set PULUMI_BACKEND_URL")


def test_an_engine_that_does_not_start_fails(machine, tmp_path):
    engine = next(tmp_path.glob("cache/tenantry/engine/*/bin/pulumi"))
    engine.write_text("#!/bin/sh\necho 'wrong format' >&2; exit 126\n")
    [finding] = _examine(machine, "engine")
    assert finding.level == "fail"
    assert "run `make engine`" in finding.text


def test_a_backend_without_a_passphrase_is_a_warning(machine):
    [finding] = _examine(machine, "secrets", PULUMI_CONFIG_PASSPHRASE=None)
    assert finding.level == "warn"


def test_no_credentials_are_a_warning(machine):
    [finding] = _examine(machine, "credentials", TWILIO_ACCOUNT_SID=None, TWILIO_AUTH_TOKEN=None)
    assert finding.level == "warn"


@pytest.mark.parametrize("missing", ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"])
def test_half_a_pair_of_credentials_fails_and_names_the_other_half(machine, missing):
    [finding] = _examine(machine, "credentials", **{missing: None})
    assert (finding.level, f"{missing} is not set" in finding.text) == ("fail", True)


@pytest.mark.parametrize("name", ["TWILIO_EDGE", "TWILIO_REGION"])
def test_variables_that_would_bend_hosts_are_a_warning(machine, name):
    finding = _examine(machine, "twilio", **{name: "dublin"})[-1]
    assert (finding.level, finding.text.startswith(f"{name} is dublin")) == ("warn", True)


@pytest.mark.parametrize(("seconds", "words"), [(600, "s behind"), (-600, "s ahead of")])
def test_a_clock_that_is_off_is_a_warning(machine, clock, monkeypatch, seconds, words):
    monkeypatch.setattr(Twilio, "seconds_off", seconds)
    [finding] = _examine(machine, "clock", TENANTRY_TWILIO_URL=clock)
    assert (finding.level, words in finding.text) == ("warn", True)


def test_a_fake_that_is_not_there_fails(machine):
    [finding] = _examine(machine, "clock", TENANTRY_TWILIO_URL="http://127.0.0.1:1")
    assert (finding.level, "tenantry fake" in finding.text) == ("fail", True)


def test_a_password_in_a_url_is_hidden():
    assert without_password("postgres://ana:pw@db.example/x") == "postgres://ana:***@db.example/x"
    assert without_password("file:///home/ana") == "file:///home/ana"


def test_the_command_prints_a_line_per_finding_and_exits_1_on_failure(machine, monkeypatch):
    folder, environ = machine
    monkeypatch.chdir(folder)
    result = CliRunner(env={**dict.fromkeys(os.environ), **environ, "TWILIO_AUTH_TOKEN": ""}).invoke(doctor)
    assert result.exit_code == 1
    lines = result.output.splitlines()
    assert lines[0].startswith("ok    engine: Pulumi 3.259.0 from cache")
    assert [line for line in lines if line.startswith("FAIL  credentials: ") and "TWILIO_AUTH_TOKEN is not set" in line]


def test_the_command_exits_0_when_nothing_fails(machine, monkeypatch):
    folder, environ = machine
    monkeypatch.chdir(folder)
    assert CliRunner(env={**dict.fromkeys(os.environ), **environ}).invoke(doctor).exit_code == 0


def test_the_backend_of_the_real_engine_is_named(pulumi_engine, machine, tmp_path):
    folder, environ = machine
    backend = local_backend(tmp_path / "backend")
    path = f"{pulumi_engine.binary.parent}{os.pathsep}{os.defpath}"
    [finding] = [found for found in examine(folder, {**environ, **backend, "PATH": path}) if found.subject == "backend"]
    assert finding.text.startswith(f"{backend['PULUMI_BACKEND_URL']} as ")
