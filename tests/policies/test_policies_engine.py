"""The pack in the real engine, on the project's own program. A preview needs no Twilio."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from e2e_nursery import nursery, warm_engine, warm_environment
from e2e_transit import KEY, transit_variables

from faketwilio.server import FakeTwilio
from tenantry.engine.events.event import PolicyViolation
from tenantry.engine.install.find import NoEngineError, find_engine
from tenantry.engine.install.toolchain import EMPTY_LOCK, LOCK
from tenantry.engine.run.backend import local_backend
from tenantry.engine.run.command import Project, Run, preview, run_plain, up
from tenantry.manifest.load import load
from tenantry.operations.preview.rules import ask_rules
from tenantry.operations.stack.open import Opened
from tenantry.operations.stack.run import CountedRun

ROOT = Path(__file__).resolve().parents[2]

PROJECT = "format: 1\ntenants: tenants\nwebhooks: https://hooks.owl.example\n"
DEFAULTS = """
usage_triggers:
  spend: {usage_category: totalprice, trigger_by: price, trigger_value: 25, recurring: daily, callback_url: /spend}
debugger_webhook: {url: "/errors/{tenant}"}
retention: {messages: {keep_days: 30}, calls: {keep_days: 30}, recordings: {keep_days: 30}}
terms: {currency: usd}
"""
KEEPS_THEM = "tenant: acme\nname: Acme Dental\napi_keys: {web: {access: standard, generations: [1, 2]}}\n"
BREAKS_THEM = """
tenant: birch
name: Birch Lane
api_keys:
  web: {access: standard, generations: [1, 2, 3]}
  ops: {access: ["/twilio/iam/api-keys/*"]}
usage_triggers:
  spend: null
  sms: {usage_category: sms, trigger_value: 25, callback_url: "http://hooks.owl.example/sms"}
