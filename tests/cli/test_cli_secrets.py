"""`tenantry secrets` on a real stack: Pulumi's CLI, a state that was imported into it, sinks that are folders."""

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from e2e_transit import KEY, transit_variables

from tenantry.cli import main
from tenantry.engine.install.find import NoEngineError, find_engine
from tenantry.engine.run.backend import local_backend
from tenantry.engine.run.command import Project, export_state, run_plain

PARENT, ACME, BIRCH = "AC" + "f" * 32, "AC" + "a" * 32, "AC" + "b" * 32
WEB_1, WEB_2, SENDER, LATE = (f"SK{number:032x}" for number in (1, 2, 3, 4))
PLANTED = "plAntedSecretOfThisTest"
RUN = "urn:pulumi:dev::tenantry::"
MANIFESTS = {
    "acme": "  web: {access: standard, generations: [1, 2], deliver_to: [disk]}\n"
    "  sender: {access: standard, deliver_to: [disk, other], rotation: {every_days: 90}}\n",
    "birch": "  taken: {access: standard, deliver_to: [disk]}\n  new: {access: standard, deliver_to: [disk]}\n",
}


def save_state(kind: str, name: str, id_: str, **outputs: Any) -> dict[str, Any]:
    token = f"pulumi-python:dynamic/twilio:{kind}"
    exported = "2026-11-22T12:16:14.010627376Z"
    return {
        "urn": f"{RUN}{token}::{name}",
        "custom": True,
        "id": id_,
        "type": token,
        "outputs": outputs,
        "created": exported,
    }


def secret(value: str) -> dict[str, str]:
    mark = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
    return {**mark, "plaintext": json.dumps(value)}


