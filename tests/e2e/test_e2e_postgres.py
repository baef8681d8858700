"""The state in PostgreSQL instead of files: the histories that matter. `--backend postgres` runs all others on it."""

import json

import pytest
from e2e_backend import all_on
from e2e_killing import Kill, run_killed, unusable_keys, wait_for_session_end
from e2e_project import WHOLE, make_project, objects, secrets_of

UP = ("up", "--yes", "--skip-preview")
CLEAN = ("preview", "--refresh", "--expect-no-changes")
TENANTS = {"acme": WHOLE, "acme-2": WHOLE}
ONCE = {"accounts": 2, "api_keys": 4, "usage_triggers": 2, "event_sinks": 2, "event_subscriptions": 2}


@pytest.fixture
def project(tmp_path, pulumi_engine, fake, postgres):
    """A project of two tenants whose state is a database of its own, its stack `dev` ready and empty."""
    with all_on(postgres):
        project = make_project(tmp_path / "project", pulumi_engine, fake, TENANTS)
    project.make_stack()
    return project


def test_all_commands_work_on_a_database_without_secrets(project):
    done = project.tenantry("up", "--yes")
    assert done.code == 0, done.output
    assert {kind: len(found) for kind, found in objects(project).items()} == ONCE
    assert list((project.folder / "backend" / "state").iterdir()) == []
    stored = project.backend.whole()
    assert "acme-2/api_key/web-1" in stored
    assert [secret for secret in secrets_of(project.fake.store) if secret in stored] == []

    project.requests()
    done = project.tenantry("preview")
    assert (done.code, project.requests()) == (0, []), done.output
    done = project.tenantry("export")
    accounts = {tenant["account_sid"] for tenant in json.loads(done.output)["tenants"]}
    assert accounts == {account["sid"] for account in project.accounts()}

    [trigger] = project.account("acme")["usage_triggers"]
    project.console({"set": trigger["sid"], "fields": {"callback_url": "https://elsewhere.example/usage"}})
    found = project.tenantry("drift")
    assert found.code == 2, found.output
    assert "elsewhere.example" in found.output
    done = project.tenantry("up", "--yes", "--refresh")
    assert done.code == 0, done.output
    assert project.tenantry("drift").code == 0


def test_a_killed_run_and_a_lost_database_end_without_doubles(project):
    run = run_killed(project, Kill("cli", 12, answered=True), *UP)
    assert wait_for_session_end(run.session) == []
    locked = project.pulumi(*UP)
    assert locked.code != 0
    assert "pulumi cancel" in locked.output
    assert project.pulumi("cancel", "--yes").code == 0
    done = project.pulumi(*UP)
    assert done.code == 0, done.output
    before = objects(project)
    assert {kind: len(found) for kind, found in before.items()} == ONCE
    assert unusable_keys(project) == []

    project.fake.store.clock.advance(2 * 3600)
    project.backend.lose()
    project.make_stack()
    project.requests()
    done = project.pulumi(*UP, TENANTRY_RECOVER="1")
    assert done.code == 0, done.output
    assert project.writes() == []
    assert objects(project) == before
    assert project.pulumi(*CLEAN).code == 0


def test_no_command_shows_the_password_of_the_database(project, postgres):
    nowhere = {"PULUMI_BACKEND_URL": f"postgres://postgres:{postgres.password}@127.0.0.1:1/none"}
    shown = project.tenantry("doctor")
    assert "postgres://postgres:***@127.0.0.1" in shown.output
    failed = [project.tenantry(*words, **nowhere) for words in (("preview",), ("export",), ("doctor",))]
    assert [done.code for done in failed] == [1, 1, 1]
    assert "connection refused" in failed[0].output
    assert [done.output for done in (shown, *failed) if postgres.password in done.output] == []
