"""A cap on the real engine: `up` tells the receiver, a sweep suspends, and every run leaves the tenant as it is."""

import json

import pytest
from e2e_project import SETTINGS, WHOLE, paths

from faketwilio.control.usage import use

CAPPED = WHOLE.replace(
    "    callback_url: /usage\n",
    "    callback_url: /usage\n    warn_at_percent: [80]\n    on_fire: {action: suspend}\n",
)
MONTH = 32 * 86_400


@pytest.fixture
def capped_project(stack_project):
    """A deployed project with a ledger, in which acme has a cap that suspends it."""
    ledger = stack_project.folder.parent / "ledger.db"
    (stack_project.folder / "tenantry.yaml").write_text(f"{SETTINGS}ledger: sqlite:{ledger}\n")
    stack_project.write("acme", CAPPED)
    for arguments in (("ledger", "init"), ("up", "--yes")):
        done = stack_project.tenantry(*arguments)
        assert done.code == 0, done.output
    return stack_project


def reach(project, count=1000):
    account = project.account("acme")["sid"]
    use(project.fake.store, {"account": account, "category": "sms", "count": count, "usage": count})


def test_a_cap_suspends_and_nightly_runs_write_nothing(capped_project):
    reach(capped_project)
    done = capped_project.tenantry("sweep")
    assert (done.code, capped_project.account("acme")["status"]) == (0, "suspended"), done.output
    capped_project.writes()
    why = "suspended for cap (monthly-sms "

    _see_every_run_leave_it(capped_project, why)

    capped_project.write("acme", f"state: active\n{WHOLE}")
    refused = capped_project.tenantry("up", "--yes")
    assert (refused.code, capped_project.writes()) == (1, [])
    assert "`tenantry caps override acme monthly-sms` lifts the reason" in " ".join(refused.output.split())

    capped_project.fake.store.clock.advance(MONTH)
    done = capped_project.tenantry("sweep")
    assert (done.code, capped_project.account("acme")["status"]) == (0, "active"), done.output
    assert paths(capped_project.writes()) == [f"POST /2010-04-01/Accounts/{capped_project.account('acme')['sid']}.json"]
    _see_an_up_fail_without_its_ledger(capped_project)


def _see_every_run_leave_it(project, why):
    nightly = project.tenantry("up", "--refresh", "--yes")
    assert (nightly.code, project.writes()) == (0, []), nightly.output
    assert why in nightly.output
    assert "until " in nightly.output

    project.write("acme", CAPPED.replace("web: {access: standard}", "web: {access: standard, generations: [1, 2]}"))
    changed = project.tenantry("up", "--yes")
    assert (changed.code, project.writes()) == (0, []), changed.output
    assert "left as it is, with all that is in it" in changed.output
    plain = project.pulumi("up", "--yes", "--skip-preview")
    assert project.writes() == [], plain.output

    drifted = project.tenantry("drift")
    assert why in drifted.output
    exported = json.loads(project.tenantry("export").output)
    [acme] = [tenant for tenant in exported["tenants"] if tenant["tenant"] == "acme"]
    assert [reason["reason"] for reason in acme["suspended_for"]] == ["cap"]


def _see_an_up_fail_without_its_ledger(project):
    """An up with a cap fails where nobody can tell the receiver, one without a cap warns, and a sync makes it good."""
    ledger = project.folder.parent / "ledger.db"
    ledger.rename(ledger.with_suffix(".away"))
    project.write("acme", CAPPED)
    done = project.tenantry("up", "--yes")
    assert done.code == 1
    assert "How tenants stand was not written for the receiver" in " ".join(done.output.split())
    project.write("acme", WHOLE)
    done = project.tenantry("up", "--yes")
    assert done.code == 0, done.output
    assert "warning: How tenants stand was not written" in " ".join(done.output.split())
    ledger.with_suffix(".away").rename(ledger)
    done = project.tenantry("sync")
    assert (done.code, "The receiver knows 2 tenants with 0 caps" in done.output) == (0, True), done.output
