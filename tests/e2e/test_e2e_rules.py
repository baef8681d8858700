"""What is lost, doubled or somebody else's stops the tenant that it is about, and no other."""

from e2e_project import WHOLE, objects, paths

from faketwilio.hosts.api.records import UsageTrigger
from faketwilio.store.records import ApiKey

CHANGED = WHOLE.replace("1000", "2000")
CLEAN = ("preview", "--refresh", "--expect-no-changes")
ADOPTED = """\
account: {{adopt: {account}}}
api_keys:
  web: {{access: standard, adopt: {key}}}
"""


def test_an_account_that_vanished_fails_alone_and_is_not_made_again(stack_project):
    stack_project.console({"delete": stack_project.account("acme")["sid"]})
    stack_project.write("acme-2", CHANGED)
    done = stack_project.tenantry("up", "--refresh", "--yes")
    assert done.code == 1
    assert "Set state: closed, or take a new slug" in done.output
    assert "Failed: acme. Done: 1 replaced; 1 tenant." in done.output
    assert [account["friendly_name"] for account in stack_project.accounts()] == ["Acme-2 Dental (acme-2)"]
    assert stack_project.account("acme-2")["usage_triggers"][0]["trigger_value"] == "2000.000000"


def test_an_account_named_like_ours_is_left_and_stops_its_tenant(stack_project):
    by_hand = _by_hand(stack_project, "Demo of ours (birch)")
    stack_project.console({"set": by_hand, "fields": {"date_created": "2026-01-01T00:00:00+00:00"}})
    stack_project.write("birch", WHOLE)
    stack_project.write("acme", CHANGED)
    done = stack_project.tenantry("up", "--yes")
    assert done.code == 1
    assert f"{by_hand} 'Demo of ours (birch)'" in done.output
    assert f"account: {{adopt: {by_hand}}}" in done.output
    assert _name_of(stack_project, by_hand) == "Demo of ours (birch)"
    assert next(account for account in stack_project.accounts() if account["sid"] == by_hand)["api_keys"] == []
    assert stack_project.account("acme")["usage_triggers"][0]["trigger_value"] == "2000.000000"
    again = stack_project.tenantry("up", "--yes")  # the run that failed marks the tenant, and that account is older
    assert again.code == 1
    assert by_hand in again.output
    stack_project.write("birch", f"account: {{adopt: {by_hand}}}\n{WHOLE}")
    done = stack_project.tenantry("up", "--yes")
    assert done.code == 0, done.output
    assert _name_of(stack_project, by_hand) == "Demo of ours (birch)"


def test_a_preview_names_accounts_to_take_over_and_refusals(stack_project):
    by_hand = _by_hand(stack_project, "Demo of ours (birch)")
    stack_project.write("birch", WHOLE)
    refused = stack_project.tenantry("preview")
    assert refused.code == 1
    assert f"{by_hand} 'Demo of ours (birch)'" in refused.output
    stack_project.console({"create": "usage_trigger", "account": by_hand, "fields": {"friendly_name": "theirs"}})
    trigger = stack_project.fake.store.table(UsageTrigger).of(by_hand)[0].sid
    adopting = WHOLE.replace("trigger_value: 1000", f"trigger_value: 1234\n    adopt: {trigger}")
    stack_project.write("birch", f"account: {{adopt: {by_hand}}}\n{adopting}")
    refused = stack_project.tenantry("preview")
    assert refused.code == 1
    assert f"Adopting {trigger} as monthly-sms in account {by_hand}" in refused.output
    assert "at Twilio and 1234 in the manifest" in refused.output
    stack_project.write("birch", f"account: {{adopt: {by_hand}}}\n{WHOLE}")
    done = stack_project.tenantry("preview")
    assert done.code == 2, done.output
    assert f"{by_hand} 'Demo of ours (birch)'" in done.output
    assert stack_project.writes() == []


def test_adopting_what_another_tenant_has_is_refused_before_anything_is_done(stack_project):
    held = stack_project.resources()
    stack_project.write("birch", f"account: {{adopt: {held['acme']['id']}}}\n{WHOLE}")
    stack_project.requests()
    refused = stack_project.tenantry("up", "--yes")
    assert refused.code == 1
    assert f"{held['acme']['id']} can't be adopted: acme holds it in this stack; nothing was changed" in refused.output
    assert stack_project.writes() == []


def test_a_tenant_that_never_got_an_account_goes_with_its_manifest(stack_project):
    missing = "AC" + "0" * 32
    stack_project.write("birch", f"account: {{adopt: {missing}}}\n{WHOLE}")
    done = stack_project.tenantry("up", "--yes")
    assert done.code == 1, done.output
    assert f"Adopting account {missing} for birch" in done.output
    stack_project.manifest("birch").unlink()
    done = stack_project.tenantry("up", "--yes")
    assert done.code == 0, done.output
    assert not [name for name in stack_project.resources() if name.partition("/")[0] == "birch"]
    stack_project.manifest("acme").unlink()
    refused = stack_project.tenantry("up", "--yes")
    assert refused.code == 1
    assert "acme: the manifest is gone; put it back" in refused.output


