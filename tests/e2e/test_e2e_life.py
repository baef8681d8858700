"""The life of a tenant: suspended, thawed, closed, released, and what Twilio or the Console does to its account."""

from datetime import UTC, datetime, timedelta

from e2e_project import WHOLE, objects, paths
from test_e2e_reports import preview, summarize

KEY = "  web: {access: standard}\n"
CLEAN = ("preview", "--refresh", "--expect-no-changes")
UP = ("up", "--yes", "--skip-preview")


def test_a_tenant_born_suspended_has_its_objects_before(stack_project):
    account = stack_project.account("acme")["sid"]
    stack_project.console({"set": account, "fields": {"status": "suspended"}})
    stack_project.write("birch", f"state: suspended\n{WHOLE}")
    done = stack_project.pulumi(*UP)
    assert done.code == 0, done.output
    birch = stack_project.account("birch")
    written = paths(stack_project.writes())
    assert len(written) == 7
    assert written[0] == "POST /2010-04-01/Accounts.json"
    assert written[-1] == f"POST /2010-04-01/Accounts/{birch['sid']}.json"
    assert birch["status"] == "suspended"
    done = stack_project.pulumi(*CLEAN)
    assert done.code == 0, done.output

    # What Twilio suspended stays so until the manifest says otherwise.
    assert stack_project.account("acme")["status"] == "suspended"
    stack_project.write("acme", f"state: active\n{WHOLE}")
    done = stack_project.pulumi(*UP, "--refresh")
    assert done.code == 0, done.output
    assert stack_project.account("acme")["status"] == "active"
    assert paths(stack_project.writes()) == [f"POST /2010-04-01/Accounts/{account}.json"]


def test_a_tenant_is_suspended_last_and_completed_by_the_thaw(stack_project):
    account = stack_project.account("acme")["sid"]
    more = WHOLE.replace(KEY, f"{KEY}  extra: {{access: standard}}\n")
    stack_project.write("acme", f"state: suspended\n{more}")
    done = stack_project.tenantry("up", "--yes")
    assert done.code == 0, done.output
    assert "DANGER: suspend. Here the account stops" in done.output
    assert "Done: 2 created, 2 updated; 1 tenant." in done.output
    assert paths(stack_project.writes()) == [
        f"POST /2010-04-01/Accounts/{account}/Keys.json",
        f"POST /2010-04-01/Accounts/{account}.json",
    ]

    later = more.replace("1000", "2000").replace("  extra:", "  late: {access: standard}\n  extra:")
    stack_project.write("acme", f"state: suspended\n{later}")
    _see_changes_wait(stack_project)

    stack_project.requests()
    old = stack_project.account("acme")["usage_triggers"][0]["sid"]
    stack_project.write("acme", f"state: active\n{later}")
    assert summarize(preview(stack_project)["groups"]) == [
        ("replace_trigger", ["acme"], ["replace usage_trigger/monthly-sms"]),
        (None, ["acme"], ["forget account_state", "create api_key/late-1", "update subaccount"]),
        (None, [], ["update fleet"]),
    ]
    done = stack_project.pulumi(*UP)
    assert done.code == 0, done.output
    written = paths(stack_project.writes())
    assert written[0] == f"POST /2010-04-01/Accounts/{account}.json"
    # The old trigger goes as a leftover of its name; Pulumi's own delete then finds nothing.
    assert set(written[1:]) == {
        f"DELETE /2010-04-01/Accounts/{account}/Usage/Triggers/{old}.json",
        f"POST /2010-04-01/Accounts/{account}/Keys.json",
        f"POST /2010-04-01/Accounts/{account}/Usage/Triggers.json",
    }
    assert len(stack_project.account("acme")["usage_triggers"]) == 1
    assert stack_project.pulumi(*CLEAN).code == 0


def _see_changes_wait(project):
    """Another key and trigger of the suspended acme wait, before a run and after it, and nothing is sent."""
    resting = preview(project)
    assert summarize(resting["groups"]) == [(None, ["acme"], ["wait api_key/late-1"])]
    assert summarize(resting["waiting"]) == [(None, ["acme"], ["wait usage_trigger/monthly-sms"])]
    [field] = resting["waiting"][0]["changes"][0]["fields"]
    assert (field["path"], field["old"], field["new"]) == ("trigger_value", "1000", "2000")

    done = project.pulumi(*UP)
    assert done.code == 0, done.output
    assert project.writes() == []
    assert project.resources()["acme/api_key/late-1"]["id"] == "waiting-late#1"
    done = project.pulumi(*CLEAN)
    assert done.code == 0, done.output
    assert (preview(project)["waiting"] != [], preview(project, "acme-2")["waiting"]) == (True, [])


