"""The life of a tenant: suspended, thawed, closed, released, and what Twilio or the Console does to its account."""

from datetime import UTC, datetime, timedelta

from e2e_project import WHOLE, objects, paths

KEY = "  web: {access: standard}\n"
CLEAN = ("preview", "--refresh", "--expect-no-changes")
UP = ("up", "--yes", "--skip-preview")


def test_an_account_closed_in_the_console_fails_alone_and_is_not_rebuilt(deployed):
    lost, other = deployed.account("acme")["sid"], deployed.account("acme-2")
    deployed.console({"set": lost, "fields": {"status": "closed"}})
    deployed.write("acme-2", WHOLE.replace("1000", "2000"))
    done = deployed.tenantry("up", "--refresh", "--yes")
    assert done.code == 1
    assert "acme is closed in Twilio, which can't be undone. Set state: closed, or take a new slug." in done.output
    assert "Failed: acme. Done: 1 replaced; 1 tenant. Run again when the reasons are gone." in done.output
    assert len(deployed.accounts()) == 2
    assert deployed.account("acme-2")["usage_triggers"][0]["trigger_value"] == "2000.000000"
    assert {path.split("/")[3] for path in paths(deployed.writes())} == {other["sid"]}


def test_an_account_that_twilio_suspended_stays_so_until_the_manifest_says_active(deployed):
    account = deployed.account("acme")["sid"]
    deployed.console({"set": account, "fields": {"status": "suspended"}})
    done = deployed.pulumi(*CLEAN)
    assert done.code == 0, done.output

    deployed.write("acme", f"state: active\n{WHOLE}")
    done = deployed.pulumi(*UP, "--refresh")
    assert done.code == 0, done.output
    assert deployed.account("acme")["status"] == "active"
    assert paths(deployed.writes()) == [f"POST /2010-04-01/Accounts/{account}.json"]


def test_a_tenant_born_suspended_has_its_objects_before(deployed):
    deployed.write("birch", f"state: suspended\n{WHOLE}")
    done = deployed.pulumi(*UP)
    assert done.code == 0, done.output
    birch = deployed.account("birch")
    written = paths(deployed.writes())
    assert len(written) == 7
    assert written[0] == "POST /2010-04-01/Accounts.json"
    assert written[-1] == f"POST /2010-04-01/Accounts/{birch['sid']}.json"
    assert birch["status"] == "suspended"
    done = deployed.pulumi(*CLEAN)
    assert done.code == 0, done.output


def test_a_tenant_is_suspended_last_and_completed_by_the_thaw(deployed):
    account = deployed.account("acme")["sid"]
    more = WHOLE.replace(KEY, f"{KEY}  extra: {{access: standard}}\n")
    deployed.write("acme", f"state: suspended\n{more}")
    done = deployed.pulumi(*UP)
    assert done.code == 0, done.output
    assert paths(deployed.writes()) == [
        f"POST /2010-04-01/Accounts/{account}/Keys.json",
        f"POST /2010-04-01/Accounts/{account}.json",
    ]

    later = more.replace("1000", "2000").replace("  extra:", "  late: {access: standard}\n  extra:")
    deployed.write("acme", f"state: suspended\n{later}")
    done = deployed.pulumi(*UP)
    assert done.code == 0, done.output
    assert deployed.writes() == []
    assert deployed.resources()["acme/api_key/late-1"]["id"] == "waiting-late#1"
    done = deployed.pulumi(*CLEAN)
    assert done.code == 0, done.output

    deployed.requests()
    old = deployed.account("acme")["usage_triggers"][0]["sid"]
    deployed.write("acme", f"state: active\n{later}")
    done = deployed.pulumi(*UP)
    assert done.code == 0, done.output
    written = paths(deployed.writes())
    assert written[0] == f"POST /2010-04-01/Accounts/{account}.json"
    # The old trigger goes as a leftover of its name; Pulumi's own delete then finds nothing.
    assert set(written[1:]) == {
        f"DELETE /2010-04-01/Accounts/{account}/Usage/Triggers/{old}.json",
        f"POST /2010-04-01/Accounts/{account}/Keys.json",
        f"POST /2010-04-01/Accounts/{account}/Usage/Triggers.json",
    }
    assert len(deployed.account("acme")["usage_triggers"]) == 1
    assert deployed.pulumi(*CLEAN).code == 0


