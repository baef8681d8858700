"""What a run may not delete: what something new was to replace that could not be made, and what the state forgot."""

from e2e_project import WHOLE

SENDER = "sender: {access: [/twilio/messaging/messages/create]}"
NEXT = WHOLE.replace(SENDER, "sender: {access: [/twilio/messaging/messages/create], generations: [2]}")
BOTH = NEXT.replace("[2]", "[1, 2]")
LIMITS = ("--max-deletes-percent", "100")
UP = ("up", "--yes")
PLAIN = ("up", "--yes", "--skip-preview")
REFUSED = {"status": 400, "code": 70002, "message": "no"}


def refuse(project, kind, slug):
    """Let Twilio refuse to make an object of a kind for a tenant, once."""
    account = project.account(slug)["sid"]
    path = {"api_keys": f"{account}/Keys", "usage_triggers": f"{account}/Usage/Triggers"}.get(kind)
    # Other hosts than api.twilio.com act on the account of the credentials.
    whose = {"path_contains": path} if path else {"path_contains": kind, "account": account}
    project.fault(mode="error", method="POST", **whose, **REFUSED)


def sids(project, kind="api_keys", slug="acme"):
    return {item["sid"] for item in project.account(slug)[kind]}


def names(project, slug="acme"):
    return sorted(key["friendly_name"] for key in project.account(slug)["api_keys"])


def test_two_runs_keep_the_key_of_an_account_suspended_by_twilio(stack_project):
    stack_project.write("acme", NEXT)
    account = stack_project.account("acme")["sid"]
    stack_project.console({"set": account, "fields": {"status": "suspended"}})
    before = sids(stack_project)
    for _ in range(2):
        done = stack_project.tenantry(*UP)
        assert done.code == 0, done.output
        assert "suspended in Twilio, and the manifest names no state" in done.output
        assert sids(stack_project) == before
    stack_project.console({"set": account, "fields": {"status": "active"}})
    done = stack_project.tenantry(*UP)
    assert done.code == 0, done.output
    assert names(stack_project) == ["sender#2", "web#1"]


def test_a_suspended_tenant_keeps_the_key_before_one_that_waits(stack_project):
    stack_project.write("acme", f"state: suspended\n{WHOLE}")
    assert stack_project.pulumi(*PLAIN).code == 0
    stack_project.write("acme", f"state: suspended\n{NEXT}")
    done = stack_project.tenantry(*UP)
    assert done.code == 1, done.output
    assert "acme/api_key/sender-2 waits for its tenant to be active" in done.output
    assert names(stack_project) == ["sender#1", "web#1"]
    stack_project.write("acme", f"state: active\n{NEXT}")
    done = stack_project.tenantry(*UP)
    assert done.code == 0, done.output
    assert names(stack_project) == ["sender#2", "web#1"]


NO_WEB = NEXT.replace("  web: {access: standard}\n", "")
CHANGES = {
    "trigger": ("usage_triggers", WHOLE.replace("1000", "2000")),
    "renamed": ("usage_triggers", WHOLE.replace("monthly-sms:", "monthly-texts:")),
    "sink": ("/Sinks", WHOLE.replace("/errors/", "/problems/")),
    "subscription": ("/Subscriptions", WHOLE.replace("/errors/", "/problems/")),
    "key": ("/v1/Keys", WHOLE.replace("web: {access: standard}", "web: {access: [/twilio/messaging/messages/read]}")),
    "both": ("api_keys", NEXT.replace("web: {access: standard}", "web: {access: standard, generations: [2]}")),
    "fewer": ("/v1/Keys", NO_WEB),
}
"""By tenant: what Twilio refuses to make, once, and the manifest that needs it. Of `both` another key is made, and of
`fewer` another key has no entry any more."""


