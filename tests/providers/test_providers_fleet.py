"""The fleet: what its check refuses, before anything runs."""

import pytest

FAKE = "http://127.0.0.1:8000"
OTHER = "AC" + "9" * 32


def check(operation, old, new):
    return operation().check("fleet", {"standing": new}, {"standing": old} if old is not None else None)


@pytest.mark.parametrize("standing", ["open", "suspended", "due"])
def test_a_tenant_whose_manifest_is_gone_is_refused_by_name(operation, twilio, standing):
    _, failures = check(operation, {"acme": "open", "birch": standing}, {"acme": "open"})
    assert failures == [
        (
            "",
            "birch: the manifest is gone; put it back. A slug can't be renamed: to keep account and keys under another "
            "one, write state: released in birch and run `tenantry up`, remove it and run again, then write the other "
            "manifest with adopt. If the customer leaves, write state: closed and close_after in it first",
        ),
    ]
    assert twilio.asked() == []


@pytest.mark.parametrize("standing", ["closed", "released"])
def test_a_closed_or_released_tenant_may_go(operation, standing):
    assert check(operation, {"birch": standing}, {}) == ({"standing": {}}, [])


def test_all_lost_tenants_are_named_at_once(operation):
    _, failures = check(operation, {"acme": "open", "birch": "open", "cedar": "open"}, {"cedar": "open"})
    assert [reason.partition(":")[0] for _, reason in failures] == ["acme", "birch"]


def test_closed_stays_closed_in_an_everyday_run(operation):
    assert check(operation, {"acme": "closed"}, {"acme": "due"}) == ({"standing": {"acme": "closed"}}, [])


def test_the_first_run_and_new_tenants_are_fine(operation):
    assert check(operation, None, {"acme": "open"}) == ({"standing": {"acme": "open"}}, [])
    assert check(operation, {"acme": "open"}, {"acme": "open", "birch": "suspended"})[1] == []


def test_a_standing_of_a_newer_version_is_still_that_of_a_tenant_we_have(operation):
    _, failures = check(operation, {"acme": "hibernating"}, {})
    assert [reason.partition(":")[0] for _, reason in failures] == ["acme"]


def test_a_new_standing_is_recorded_by_an_update_without_a_call(operation, twilio):
    plugin = operation()
    made = plugin.up("fleet", {"account_sid": twilio.parent, "standing": {"acme": "open"}})
    twilio.forget()
    changed = plugin.up("fleet", {"account_sid": twilio.parent, "standing": {"acme": "suspended"}}, made)
    assert (changed.did, changed.outputs["standing"]) == ("update", {"acme": "suspended"})
    assert plugin.refresh(changed).outputs == changed.outputs
    plugin.destroy(changed)
    assert twilio.asked() == []


def test_another_parent_than_that_of_a_fake_says_that_the_fake_has_forgotten(operation, twilio):
    news = {"account_sid": twilio.parent, "standing": {}}
    _, [(_, told)] = operation().check("fleet", news, {"account_sid": OTHER, "standing": {}, "address": FAKE})
    assert f"belongs to the parent account {OTHER}, and now {twilio.parent} is asked for" in told
    assert f"The last run of this stack went to the fake at {FAKE}, and {OTHER} is its parent account" in told
    assert "unless it runs with --state FILE" in told


def test_a_stack_of_a_fake_is_refused_where_twilio_itself_would_be_asked(operation, twilio):
    fleet = {"account_sid": twilio.parent, "standing": {}, "address": FAKE}
    news = {"account_sid": twilio.parent, "standing": {}}
    _, [(_, told)] = operation(TENANTRY_TWILIO_URL=None).check("fleet", news, fleet)
    assert f"now Twilio itself is asked for the parent account {twilio.parent}; nothing was changed" in told
    assert "went to the fake at" in told
    assert twilio.asked() == []


def test_a_preview_without_credentials_asks_nobody_and_keeps_the_address(operation, twilio):
    fleet = {"account_sid": twilio.parent, "standing": {}, "address": FAKE}
    nothing = operation(TENANTRY_TWILIO_URL=None, TWILIO_ACCOUNT_SID=None, TWILIO_AUTH_TOKEN=None)
    assert nothing.check("fleet", {"standing": {}}, fleet) == (fleet, [])


def test_another_address_is_no_difference_and_goes_into_the_state(operation, twilio):
    plugin, props = operation(), {"account_sid": twilio.parent, "standing": {}}
    made = plugin.up("fleet", {**props, "address": FAKE})
    moved = plugin.up("fleet", {**props, "address": twilio.url}, made)
    assert (moved.did, moved.inputs["address"]) == ("same", twilio.url)