def test_a_webhook_of_a_suspended_tenant_stays_until_drift_names_it(deployed):
    deployed.write("acme", f"state: suspended\n{WHOLE}")
    assert deployed.pulumi(*UP).code == 0
    without = WHOLE.partition("debugger_webhook:")[0]
    deployed.write("acme", f"state: suspended\n{without}")
    [sink] = [one["sid"] for one in deployed.account("acme")["event_sinks"]]
    deployed.requests()
    done = deployed.tenantry("up", "--yes")
    assert done.code == 0, done.output
    assert f"{sink} stays: account {deployed.account('acme')['sid']} is suspended; drift will show it" in done.output
    assert deployed.writes() == []
    assert deployed.tenantry("drift").code == 0

    deployed.write("acme", f"state: active\n{without}")
    assert deployed.pulumi(*UP).code == 0
    done = deployed.tenantry("drift")
    assert done.code == 2, done.output
    assert f"acme ({sink})" in done.output


def test_an_account_is_closed_by_three_acts_then_its_manifest_may_go(deployed):
    today = datetime.now(UTC).date()
    refused = deployed.tenantry("up", "--close", "acme", "--yes")
    assert refused.code == 1
    assert "acme: asked to close it, but its manifest does not say so; set state: closed and close_after first" in (
        refused.output
    )

    deployed.write("acme", f'state: closed\nclose_after: "{today + timedelta(days=3)}"\n{WHOLE}')
    refused = deployed.tenantry("up", "--close", "acme", "--yes")
    assert refused.code == 1
    assert "acme: asked to close it before its day; wait until close_after" in refused.output
    assert deployed.requests() == []
    done = deployed.pulumi(*UP)
    assert done.code == 0, done.output
    assert deployed.account("acme")["status"] == "suspended"

    deployed.write("acme", f'state: closed\nclose_after: "{today}"\n{WHOLE}')
    assert deployed.pulumi(*UP).code == 0
    assert deployed.account("acme")["status"] == "suspended"
    done = deployed.tenantry("up", "--close", "acme", "--yes")
    assert done.code == 0, done.output
    assert deployed.account("acme")["status"] == "closed"
    assert deployed.account("acme-2")["status"] == "active"
    done = deployed.pulumi(*CLEAN)
    assert done.code == 0, done.output

    deployed.requests()
    deployed.write("acme", f'state: closed\nclose_after: "{today}"\n{WHOLE.replace(KEY, "")}')
    done = deployed.tenantry("preview")
    assert "  x api_key/web-1" in done.output, done.output
    deployed.manifest("acme").unlink()
    done = deployed.tenantry("up", "--yes", "--max-deletes", "0")
    assert done.code == 0, done.output
    assert deployed.writes() == []
    assert not [name for name in deployed.resources() if name == "acme" or name.startswith("acme/")]


def test_a_released_tenant_leaves_the_stack_and_nothing_changes_in_twilio(deployed):
    before = objects(deployed)
    deployed.write("acme", f"state: released\n{WHOLE}")
    done = deployed.pulumi(*UP)
    assert done.code == 0, done.output
    deployed.manifest("acme").unlink()
    done = deployed.pulumi(*UP)
    assert done.code == 0, done.output
    assert deployed.writes() == []
    assert objects(deployed) == before
    assert not [name for name in deployed.resources() if name == "acme" or name.startswith("acme/")]
    assert deployed.pulumi(*CLEAN).code == 0


def test_a_customer_gets_another_slug_and_keeps_account_keys_triggers_and_webhook(deployed):
    account, before = deployed.account("acme"), objects(deployed)
    text = WHOLE.replace("/errors/{tenant}", "/errors/acme")
    deployed.write("acme", f"state: released\n{WHOLE}")
    assert deployed.tenantry("up", "acme", "--yes").code == 0
    deployed.manifest("acme").unlink()
    done = deployed.tenantry("up", "--yes")
    assert done.code == 0, done.output

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
    deployed.write("acme-eu", f"account: {{adopt: {account['sid']}}}\n{text}")
    done = deployed.tenantry("up", "acme-eu", "--yes")
    assert done.code == 0, done.output
    assert "taken over" in done.output.splitlines()[-1]
    assert objects(deployed) == before
    assert deployed.writes() == []
    assert deployed.tenantry("drift").code == 0