debugger_webhook: null
"""
ADVISED = KEEPS_THEM.replace("acme", "elm").replace("[1, 2]", "[1, 2, 3]")
WAIVED = KEEPS_THEM.replace("acme", "cedar").replace("web", "ops")
WAIVER = "restricted-keys: {reason: a pilot, owner: ana@owl.example, until: '2099-12-31'}\n"


@pytest.fixture(scope="module")
def project(made_once: Callable[[str, Callable[[Path], Project]], Project]) -> Project:
    """A project of the program, plugin and pack of this tree, with a tenant for each thing to show."""
    created = made_once("policies", _project)
    return replace(created, environ={**created.environ, **_warm()})


def _project(folder: Path) -> Project:
    try:
        engine = warm_engine(find_engine(os.environ, install=None), os.environ)
    except NoEngineError as problem:
        pytest.fail(f"this test needs a real engine: {problem}", pytrace=False)
    for name in ("components", "plugin", "policies"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("Pulumi.yaml", "__main__.py"):
        shutil.copy(ROOT / name, folder / name)
    (folder / ".venv").symlink_to(warm_environment())
    (folder / LOCK).write_text(EMPTY_LOCK)
    (folder / "tenantry.yaml").write_text(PROJECT)
    (folder / "defaults.yaml").write_text(DEFAULTS)
    (folder / "tenants").mkdir()
    for slug, text in {"acme": KEEPS_THEM, "birch": BREAKS_THEM, "elm": ADVISED, "cedar": WAIVED}.items():
        (folder / "tenants" / f"{slug}.yaml").write_text(text)
    (folder / "waivers").mkdir()
    (folder / "waivers" / "cedar.yaml").write_text(WAIVER)
    created = Project(folder, "dev", engine, {**_without_credentials(), **local_backend(folder / "backend"), **_warm()})
    run_plain(created, "stack", "init", "dev", "--secrets-provider", KEY)
    return created


def _warm() -> dict[str, str]:
    return {**nursery().variables, **transit_variables()}


def _without_credentials() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("TWILIO_", "TENANTRY_"))}


@pytest.fixture(scope="module")
def check(project: Project) -> Callable[..., Run]:
    """Preview some tenants with the pack."""
    return lambda *slugs: preview(project, slugs=slugs or None, policy_packs=[project.folder / "policies"])


@pytest.fixture(scope="module")
def run(made_once: Callable[[str, Callable[[Path], Run]], Run], check: Callable[..., Run]) -> Run:
    return made_once("checked", lambda _: check())


@pytest.fixture
def on_fake(project: Project, tmp_path: Path) -> Iterator[tuple[Project, FakeTwilio]]:
    """A copy of the project with a stack of its own, on a fake Twilio, without tenants and waivers."""
    folder = tmp_path / "on-fake"
    shutil.copytree(project.folder, folder, symlinks=True, ignore=shutil.ignore_patterns("backend", "waivers"))
    for path in (folder / "tenants").glob("*.yaml"):
        path.unlink()
    with FakeTwilio() as fake:
        credentials = {
            "TWILIO_ACCOUNT_SID": fake.account_sid,
            "TWILIO_AUTH_TOKEN": fake.auth_token,
            "TENANTRY_TWILIO_URL": fake.url,
        }
        environ = {**_without_credentials(), **local_backend(folder / "backend"), **credentials, **_warm()}
        created = Project(folder, "dev", project.engine, environ)
        run_plain(created, "stack", "init", "dev", "--secrets-provider", KEY)
        yield created, fake


@pytest.fixture
def old(on_fake: tuple[Project, FakeTwilio]) -> Project:
    """A project whose one tenant is made; its state has an old key, and a trigger that differs from the manifest."""
    created, _ = on_fake
    (created.folder / "tenants" / "acme.yaml").write_text(KEEPS_THEM)
    assert up(created).exit_code == 0
    [state] = (created.folder / "backend").rglob("stacks/*/dev.json")
    held = json.loads(state.read_text())
    for resource in held["checkpoint"]["latest"]["resources"]:
        if resource["urn"].endswith("acme/api_key/web-1"):
            resource["created"] = "2020-01-01T00:00:00Z"
        if resource["urn"].endswith("acme/usage_trigger/spend"):
            resource["outputs"]["callback_url"] = "http://hooks.owl.example/spend"
    state.write_text(json.dumps(held))
    return created


def violations_of(run: Run) -> list[PolicyViolation]:
    return [event for event in run.events if isinstance(event, PolicyViolation)]


def find(run: Run) -> list[tuple[str, str, str]]:
    return sorted((item.policy, item.level, item.urn.split("::")[-1]) for item in violations_of(run))


def ask(project: Project, run: Run) -> Run:
    """Ask the rules as `tenantry preview` does, about a run that no pack was asked about."""
    return ask_rules(
        Opened(project, load(project.folder, "dev")), None, CountedRun(**vars(run)), datetime.now(UTC).date()
    )


def test_each_violation_has_its_rule_its_level_and_its_tenant(run):
    assert find(run) == [
        ("https-urls", "mandatory", "birch"),
        ("key-generations", "advisory", "birch"),
        ("key-generations", "advisory", "elm"),
        ("no-iam-wildcards", "mandatory", "birch"),
        ("spend-trigger", "mandatory", "birch"),
        ("watched-errors", "advisory", "birch"),
    ]


def test_a_violation_says_where_it_is_why_and_what_to_do(run):
    [https] = [violation for violation in violations_of(run) if violation.policy == "https-urls"]
    assert "Anybody on the network path can read and change unencrypted data." in https.message
    assert (
        "tenants/birch.yaml:9:63: usage_triggers.sms.callback_url: sends to http://hooks.owl.example/sms, unencrypted; "
        in https.message
    )
    assert "write an https:// URL" in https.message


def test_a_mandatory_violation_fails_the_preview(run):
    assert run.exit_code == 1


def test_advice_stops_nothing_and_what_keeps_to_rules_or_is_waived_passes(check):
    focused = check("acme", "cedar", "elm")
    assert (focused.exit_code, find(focused)) == (0, [("key-generations", "advisory", "elm")])


def test_our_commands_report_what_the_pack_reports(project, run):
    ours = ask(project, preview(project))
    assert ours.exit_code == run.exit_code
    assert set(violations_of(ours)) == set(violations_of(run))


def test_our_commands_see_what_only_the_stack_knows(old):
    ours, packs = ask(old, preview(old)), preview(old, policy_packs=[old.folder / "policies"])
    assert (ours.exit_code, set(violations_of(ours))) == (packs.exit_code, set(violations_of(packs)))


def test_the_pack_sees_what_only_the_stack_knows(old):
    run = preview(old, policy_packs=[old.folder / "policies"])
    assert (run.exit_code, find(run)) == (
        1,
        [("held-mandatory", "mandatory", "acme"), ("key-age", "advisory", "acme")],
    )
    [in_clear, age] = sorted(violation.message.splitlines()[-1] for violation in violations_of(run))
    assert in_clear.startswith("defaults.yaml:3:")
    assert in_clear.endswith("[https-urls]")
    assert age.startswith("tenants/acme.yaml:3:")
    assert "generation 1 is " in age


def test_rules_that_can_not_be_used_stop_a_run_with_a_sentence(on_fake):
    project, _ = on_fake
    (project.folder / "tenants" / "acme.yaml").write_text(KEEPS_THEM)
    (project.folder / "policies" / "rules.py").write_text("import nonsuch\n")
    run = preview(project, policy_packs=[project.folder / "policies"])
    assert (run.exit_code, find(run)) == (1, [("policy-files", "mandatory", "fleet")])
    [violation] = violations_of(run)
    assert (
        "can't be loaded, so no rule was checked: ModuleNotFoundError: No module named 'nonsuch'" in violation.message
    )


def test_a_tenant_that_breaks_a_mandatory_rule_is_not_made_without_preview(on_fake):
    project, fake = on_fake
    (project.folder / "tenants" / "birch.yaml").write_text(BREAKS_THEM)
    run = up(project, policy_packs=[project.folder / "policies"])
    assert run.exit_code == 1
    assert [method for method, *_ in fake.store.request_log.log if method != "GET"] == []
