"""What is lost, doubled or somebody else's stops the tenant that it is about, and no other."""

from e2e_project import WHOLE, objects, paths

from faketwilio.store.records import ApiKey

CHANGED = WHOLE.replace("1000", "2000")
CLEAN = ("preview", "--refresh", "--expect-no-changes")
ADOPTED = """\
account: {{adopt: {account}}}
api_keys:
  web: {{access: standard, adopt: {key}}}
"""


def test_an_account_that_vanished_fails_alone_and_is_not_made_again(deployed):
    deployed.console({"delete": deployed.account("acme")["sid"]})
    deployed.write("acme-2", CHANGED)
    done = deployed.tenantry("up", "--refresh", "--yes")
    assert done.code == 1
    assert "Set state: closed, or take a new slug" in done.output
    assert "Failed: acme. Done: 1 replaced; 1 tenant." in done.output
    assert [account["friendly_name"] for account in deployed.accounts()] == ["Acme-2 Dental (acme-2)"]
    assert deployed.account("acme-2")["usage_triggers"][0]["trigger_value"] == "2000.000000"


def test_two_accounts_of_one_slug_stop_that_tenant_and_no_other(deployed):
    sids = [_by_hand(deployed, name) for name in ("One (birch)", "Two (birch)")]
    deployed.write("birch", WHOLE)
    deployed.write("acme", CHANGED)
    done = deployed.tenantry("up", "--yes")
    assert done.code == 1
    assert all(sid in done.output for sid in sids), done.output
    assert "Rename or close all but one in the Console, then run again" in done.output
    assert len(deployed.accounts()) == 4
    assert deployed.account("acme")["usage_triggers"][0]["trigger_value"] == "2000.000000"


def test_an_account_and_a_key_that_exist_are_taken_over_and_nothing_in_them_is_touched(deployed):
    account = _by_hand(deployed, "Birch, by hand")
    for name in ("by hand", "another"):
        deployed.console({"create": "api_key", "account": account, "fields": {"friendly_name": name}})
    before = objects(deployed)
    key = deployed.fake.store.table(ApiKey).of(account)[-1].sid
    deployed.write("birch", ADOPTED.format(account=account, key=key))
    deployed.requests()
    done = deployed.tenantry("up", "--yes")
    assert done.code == 0, done.output
    assert {path for path in paths(deployed.writes()) if "/Keys/" not in path} == set()
    assert objects(deployed)["accounts"] == before["accounts"]
    assert len(objects(deployed)["api_keys"]) == len(before["api_keys"])
    assert deployed.resources()["birch"]["id"] == account
    assert deployed.resources()["birch/api_key/web-1"]["id"] == key
    done = deployed.pulumi(*CLEAN)
    assert done.code == 0, done.output


def test_many_accounts_missing_at_once_stop_a_refresh_and_drift_and_nothing_is_changed(new_project):
    project = new_project(dict.fromkeys((f"t{number}" for number in range(7)), ""))
    assert project.pulumi("up", "--yes", "--skip-preview").code == 0
    for number in range(5):
        project.console({"delete": project.account(f"t{number}")["sid"]})
    done = project.tenantry("preview", "--refresh")
    assert (done.code, "does not know" in done.output) == (2, False), done.output

    project.console({"delete": project.account("t5")["sid"]})
    project.requests()
    before = {name: one[0] for name, one in project.held().items()}
    refused = [project.tenantry("up", "--refresh", "--yes"), project.pulumi("refresh", "--yes", "--skip-preview")]
    for done in refused:
        assert done.code != 0
        assert "Twilio does not know 6 of this stack's accounts, and knows 1" in done.output, done.output
        assert "Check that the credentials are those of this stack's parent" in done.output
    assert {name: one[0] for name, one in project.held().items()} == before
    done = project.tenantry("drift")
    assert (done.code, "Twilio does not know 6 of this stack's 7 accounts" in done.output) == (1, True), done.output
    assert project.writes() == []


def test_what_a_list_lacks_is_asked_for_once_before_a_refresh_calls_it_gone(deployed):
    gone = deployed.account("acme")["usage_triggers"][0]["sid"]
    deployed.console({"delete": gone})
    done = deployed.tenantry("preview", "--refresh")
    assert "acme\n  + usage_trigger/monthly-sms" in done.output, done.output
    assert len([path for path in paths(deployed.requests()) if gone in path]) == 1


def _by_hand(project, name):
    """Make an account as somebody does in the Console; return its SID."""
    project.console({"create": "subaccount", "account": project.fake.account_sid, "fields": {"friendly_name": name}})
    return next(account["sid"] for account in project.accounts() if account["friendly_name"] == name)
