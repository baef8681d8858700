"""Keys that change their type: a standard key never becomes a restricted one, and whose secret may be in use lives."""

from e2e_killing import unusable_keys
from e2e_project import WHOLE

UP = ("up", "--yes", "--skip-preview")
RESTRICTED = WHOLE.replace("web: {access: standard}", "web: {access: [/twilio/messaging/messages/read]}")
HOURS = 2 * 3600


def test_a_key_that_becomes_restricted_is_new_and_the_old_one_goes(stack_project):
    [old] = keys(stack_project)
    stack_project.fake.store.clock.advance(HOURS)
    stack_project.write("acme", RESTRICTED)
    done = stack_project.tenantry("up", "--yes")
    assert done.code == 0, done.output
    [new] = keys(stack_project)
    assert (new["sid"] != old["sid"], new["policy"]) == (True, ["/twilio/messaging/messages/read"])
    assert unusable_keys(stack_project) == []


def test_an_old_standard_key_is_neither_taken_over_nor_deleted(stack_project):
    [old] = keys(stack_project)
    stack_project.fake.store.clock.advance(HOURS)
    stack_project.backend.lose()
    stack_project.make_stack()
    stack_project.write("acme", RESTRICTED)
    done = stack_project.pulumi(*UP, TENANTRY_RECOVER="1")
    assert done.code == 0, done.output
    found = {key["sid"]: key["policy"] for key in keys(stack_project)}
    assert (len(found), found[old["sid"]]) == (2, None)
    done = stack_project.tenantry("drift")
    assert done.code == 2, done.output
    assert f"acme ({old['sid']})" in done.output


def keys(project):
    return [key for key in project.account("acme")["api_keys"] if key["friendly_name"] == "web#1"]
