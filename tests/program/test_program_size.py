"""The program with more resources than Pulumi's SDK can register on its own."""

import os
from pathlib import Path

import pytest
from e2e_nursery import nursery, warm_engine, warm_environment
from e2e_transit import KEY, transit_variables

from tenantry.engine.events.plan import plan_of
from tenantry.engine.install.find import NoEngineError, find_engine
from tenantry.engine.install.toolchain import EMPTY_LOCK, LOCK
from tenantry.engine.run.backend import local_backend
from tenantry.engine.run.command import Project, preview, run_plain

ROOT = Path(__file__).resolve().parents[2]
TENANTS = 130
"""With eight resources each, more than the 978 at which Pulumi's own `pulumi.dynamic` ends."""
OURS = ("TWILIO_", "TENANTRY_", "PULUMI_")

DEFAULTS = """\
api_keys:
  web: {access: standard}
  sender: {access: [/twilio/messaging/messages/create]}
usage_triggers:
  monthly-sms: {usage_category: sms, trigger_by: count, trigger_value: 1000, recurring: monthly, callback_url: /usage}
  daily-spend: {usage_category: totalprice, trigger_by: price, trigger_value: 25, recurring: daily, callback_url: /s}
debugger_webhook: {url: "/errors/{tenant}"}
retention: {messages: {keep_days: 30}}
"""


@pytest.fixture
def large_project(tmp_path: Path) -> Project:
    """A project of 130 tenants, each a component and eight resources, in a shell without credentials."""
    try:
        engine = warm_engine(find_engine(os.environ, install=None), os.environ)
    except NoEngineError as problem:
        pytest.fail(f"this test needs a real engine: {problem}", pytrace=False)
    folder = tmp_path / "large"
    (folder / "tenants").mkdir(parents=True)
    for name in ("Pulumi.yaml", "__main__.py", "components", "plugin"):
        (folder / name).symlink_to(ROOT / name)
    (folder / ".venv").symlink_to(warm_environment())
    (folder / LOCK).write_text(EMPTY_LOCK)
    (folder / "tenantry.yaml").write_text("format: 1\nwebhooks: https://hooks.owl.example/twilio\n")
    (folder / "defaults.yaml").write_text(DEFAULTS)
    for number in range(TENANTS):
        (folder / "tenants" / f"t{number:03}.yaml").write_text(f"tenant: t{number:03}\nname: Tenant {number}\n")
    environ = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    variables = {**local_backend(tmp_path / "backend"), **nursery().variables, **transit_variables()}
    project = Project(folder, "dev", engine, {**environ, **variables})
    run_plain(project, "stack", "init", project.stack, "--secrets-provider", KEY)
    return project


def test_more_than_1000_resources_are_planned_without_credentials(large_project: Project) -> None:
    run = preview(large_project)
    assert [error.message for error in run.errors] == []
    assert run.exit_code == 0
    plan = plan_of(run.events)
    # The stack itself and the fleet, then each tenant's component and eight resources.
    assert dict(plan.counts) == {"create": 2 + 9 * TENANTS}
    assert len({step.name for step in plan.steps if step.name.endswith("/event_subscription/debugger")}) == TENANTS
