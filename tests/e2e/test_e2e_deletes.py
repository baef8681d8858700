"""What a run may not delete: what something new was to replace that could not be made, and what the state forgot."""

from e2e_project import WHOLE

SENDER = "sender: {access: [/twilio/messaging/messages/create]}"
NEXT = WHOLE.replace(SENDER, "sender: {access: [/twilio/messaging/messages/create], generations: [2]}")
BOTH = NEXT.replace("[2]", "[1, 2]")
LIMITS = ("--max-deletes-percent", "100")
UP = ("up", "--yes")
PLAIN = ("up", "--yes", "--skip-preview")
REFUSED = {"status": 400, "code": 70002, "message": "no"}


def refuse(project, kind, slug="acme", times=1):
    """Let Twilio refuse to make objects of a kind for a tenant."""
    account = project.account(slug)["sid"]
    path = {"api_keys": f"{account}/Keys", "usage_triggers": f"{account}/Usage/Triggers"}.get(kind, kind)
    project.fault(mode="error", method="POST", path_contains=path, times=times, **REFUSED)


def sids(project, kind="api_keys", slug="acme"):
    return {item["sid"] for item in project.account(slug)[kind]}


def names(project, slug="acme"):
    return sorted(key["friendly_name"] for key in project.account(slug)["api_keys"])


def test_no_key_goes_whose_next_generation_could_not_be_made(stack_project):
    stack_project.write("acme", NEXT.replace("web: {access: standard}", "web: {access: standard, generations: [2]}"))
    before = sids(stack_project)
    refuse(stack_project, "api_keys")  # that of one key; the other one is made
    done = stack_project.tenantry(*UP, *LIMITS)
    assert done.code != 0, done.output
    assert before <= sids(stack_project), done.output
    done = stack_project.tenantry(*UP, *LIMITS)
    assert done.code == 0, done.output
    assert names(stack_project) == ["sender#2", "web#2"]


def test_up_tells_what_it_held_back_and_does_it_for_other_tenants(stack_project):
    for slug in ("acme", "acme-2"):
        stack_project.write(slug, NEXT.replace("  web: {access: standard}\n", ""))
    old = {key["friendly_name"]: key["sid"] for key in stack_project.account("acme")["api_keys"]}
    stack_project.fault(
        mode="error", method="POST", path_contains="/v1/Keys", status=403, code=20403, message="no", times=1
    )
    done = stack_project.tenantry(*UP, *LIMITS)
    assert done.code == 1, done.output
    failed = next(slug for slug in ("acme", "acme-2") if len(names(stack_project, slug)) == 2)
    other = ({"acme", "acme-2"} - {failed}).pop()
    assert (names(stack_project, failed), names(stack_project, other)) == (["sender#1", "web#1"], ["sender#2"]), old
    assert f"held back, because {failed}/api_key/sender-2 failed in this run. Nothing was deleted." in done.output
    assert f"The first run in which nothing fails for {failed} deletes it." in done.output
    done = stack_project.tenantry(*UP, *LIMITS)
    assert done.code == 0, done.output
    assert names(stack_project, failed) == ["sender#2"]


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


REPLACEMENTS = {
    "trigger": ("usage_triggers", ("1000", "2000")),
    "renamed": ("usage_triggers", ("monthly-sms:", "monthly-texts:")),
    "sink": ("/Sinks", ("/errors/", "/problems/")),
    "subscription": ("/Subscriptions", ("/errors/", "/problems/")),
    "key": ("/v1/Keys", ("web: {access: standard}", "web: {access: [/twilio/messaging/messages/read]}")),
}
"""By tenant: what Twilio refuses to make, and the change that needs it. A sink and a subscription are refused once, to
whichever of their two tenants comes first; without its sink nobody asks for a subscription, so each fails once."""


def test_objects_stay_where_their_replacements_could_not_be_made(new_project):
    project = new_project(dict.fromkeys(REPLACEMENTS, WHOLE))
    assert project.pulumi(*PLAIN, PULUMI_SKIP_CHECKPOINTS="true").code == 0
    kinds = ("api_keys", "usage_triggers", "event_sinks", "event_subscriptions")
    before = {(slug, kind): sids(project, kind, slug) for slug in REPLACEMENTS for kind in kinds}
    for slug, (refused, change) in REPLACEMENTS.items():
        project.write(slug, WHOLE.replace(*change))
        refuse(project, refused, slug)
    done = project.tenantry(*UP, *LIMITS)
    assert done.code == 1, done.output
    assert "Failed: key, renamed, sink, subscription, trigger. " in done.output
    assert {place for place in before if not before[place] <= sids(project, place[1], place[0])} == set(), done.output
    done = project.tenantry(*UP, *LIMITS)
    assert done.code == 0, done.output
    assert {place: len(sids(project, place[1], place[0])) for place in before} == {
        place: len(items) for place, items in before.items()
    }


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
