"""Subaccounts: found or made, never made twice, never gone, never closed, never deleted."""

import pytest
from provider_plugin import CheckError, failure
from provider_samples import NAME, SUBACCOUNT

SLUG = SUBACCOUNT["slug"]


@pytest.fixture
def resource(first):
    return first.up("subaccount", SUBACCOUNT)


def statuses(twilio):
    return [account["status"] for account in twilio.accounts()]


def test_a_read_right_after_a_create_finds_no_difference(operation, resource):
    found = operation().refresh(resource)
    assert (found.inputs, found.outputs) == (resource.inputs, resource.outputs)
    assert operation().up("subaccount", SUBACCOUNT, found).did == "same"


def test_a_name_changed_in_the_console_is_a_difference_and_is_repaired(operation, twilio, resource):
    twilio.console(resource.id, friendly_name="Hacked")
    second = operation()
    found = second.refresh(resource)
    assert found.inputs == {**resource.inputs, "friendly_name": "Hacked"}
    assert second.up("subaccount", SUBACCOUNT, found).did == "update"
    assert twilio.account(resource.id)["friendly_name"] == NAME


def test_a_recovery_takes_over_the_account_whose_name_ends_in_the_slug(operation, twilio, resource):
    renamed = {**SUBACCOUNT, "friendly_name": "Acme Teeth (acme)"}
    assert operation(TENANTRY_RECOVER="1").recovers().up("subaccount", renamed).id == resource.id
    assert [account["friendly_name"] for account in twilio.accounts()] == ["Acme Teeth (acme)"]


def test_a_slug_is_not_found_in_the_account_of_a_longer_slug(operation, twilio, resource):
    recovering = operation(TENANTRY_RECOVER="1").recovers()
    other = recovering.up("subaccount", {"slug": "acme-2", "friendly_name": "Acme (acme-2)"})
    assert other.id != resource.id
    assert recovering.up("subaccount", SUBACCOUNT).id == resource.id


def test_a_suspended_account_stays_suspended_where_the_state_is_not_ours(operation, twilio, resource):
    twilio.console(resource.id, status="suspended")
    taken = operation(TENANTRY_RECOVER="1").recovers().up("subaccount", SUBACCOUNT)
    assert (taken.id, taken.outputs["status"]) == (resource.id, "suspended")


def test_a_closed_account_of_the_same_name_is_not_taken_over(operation, twilio, resource):
    twilio.console(resource.id, status="closed")
    assert operation().up("subaccount", SUBACCOUNT).id != resource.id


def test_two_accounts_with_one_slug_stop_the_tenant_and_are_both_named(operation, twilio, resource):
    other = twilio.put("subaccount", twilio.parent, friendly_name=f"Copy ({SLUG})")
    twilio.forget()
    message = failure(operation().up, "subaccount", SUBACCOUNT)
    assert f"2 accounts have a name that ends in '({SLUG})'" in message
    assert resource.id in message
    assert other in message
    assert twilio.writes() == []


def test_an_account_made_since_the_first_list_is_found_and_refused(operation, twilio):
    plugin = operation()
    plugin.up("subaccount", {"slug": "birch", "friendly_name": "Birch (birch)"})
    sid = twilio.put("subaccount", twilio.parent, friendly_name=NAME)
    assert f"{sid} '{NAME}'" in failure(plugin.up, "subaccount", SUBACCOUNT)


def test_many_new_accounts_cost_one_list_of_all(operation, twilio):
    plugin = operation()
    for slug in ("a", "b", "c"):
        plugin.up("subaccount", {"slug": slug, "friendly_name": f"T ({slug})"})
    lists = [asked for asked in twilio.list_requests("GET") if asked.path.endswith("Accounts.json")]
    assert len(lists) == 1 + 3  # and one by exact name for each