def test_objects_stay_where_their_replacements_could_not_be_made(new_project):
    project = new_project(dict.fromkeys((*CHANGES, "served"), WHOLE))
    assert project.pulumi(*PLAIN, PULUMI_SKIP_CHECKPOINTS="true").code == 0
    kinds = ("api_keys", "usage_triggers", "event_sinks", "event_subscriptions")
    before = {(slug, kind): sids(project, kind, slug) for slug in CHANGES for kind in kinds}
    project.write("served", NO_WEB)
    for slug, (refused, manifest) in CHANGES.items():
        project.write(slug, manifest)
        refuse(project, refused, slug)
    done = project.tenantry(*UP, *LIMITS)
    assert done.code == 1, done.output
    assert "Failed: both, fewer, key, renamed, sink, subscription, trigger. " in done.output
    assert {place for place in before if not before[place] <= sids(project, place[1], place[0])} == set(), done.output
    assert "held back, because fewer/api_key/sender-2 failed in this run. Nothing was deleted." in done.output
    assert "The first run in which nothing fails for fewer deletes it." in done.output
    assert (names(project, "fewer"), names(project, "served")) == (["sender#1", "web#1"], ["sender#2"])
    done = project.tenantry(*UP, *LIMITS)
    assert done.code == 0, done.output
    assert (names(project, "fewer"), names(project, "both")) == (["sender#2"], ["sender#2", "web#2"])
    counts = {place: len(sids(project, place[1], place[0])) for place in before}
    assert counts == {place: len(items) for place, items in before.items()} | {("fewer", "api_keys"): 1}


def test_a_state_of_twenty_minutes_ago_deletes_no_live_key(stack_project):
    saved = stack_project.state_file.read_text()
    stack_project.write("acme", BOTH)
    assert stack_project.pulumi(*PLAIN).code == 0
    live = sids(stack_project)
    stack_project.state_file.write_text(saved)
    done = stack_project.tenantry(*UP)
    assert done.code == 0, done.output
    assert sids(stack_project) == live
    [key] = [key["sid"] for key in stack_project.account("acme")["api_keys"] if key["friendly_name"] == "sender#2"]
    assert f"API key sender#2 ({key})" in done.output
    assert "its secret is unknown" in done.output


def test_a_key_that_was_taken_out_of_the_state_is_not_deleted(stack_project):
    live = sids(stack_project)
    urn = stack_project.resources()["acme/api_key/web-1"]["urn"]
    assert stack_project.pulumi("state", "delete", urn, "--yes").code == 0
    foreseen = stack_project.tenantry("preview")
    assert "1 to take over" in foreseen.output
    assert 'secret: "unknown' in foreseen.output
    done = stack_project.tenantry(*UP)
    assert done.code == 0, done.output
    assert sids(stack_project) == live


def test_a_young_generation_survives_another_slug_in_two_runs(stack_project):
    stack_project.write("acme", BOTH)
    assert stack_project.pulumi(*PLAIN).code == 0
    account = stack_project.account("acme")
    live = sids(stack_project)
    stack_project.write("acme", f"state: released\n{BOTH}")
    assert stack_project.pulumi(*PLAIN).code == 0
    stack_project.manifest("acme").unlink()
    assert stack_project.pulumi(*PLAIN).code == 0
    adopting = f"account: {{adopt: {account['sid']}}}\n"
    stack_project.write("acme-eu", adopting)
    assert stack_project.tenantry(*UP).code == 0
    keys = {key["friendly_name"]: key["sid"] for key in account["api_keys"]}
    entries = BOTH.replace("[1, 2]}", f"[1, 2], adopt: {keys['sender#1']}}}").partition("usage_triggers")[0]
    stack_project.write("acme-eu", adopting + entries.replace("standard}", f"standard, adopt: {keys['web#1']}}}"))
    done = stack_project.tenantry(*UP)
    assert done.code == 0, done.output
    assert {key["sid"] for key in stack_project.account("acme")["api_keys"]} == live
    assert f"API key sender#2 ({keys['sender#2']})" in done.output
