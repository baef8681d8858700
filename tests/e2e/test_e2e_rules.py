"""What is lost, doubled or somebody else's stops the tenant that it is about, and no other."""

from e2e_project import WHOLE, objects, paths

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
    key = deployed.fake.store.api_keys.of(account)[-1].sid
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


def _by_hand(project, name):
    """Make an account as somebody does in the Console; return its SID."""
    project.console({"create": "subaccount", "account": project.fake.account_sid, "fields": {"friendly_name": name}})
    return next(account["sid"] for account in project.accounts() if account["friendly_name"] == name)