@pytest.mark.parametrize("status", ["closed", "missing"])
class TestALostAccount:
    """One that was closed in the Console, or that Twilio no longer knows."""

    @pytest.fixture
    def lost_resource(self, operation, twilio, resource, status):
        twilio.console(resource.id, status="closed")
        if status == "missing":
            twilio.later(days=31)
        return operation().refresh(resource)

    def test_is_shown_and_never_said_to_be_gone(self, resource, lost_resource, status):
        assert lost_resource.id == resource.id
        assert lost_resource.outputs["status"] == status
        assert lost_resource.inputs == {**resource.inputs, "status": status}

    def test_fails_an_open_tenant_with_what_to_do_and_nothing_is_rebuilt(
        self, operation, twilio, lost_resource, status
    ):
        twilio.forget()
        plugin = operation()
        assert plugin.diff("subaccount", lost_resource.id, lost_resource.outputs, lost_resource.inputs) == (True, [])
        message = failure(plugin.up, "subaccount", SUBACCOUNT, lost_resource)
        assert SLUG in message
        assert "Set state: closed, or take a new slug" in message
        if status == "closed":
            assert "is closed in Twilio, which can't be undone" in message
        assert twilio.writes() == []

    def test_is_no_difference_for_a_tenant_that_is_to_be_closed(self, operation, lost_resource, status):
        closed = {**SUBACCOUNT, "active": False, "ending": "closed"}
        assert operation().up("subaccount", closed, lost_resource).did == "same"

    def test_can_be_deleted(self, operation, twilio, lost_resource, status):
        twilio.forget()
        operation().destroy(lost_resource)
        assert twilio.writes() == []


def test_renaming_a_closed_account_does_not_fail_a_tenant_to_be_closed(operation, twilio, resource):
    twilio.console(resource.id, status="closed")
    closed = {**SUBACCOUNT, "friendly_name": "Other (acme)", "active": False, "ending": "closed"}
    updated = operation().up("subaccount", closed, resource)
    assert (updated.did, updated.outputs["status"]) == ("update", "closed")


@pytest.mark.parametrize("ending", ["closed", "released"])
def test_no_account_is_made_for_a_tenant_on_its_way_out(operation, twilio, ending):
    plugin = operation()
    new_resource = plugin.up("subaccount", {**SUBACCOUNT, "ending": ending})
    assert new_resource.id == f"waiting-{SLUG}"
    assert plugin.up("subaccount", {**SUBACCOUNT, "ending": ending}, new_resource).did == "same"
    assert plugin.refresh(new_resource).id == new_resource.id
    plugin.destroy(new_resource)
    assert twilio.accounts() == []


def test_a_tenant_that_comes_back_before_it_had_an_account_gets_one(operation, twilio):
    plugin = operation()
    new_resource = plugin.up("subaccount", {**SUBACCOUNT, "ending": "closed"})
    back = plugin.up("subaccount", SUBACCOUNT, new_resource)
    assert (back.did, statuses(twilio)) == ("replace", ["active"])


@pytest.mark.parametrize("status", ["active", "suspended"])
def test_delete_refuses_a_live_account_and_names_it(operation, twilio, resource, status):
    twilio.console(resource.id, status=status)
    twilio.forget()
    message = failure(operation().destroy, resource)
    assert (
        f"Deleting account {resource.id} of {SLUG}: the account is {status}, and we never delete an open account"
        in message
    )
    assert twilio.writes() == []


def test_a_released_account_is_forgotten_and_left_exactly_as_it_is(operation, twilio, resource):
    released = {**SUBACCOUNT, "friendly_name": "Other (acme)", "ending": "released"}
    before = twilio.accounts()
    saved = operation().up("subaccount", released, resource)
    assert saved.did == "same"
    operation().delete("subaccount", resource.id, released)
    assert twilio.accounts() == before


def test_an_account_that_is_to_be_active_is_activated(operation, twilio, resource):
    twilio.console(resource.id, status="suspended")
    active = {**SUBACCOUNT, "active": True}
    second = operation()
    found = second.refresh(resource)
    assert second.up("subaccount", active, found).did == "update"
    assert statuses(twilio) == ["active"]


def test_a_suspension_in_the_console_is_a_difference_for_an_active_tenant(operation, twilio, first):
    new_resource = first.up("subaccount", {**SUBACCOUNT, "active": True})
    twilio.console(new_resource.id, status="suspended")
    assert operation().refresh(new_resource).inputs == {**new_resource.inputs, "active": False}


def test_an_account_that_is_not_to_be_active_is_never_activated(operation, twilio, resource):
    twilio.console(resource.id, status="suspended")
    wanted = {**SUBACCOUNT, "active": False, "friendly_name": "Other (acme)"}
    second = operation()
    found = second.refresh(resource)
    assert found.inputs == resource.inputs
    assert found.outputs["status"] == "suspended"
    assert second.up("subaccount", wanted, found).did == "update"  # the name
    assert statuses(twilio) == ["suspended"]


def test_a_suspended_account_without_a_state_in_the_manifest_is_not_renamed(operation, twilio, resource):
    twilio.console(resource.id, status="suspended")
    second = operation()
    found = second.refresh(resource)
    message = failure(second.up, "subaccount", {**SUBACCOUNT, "friendly_name": "Other (acme)"}, found)
    assert "the manifest names no state. It was left as it is" in message
    assert statuses(twilio) == ["suspended"]


