"""Keys that change their type: a standard key never becomes a restricted one, and whose secret may be in use lives."""

from e2e_killing import unusable_keys
from e2e_project import WHOLE

UP = ("up", "--yes", "--skip-preview")
RESTRICTED = WHOLE.replace("web: {access: standard}", "web: {access: [/twilio/messaging/messages/read]}")
HOURS = 2 * 3600


def test_a_key_that_becomes_restricted_is_new_and_the_old_one_goes(deployed):
    [old] = keys(deployed)
    deployed.fake.store.clock.advance(HOURS)
    deployed.write("acme", RESTRICTED)
    done = deployed.tenantry("up", "--yes")
    assert done.code == 0, done.output
    [new] = keys(deployed)
    assert (new["sid"] != old["sid"], new["policy"]) == (True, ["/twilio/messaging/messages/read"])
    assert unusable_keys(deployed) == []


def test_an_old_standard_key_is_neither_taken_over_nor_deleted(deployed):
    [old] = keys(deployed)
    deployed.fake.store.clock.advance(HOURS)
    deployed.backend.lose()
    assert deployed.pulumi("stack", "init", "dev").code == 0
    deployed.write("acme", RESTRICTED)
    done = deployed.pulumi(*UP, TENANTRY_RECOVER="1")
    assert done.code == 0, done.output
    found = {key["sid"]: key["policy"] for key in keys(deployed)}
    assert (len(found), found[old["sid"]]) == (2, None)
    done = deployed.tenantry("drift")
    assert done.code == 2, done.output
    assert f"acme ({old['sid']})" in done.output


def keys(project):
    return [key for key in project.account("acme")["api_keys"] if key["friendly_name"] == "web#1"]
