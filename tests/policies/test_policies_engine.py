"""The pack in the real engine, on the project's own program. A preview needs no Twilio."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from tenantry.engine.backend import local_backend
from tenantry.engine.command import Project, Run, preview, select_stack
from tenantry.engine.events import PolicyViolation
from tenantry.engine.find import NoEngineError, find_engine

ROOT = Path(__file__).resolve().parents[2]

PROJECT = "format: 1\ntenants: tenants\nwebhooks: https://hooks.owl.example\n"
KEEPS_THEM = """
tenant: acme
name: Acme Dental
api_keys: {web: {access: standard, generations: [1, 2]}}
usage_triggers:
  spend: {usage_category: totalprice, trigger_by: price, trigger_value: 25, recurring: daily, callback_url: /spend}
debugger_webhook: {url: /errors}
"""
BREAKS_THEM = """
tenant: birch
name: Birch Lane
api_keys:
  web: {access: standard, generations: [1, 2, 3]}
  ops: {access: ["/twilio/iam/api-keys/*"]}
usage_triggers:
  sms: {usage_category: sms, trigger_value: 25, callback_url: "http://hooks.owl.example/sms"}
"""
SUSPENDED = f"{BREAKS_THEM}state: suspended\n".replace("birch", "dunes")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project of the program, plugin and pack of this tree, with no tenant yet."""
    try:
        engine = find_engine(os.environ, install=None)
    except NoEngineError as problem:
        pytest.fail(f"this test needs a real engine: {problem}", pytrace=False)
    folder = tmp_path_factory.mktemp("project")
    for name in ("components", "plugin", "policies"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("Pulumi.yaml", "__main__.py"):
        shutil.copy(ROOT / name, folder / name)
    (folder / ".venv").symlink_to(sys.prefix)
    (folder / "tenantry.yaml").write_text(PROJECT)
    (folder / "tenants").mkdir()
    made = Project(folder, "dev", engine, {**_without_credentials(), **local_backend(folder / "backend")})
    select_stack(made)
    return made


def _without_credentials() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("TWILIO_", "TENANTRY_"))}


@pytest.fixture(scope="module")
def run(project: Project) -> Run:
    """A preview of a tenant that keeps to the rules, one that breaks them all, and the same suspended."""
    for slug, text in {"acme": KEEPS_THEM, "birch": BREAKS_THEM, "dunes": SUSPENDED}.items():
        (project.folder / "tenants" / f"{slug}.yaml").write_text(text)
    return preview(project, policy_packs=[project.folder / "policies"])


def violations_of(run: Run) -> list[PolicyViolation]:
    return [event for event in run.events if isinstance(event, PolicyViolation)]


def test_each_violation_has_its_rule_its_level_and_its_resource(run):
    found = {(violation.policy, violation.level, violation.urn.split("::")[-1]) for violation in violations_of(run)}
    assert found == {
        ("spend-trigger", "mandatory", "birch"),
        ("https-urls", "mandatory", "birch/usage_trigger/sms"),
        ("no-iam-wildcards", "mandatory", "birch/api_key/ops-1"),
        ("watched-errors", "advisory", "birch"),
        ("key-generations", "advisory", "birch"),
    }


def test_a_violation_says_what_to_do(run):
    [spend] = [violation for violation in violations_of(run) if violation.policy == "spend-trigger"]
    assert "add an entry with usage_category: totalprice" in spend.message


def test_a_mandatory_violation_fails_the_preview(run):
    assert run.exit_code == 1


def test_a_tenant_that_keeps_to_the_rules_passes(run, project):
    focused = preview(project, slugs=["acme"], policy_packs=[project.folder / "policies"])
    assert (focused.exit_code, violations_of(focused)) == (0, [])
