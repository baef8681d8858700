"""Orphans of a killed `up`, and changes in a suspended account: one `up` settles it."""

import json
import re
import signal

import pytest
from e2e_killing import Kill, run_up_killed, unusable_keys
from e2e_picture import differences, picture
from e2e_project import WHOLE

from tenantry.engine.state.unfinished import TAG

WITH_KEY = WHOLE.replace("api_keys:\n", "api_keys:\n  late: {access: standard}\n")
WITH_ALL = WITH_KEY.replace(
    "usage_triggers:\n",
    "usage_triggers:\n  calls: {usage_category: calls, trigger_by: count, trigger_value: 5, callback_url: /c}\n",
)
REPLACED = WITH_ALL.replace("1000", "2000").replace("/errors/", "/problems/")
"""Two objects more and three that are made anew: the state is written once."""
WITH_CHECKPOINTS = REPLACED.replace(
    "sender: {access: [/twilio/messaging/messages/create]}", "sender: {access: standard}"
)
"""And a key that is made anew: then every step is written."""


@pytest.mark.parametrize("text", [REPLACED, WITH_CHECKPOINTS], ids=["written once", "with checkpoints"])
def test_orphans_of_a_killed_up_are_deleted_when_their_entry_is_gone(stack_project, text):
    before = picture(stack_project.fake.store)
    stack_project.write("acme", text)
    assert struck_up(stack_project, Kill("all", 2, answered=False, writes=True)) == -signal.SIGKILL
    assert stack_project.pulumi("cancel", "--yes").code == 0
    assert differences(picture(stack_project.fake.store), before)
    assert bool(pending_creates(stack_project)) == (text == WITH_CHECKPOINTS)
    stack_project.write("acme", WHOLE)
    by_hand = {
        "create": "api_key",
        "account": stack_project.account("acme")["sid"],
        "fields": {"friendly_name": "by hand"},
    }
    stack_project.console(by_hand)
    held = picture(stack_project.fake.store)

    done = stack_project.tenantry("up", "acme-2", "--yes")
    assert done.code == 0, done.output
    assert TAG in tags(stack_project)
    done = stack_project.tenantry("up", "--yes", "--max-deletes", "0")
    assert done.code == 1
    # Two writes had begun when all was killed, and those of other threads beside them: how many is nobody's promise.
    [(number, names)] = re.findall(r"would delete or replace (\d) of 1\d resources .*?: (acme.*)\. The", done.output)
    assert len(names.split(", ")) == int(number) >= 2, done.output
    assert differences(picture(stack_project.fake.store), held) == []

    done = stack_project.tenantry("up", "--yes", "--max-deletes-percent", "100")
    assert done.code == 0, done.output
    assert "will be deleted" in done.output
    assert "orphans deleted" in done.output.splitlines()[-1]
    assert "pending operations" not in done.output
    assert keys(stack_project) == {"web#1", "sender#1", "by hand"}
    [key] = [key for key in stack_project.account("acme")["api_keys"] if key["friendly_name"] == "by hand"]
    stack_project.console({"delete": key["sid"]})
    assert differences(picture(stack_project.fake.store), before) == []
    assert unusable_keys(stack_project) == []
    assert TAG not in tags(stack_project)
    assert pending_creates(stack_project) == []
    done = stack_project.tenantry("drift")
    assert done.code == 0, done.output


def test_the_apply_that_thaws_an_account_repairs_changes_in_it(stack_project):
    before = picture(stack_project.fake.store)
    account = stack_project.account("acme")
    trigger, subscription = account["usage_triggers"][0]["sid"], account["event_subscriptions"][0]["sid"]
    suspend = {"set": account["sid"], "fields": {"status": "suspended"}}
    stack_project.write("acme", f"state: active\n{WHOLE}")
    assert stack_project.pulumi("up", "--yes", "--skip-preview").code == 0
    stack_project.console({"set": trigger, "fields": {"trigger_value": "7.000000"}})
    stack_project.console(suspend)

    done = stack_project.tenantry("up", "--yes", "--refresh", "--max-deletes", "0")
    assert done.code == 1
    assert "what is in their accounts was not brought to what the manifests say: acme. This run would" in done.output
    assert "Done: 1 updated; 1 tenant." in done.output.splitlines()[-1]
    assert stack_project.account("acme")["status"] == "active"
    assert stack_project.account("acme")["usage_triggers"][0]["trigger_value"] == "7.000000"

    stack_project.console({"delete": trigger})
    stack_project.console({"set": subscription, "fields": {"description": "by hand"}})
    stack_project.console(suspend)
    done = stack_project.tenantry("up", "--yes", "--refresh")
    assert done.code == 0, done.output
    assert "Made active: acme. What is in their accounts can't be seen before" in done.output
    assert differences(picture(stack_project.fake.store), before) == []
    assert TAG not in tags(stack_project)
    done = stack_project.tenantry("drift")
    assert done.code == 0, done.output


def test_a_tenant_with_a_killed_plugin_is_checked_by_one_up(stack_project):
    stack_project.write("acme", WITH_KEY)
    assert struck_up(stack_project, Kill("plugin", 7, answered=False)) == 1
    assert "=acme" in tags(stack_project)
    assert "late#1" in keys(stack_project)
    stack_project.write("acme", WHOLE)
    done = stack_project.tenantry("up", "acme", "--yes")
    assert done.code == 0, done.output
    assert keys(stack_project) == {"web#1", "sender#1"}
    stack_project.requests()
    assert stack_project.tenantry("up", "--yes").code == 0
    assert stack_project.requests() == []


def test_a_killed_create_of_another_provider_is_reported_until_checked(stack_project):
    bucket = {"urn": "urn:pulumi:dev::owl::aws:s3/bucket:Bucket::logs", "custom": True, "type": "aws:s3/bucket:Bucket"}
    state = json.loads(stack_project.state_file.read_text())
    state["checkpoint"]["latest"]["pending_operations"] = [{"resource": bucket, "type": "creating"}]
    stack_project.state_file.write_text(json.dumps(state))

    stack_project.write("acme", WITH_KEY)
    done = stack_project.tenantry("up", "--yes")
    assert done.code == 0, done.output
    assert "pending operations" in done.output
    assert [item["resource"]["urn"] for item in pending_creates(stack_project)] == [bucket["urn"]]


def struck_up(project, kill):
    """Return the exit code of a `tenantry up` of which somebody is killed while a request is being done.

    The plan of one that makes a key asks for the accounts, twice, and for the keys of one. The fourth request asks for
    Twilio's time, and the fifth, that of the plugin, for the accounts.
    """
    killed = run_up_killed(project, kill, "--max-deletes-percent", "100")
    assert killed.struck
    return killed.code


def tags(project):
    done = project.pulumi("stack", "tag", "ls", "--json")
    assert done.code == 0, done.output
    return done.output


def pending_creates(project):
    deployment = json.loads(project.pulumi("stack", "export").output)["deployment"]
    return [
        pending_operation
        for pending_operation in deployment.get("pending_operations", ())
        if pending_operation["type"] == "creating"
    ]


def keys(project):
    return {key["friendly_name"] for key in project.account("acme")["api_keys"]}