RESOURCES = [
    save_state("Fleet", "fleet", "fleet", account_sid=PARENT),
    save_state("Subaccount", "acme", ACME, slug="acme", status="active"),
    save_state("ApiKey", "acme/api_key/web-1", WEB_1, account_sid=ACME, secret=secret(f"{PLANTED}1")),
    save_state("ApiKey", "acme/api_key/web-2", WEB_2, account_sid=ACME),
    save_state("ApiKey", "acme/api_key/sender-1", SENDER, account_sid=ACME, secret=secret(f"{PLANTED}3")),
    save_state("Subaccount", "birch", BIRCH, slug="birch", status="active"),
    save_state("ApiKey", "birch/api_key/taken-1", LATE, account_sid=BIRCH),
]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project whose stack `dev` has keys; its sinks are the folders disk and other."""
    folder = tmp_path_factory.mktemp("secrets")
    try:
        engine = find_engine(os.environ, install=None)
    except NoEngineError as problem:
        pytest.fail(f"this test needs a real engine: {problem}", pytrace=False)
    (folder / "Pulumi.yaml").write_text("name: tenantry\nruntime: python\n")
    sinks = "".join(f"  {name}: {{type: private_files, folder: {folder}/{name}}}\n" for name in ("disk", "other"))
    (folder / "tenantry.yaml").write_text(f"format: 1\nsecret_sinks:\n{sinks}")
    (folder / "tenants").mkdir()
    for slug, keys in MANIFESTS.items():
        (folder / "tenants" / f"{slug}.yaml").write_text(f"tenant: {slug}\nname: {slug.title()}\napi_keys:\n{keys}")
    environ = {**os.environ, **local_backend(folder / "backend"), **transit_variables()}
    project = Project(folder, "dev", engine, environ)
    run_plain(project, "stack", "init", "dev", "--secrets-provider", KEY)
    document = export_state(project)
    document["deployment"]["resources"] = RESOURCES
    (folder / "state.json").write_text(json.dumps(document))
    run_plain(project, "stack", "import", "--file", "state.json")
    (folder / "state.json").unlink()
    return project


@pytest.fixture
def run(stack: Project) -> Callable[..., Result]:
    """Run `tenantry secrets` in the project, whose sinks are empty."""
    for name in ("disk", "other"):
        _remove(stack.folder / name)

    def command(*arguments: str) -> Result:
        words = ["secrets", "-C", str(stack.folder), "--stack", "dev", *arguments]
        return CliRunner(env=stack.environ).invoke(main, words)

    return command


def _remove(path: Path) -> None:
    if path.is_dir():
        for inner in path.iterdir():
            _remove(inner)
        path.rmdir()
    elif path.exists():
        path.unlink()


def files(stack: Project) -> dict[str, str]:
    found = (path for name in ("disk", "other") for path in (stack.folder / name).rglob("*.json"))
    values = (path for path in found if not path.name.endswith(".meta.json"))
    return {str(path.relative_to(stack.folder)): json.loads(path.read_text())["apiKeySecret"] for path in values}


WHOLE = {
    "disk/acme/sender.json": f"{PLANTED}3",
    "disk/acme/web.json": f"{PLANTED}1",
    "other/acme/sender.json": f"{PLANTED}3",
}


def test_each_sink_gets_the_current_generation_of_each_key(run, stack):
    done = run()
    assert (done.exit_code, files(stack)) == (2, WHOLE)
    assert (
        "Secrets: 5 deliveries of the current generation: 1 secret unknown, 1 not made yet, 3 delivered." in done.stdout
    )
    assert PLANTED not in done.output


def test_unknown_secrets_are_named(run):
    done = run()
    assert "Secret unknown, disk: birch taken. No generation's secret is known" in done.stdout
    assert f"Secret unknown, so a generation before it was delivered: acme web#2 ({WEB_2})." in done.stdout


def test_what_a_sink_has_is_not_put_again(run, stack):
    run()
    before = {path: path.stat().st_ino for path in stack.folder.glob("disk/*/*")}
    done = run("acme")
    assert (done.exit_code, "3 there already" in done.stdout) == (0, True)
    assert {path: path.stat().st_ino for path in stack.folder.glob("disk/*/*")} == before


def test_check_puts_nothing_and_ends_with_2(run, stack):
    done = run("acme", "--check")
    assert (done.exit_code, files(stack)) == (2, {})
    assert "Missing, disk: acme sender#1, acme web#1. The sink has nothing under this name." in done.stdout
    run("acme")
    assert run("acme", "--check").exit_code == 0


def test_one_sink_can_be_named(run, stack):
    assert run("--sink", "other").exit_code == 0
    assert set(files(stack)) == {"other/acme/sender.json"}


def test_an_unknown_sink_is_refused_with_a_suggestion(run):
    done = run("--sink", "dsik")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "--sink dsik: tenantry.yaml has no such sink; did you mean 'disk'?" in done.stderr


def test_a_sink_that_is_down_stops_no_other(run, stack):
    (stack.folder / "disk").mkdir(mode=0o755)
    (stack.folder / "disk").chmod(0o755)
    done = run("acme")
    assert (done.exit_code, set(files(stack))) == (1, {"other/acme/sender.json"})
    assert "is open to others (mode 0755)" in done.stdout


def test_json_says_what_each_sink_has(run):
    run("acme")
    report = json.loads(run("acme", "--format", "json").stdout)
    assert (report["format"], report["stack"], report["check"]) == (1, "dev", False)
    web = next(delivery for delivery in report["deliveries"] if delivery["key"] == "web")
    assert {name: web[name] for name in ("generation", "sid", "status", "sink_generation", "name")} == {
        "generation": 1,
        "sid": WEB_1,
        "status": "current",
        "sink_generation": 1,
        "name": "acme/web.json",
    }
    assert web["held_since"].startswith("2026-11-22T12:16:14")


def test_files_are_for_nobody_else(run, stack):
    run()
    modes = {path.is_dir(): stat.S_IMODE(path.stat().st_mode) for path in stack.folder.glob("disk/**/*")}
    assert modes == {True: 0o700, False: 0o600}