def test_an_account_not_to_be_active_is_recorded_and_not_suspended(operation, twilio, resource):
    twilio.forget()
    saved = operation().up("subaccount", {**SUBACCOUNT, "active": False}, resource)
    assert (saved.did, saved.outputs["active"]) == ("update", False)
    assert twilio.writes() == []
    assert operation().up("subaccount", {**SUBACCOUNT, "active": False}, saved).did == "same"


@pytest.mark.parametrize("before", [{}, {"active": True}])
def test_a_thaw_activates_the_account_though_nothing_was_refreshed_since(operation, twilio, first, before):
    new_resource = first.up("subaccount", {**SUBACCOUNT, **before})
    second = operation()
    resting = second.up("subaccount", {**SUBACCOUNT, "active": False}, new_resource)
    second.up("account_state", {"account_sid": new_resource.id, "status": "suspended"})
    thawed = operation().up("subaccount", {**SUBACCOUNT, "active": True}, resting)
    assert (thawed.did, thawed.outputs["status"], statuses(twilio)) == ("update", "active", ["active"])


def test_a_removed_state_leaves_the_account_as_it_is(operation, twilio, first):
    new_resource = first.up("subaccount", {**SUBACCOUNT, "active": True})
    twilio.forget()
    saved = operation().up("subaccount", SUBACCOUNT, new_resource)
    assert "active" not in saved.outputs
    assert twilio.writes() == []


def test_an_account_that_twilio_suspended_itself_is_told_as_that(operation, twilio, resource):
    twilio.console(resource.id, status="suspended", suspended_by_twilio=True)
    second = operation()
    message = failure(second.up, "subaccount", {**SUBACCOUNT, "active": True}, second.refresh(resource))
    assert "error 21478" in message
    assert "Twilio suspended this account itself; ask Twilio's support" in message


def test_the_limit_of_subaccounts_is_told_with_what_to_do(operation, twilio):
    twilio.switch(max_subaccounts=0)
    message = failure(operation().up, "subaccount", SUBACCOUNT)
    assert "21480" in message
    assert "Ask Twilio to raise the number of subaccounts" in message


def test_the_auth_token_is_never_an_output(first, operation, resource):
    found = operation().refresh(resource)
    for bag in (resource.inputs, resource.outputs, found.inputs, found.outputs):
        assert not any("token" in key for key in bag)


class TestAdopt:
    """`account: {adopt: AC…}`."""

    @pytest.fixture
    def existing(self, twilio):
        return twilio.put("subaccount", twilio.parent, friendly_name="Old name")

    def test_takes_exactly_that_account_and_keeps_its_name(self, operation, twilio, existing):
        twilio.forget()
        plugin = operation()
        taken = plugin.up("subaccount", {"slug": SLUG, "adopt": existing})
        assert taken.id == existing
        assert twilio.writes() == []
        found = operation().refresh(taken)
        assert found.inputs == taken.inputs
        assert plugin.up("subaccount", {"slug": SLUG, "adopt": existing}, found).did == "same"

    def test_gives_it_the_name_that_is_asked_for(self, operation, twilio, existing):
        operation().up("subaccount", {"slug": SLUG, "adopt": existing, "friendly_name": "New"})
        assert twilio.account(existing)["friendly_name"] == "New"

    def test_refuses_the_parent_itself(self, operation, twilio):
        message = failure(operation().up, "subaccount", {"slug": SLUG, "adopt": twilio.parent})
        assert f"Adopting account {twilio.parent} for {SLUG}: it is the parent account itself" in message

    def test_refuses_a_closed_one(self, operation, twilio, existing):
        twilio.console(existing, status="closed")
        message = failure(operation().up, "subaccount", {"slug": SLUG, "adopt": existing})
        assert "it is closed" in message

    def test_refuses_one_that_twilio_does_not_know(self, operation, twilio):
        missing = "AC" + "9" * 32
        message = failure(operation().up, "subaccount", {"slug": SLUG, "adopt": missing})
        assert f"Adopting account {missing} for {SLUG}: Twilio answered 404" in message
        assert f"Adopt a subaccount of {twilio.parent} that is not closed" in message

    def test_never_moves_a_tenant_to_another_account(self, operation, twilio, existing):
        plugin = operation()
        taken = plugin.up("subaccount", {"slug": SLUG, "adopt": existing})
        with pytest.raises(CheckError, match=f"{SLUG} has an account already and can't adopt another"):
            plugin.up("subaccount", {"slug": SLUG, "adopt": "AC" + "9" * 32}, taken)