def test_all_wrong_adoptions_of_a_tenant_are_told_in_one_run(stack_project):
    by_hand, zeros = _by_hand(stack_project, "Birch, by hand"), "0" * 32
    adopting = WHOLE.replace("trigger_value: 1000", f"trigger_value: 1000\n    adopt: UT{zeros}")
    adopting = adopting.replace("standard}", f"standard, adopt: SK{zeros}}}")
    adopting += f"debugger_webhook: {{url: /errors, adopt: {{sink: DG{zeros}, subscription: DF{zeros}}}}}\n"
    webhook = "debugger_webhook:\n  url: /errors/{tenant}\n"
    stack_project.write("birch", f"account: {{adopt: {by_hand}}}\n{adopting.replace(webhook, '')}")
    refused = stack_project.tenantry("up", "--yes")
    assert refused.code == 1
    for prefix in ("UT", "SK", "DG", "DF"):
        assert f"Adopting {prefix}{zeros} as " in refused.output


def test_adopting_a_held_key_is_refused_until_its_entry_is_removed(stack_project):
    key = stack_project.resources()["acme/api_key/web-1"]["id"]
    adopting = f"  site: {{access: standard, adopt: {key}}}\n"
    stack_project.write("acme", WHOLE.replace("usage_triggers:", f"{adopting}usage_triggers:"))
    refused = stack_project.tenantry("up", "--yes")
    assert refused.code == 1
    assert f"{key} can't be adopted: acme/api_key/web-1 holds it in this stack" in refused.output
    stack_project.write("acme", WHOLE.replace("  web: {access: standard}\n", adopting))
    done = stack_project.tenantry("up", "--yes")
    assert done.code == 0, done.output
    assert key in {api_key["sid"] for api_key in stack_project.account("acme")["api_keys"]}
    assert stack_project.pulumi(*CLEAN).code == 0


def test_an_existing_account_and_key_are_taken_over_unchanged(stack_project):
    account = _by_hand(stack_project, "Birch, by hand")
    for name in ("by hand", "another"):
        stack_project.console({"create": "api_key", "account": account, "fields": {"friendly_name": name}})
    before = objects(stack_project)
    key = stack_project.fake.store.table(ApiKey).of(account)[-1].sid
    stack_project.write("birch", ADOPTED.format(account=account, key=key))
    stack_project.requests()
    done = stack_project.tenantry("up", "--yes")
    assert done.code == 0, done.output
    assert {path for path in paths(stack_project.writes()) if "/Keys/" not in path} == set()
    assert objects(stack_project)["accounts"] == before["accounts"]
    assert len(objects(stack_project)["api_keys"]) == len(before["api_keys"])
    assert stack_project.resources()["birch"]["id"] == account
    assert stack_project.resources()["birch/api_key/web-1"]["id"] == key
    done = stack_project.pulumi(*CLEAN)
    assert done.code == 0, done.output


def test_many_missing_accounts_stop_a_refresh_and_drift(new_project):
    project = new_project(dict.fromkeys((f"t{number}" for number in range(7)), ""))
    assert project.pulumi("up", "--yes", "--skip-preview").code == 0
    for number in range(5):
        project.console({"delete": project.account(f"t{number}")["sid"]})
    done = project.tenantry("preview", "--refresh")
    assert (done.code, "does not know" in done.output) == (2, False), done.output

    project.console({"delete": project.account("t5")["sid"]})
    project.requests()
    before = {name: item[0] for name, item in project.read_state().items()}
    refused = [project.tenantry("up", "--refresh", "--yes"), project.pulumi("refresh", "--yes", "--skip-preview")]
    for done in refused:
        assert done.code != 0
        assert "Twilio does not know 6 of this stack's accounts, and knows 1" in done.output, done.output
        assert "Check that the credentials are those of this stack's parent" in done.output
    assert {name: item[0] for name, item in project.read_state().items()} == before
    done = project.tenantry("drift")
    assert (done.code, "Twilio does not know 6 of this stack's 7 accounts" in done.output) == (1, True), done.output
    assert project.writes() == []


def test_a_refresh_asks_for_an_unlisted_object_before_reporting_it_gone(stack_project):
    gone = stack_project.account("acme")["usage_triggers"][0]["sid"]
    stack_project.console({"delete": gone})
    done = stack_project.tenantry("preview", "--refresh")
    assert "acme\n  + usage_trigger/monthly-sms" in done.output, done.output
    assert len([path for path in paths(stack_project.requests()) if gone in path]) == 1


def _by_hand(project, name):
    """Make an account as somebody does in the Console; return its SID."""
    project.console({"create": "subaccount", "account": project.fake.account_sid, "fields": {"friendly_name": name}})
    return next(account["sid"] for account in project.accounts() if account["friendly_name"] == name)


def _name_of(project, sid):
    [account] = [item for item in project.accounts() if item["sid"] == sid]
    return account["friendly_name"]