def test_a_webhook_of_a_suspended_tenant_stays_until_drift_names_it(stack_project):
    stack_project.write("acme", f"state: suspended\n{WHOLE}")
    assert stack_project.pulumi(*UP).code == 0
    without = WHOLE.partition("debugger_webhook:")[0]
    stack_project.write("acme", f"state: suspended\n{without}")
    [sink] = [event_sink["sid"] for event_sink in stack_project.account("acme")["event_sinks"]]
    stack_project.requests()
    done = stack_project.tenantry("up", "--yes")
    assert done.code == 0, done.output
    assert (
        f"{sink} stays: account {stack_project.account('acme')['sid']} is suspended; drift will show it" in done.output
    )
    assert stack_project.writes() == []
    assert stack_project.tenantry("drift").code == 0

    stack_project.write("acme", f"state: active\n{without}")
    assert stack_project.pulumi(*UP).code == 0
    done = stack_project.tenantry("drift")
    assert done.code == 2, done.output
    assert f"acme ({sink})" in done.output


def test_an_account_is_closed_by_three_conditions_then_its_manifest_may_go(stack_project):
    today = datetime.now(UTC).date()
    refused = stack_project.tenantry("up", "--close", "acme", "--yes")
    assert refused.code == 1
    assert "acme: asked to close it, but its manifest does not say so; set state: closed and close_after first" in (
        refused.output
    )

    stack_project.write("acme", f'state: closed\nclose_after: "{today + timedelta(days=3)}"\n{WHOLE}')
    refused = stack_project.tenantry("up", "--close", "acme", "--yes")
    assert refused.code == 1
    assert "acme: asked to close it before its day; wait until close_after" in refused.output
    assert stack_project.requests() == []
    done = stack_project.pulumi(*UP)
    assert done.code == 0, done.output
    assert stack_project.account("acme")["status"] == "suspended"

    stack_project.write("acme", f'state: closed\nclose_after: "{today}"\n{WHOLE}')
    assert stack_project.pulumi(*UP).code == 0
    _see_plain_pulumi_refuse_where_a_ledger_was_not_asked(stack_project)
    assert stack_project.account("acme")["status"] == "suspended"
    done = stack_project.tenantry("up", "--close", "acme", "--yes")
    assert done.code == 0, done.output
    assert stack_project.account("acme")["status"] == "closed"
    assert stack_project.account("acme-2")["status"] == "active"
    done = stack_project.pulumi(*CLEAN)
    assert done.code == 0, done.output

    stack_project.requests()
    stack_project.write("acme", f'state: closed\nclose_after: "{today}"\n{WHOLE.replace(KEY, "")}')
    done = stack_project.tenantry("preview")
    assert "  x api_key/web-1" in done.output, done.output
    stack_project.manifest("acme").unlink()
    done = stack_project.tenantry("up", "--yes", "--max-deletes", "0")
    assert done.code == 0, done.output
    assert stack_project.writes() == []
    assert not [name for name in stack_project.resources() if name == "acme" or name.startswith("acme/")]


def _see_plain_pulumi_refuse_where_a_ledger_was_not_asked(project):
    settings = project.folder / "tenantry.yaml"
    settings.write_text(f"{settings.read_text()}ledger: sqlite:{project.folder.parent}/ledger.db\n")
    assert project.tenantry("ledger", "init").code == 0
    refused = project.pulumi(*UP, TENANTRY_CLOSE="acme")
    assert (refused.code != 0, "Run `tenantry up --close acme`" in refused.output) == (True, True), refused.output


def test_a_customer_gets_another_slug_and_keeps_account_keys_triggers_and_webhook(stack_project):
    account, before = stack_project.account("acme"), objects(stack_project)
    text = WHOLE.replace("/errors/{tenant}", "/errors/acme")
    stack_project.write("acme", f"state: released\n{WHOLE}")
    assert stack_project.pulumi(*UP).code == 0
    stack_project.manifest("acme").unlink()
    done = stack_project.pulumi(*UP)
    assert done.code == 0, done.output
    assert stack_project.writes() == []
    assert objects(stack_project) == before
    assert not [name for name in stack_project.resources() if name == "acme" or name.startswith("acme/")]

    keys = {key["friendly_name"]: key["sid"] for key in account["api_keys"]}
    [trigger], [sink], [subscription] = (
        account[kind] for kind in ("usage_triggers", "event_sinks", "event_subscriptions")
    )
    text = text.replace("{access: standard}", f"{{access: standard, adopt: {keys['web#1']}}}")
    text = text.replace("create]}", f"create], adopt: {keys['sender#1']}}}")
    text = text.replace("usage_category:", f"adopt: {trigger['sid']}\n    usage_category:")
    text = text.replace(
        "/errors/acme", f"/errors/acme\n  adopt: {{sink: {sink['sid']}, subscription: {subscription['sid']}}}"
    )
    stack_project.write("acme-eu", f"account: {{adopt: {account['sid']}}}\n{text}")
    done = stack_project.tenantry("up", "acme-eu", "--yes")
    assert done.code == 0, done.output
    assert "taken over" in done.output.splitlines()[-1]
    assert objects(stack_project) == before
    assert stack_project.writes() == []
    assert stack_project.tenantry("drift").code == 0
