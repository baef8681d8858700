"""The fleet: what its check refuses, before anything runs."""

from datetime import datetime, timedelta
from typing import ClassVar

import pytest
from provider_plugin import failure

from tenantry.engine.state.unfinished import Mark, format_marks

FAKE = "http://127.0.0.1:8000"
OTHER = "AC" + "9" * 32


def check(operation, old, new):
    return operation().check("fleet", {"standing": new}, {"standing": old} if old is not None else None)


@pytest.mark.parametrize("standing", ["open", "suspended", "due"])
def test_a_tenant_whose_manifest_is_gone_is_refused_by_name(operation, twilio, stack, standing):
    stack.holds("subaccount", OTHER, {"slug": "birch"})
    _, failures = check(operation, {"acme": "open", "birch": standing}, {"acme": "open"})
    assert failures == [
        (
            "",
            "birch: the manifest is gone; put it back. A slug can't be renamed: to keep account and keys under another "
            "one, write state: released in birch and run `tenantry up`, remove it and run again, then write the other "
            "manifest with adopt. If the customer leaves, write state: closed and close_after in it first",
        ),
    ]
    assert twilio.list_requests() == []


@pytest.mark.parametrize("standing", ["closed", "released"])
def test_a_closed_or_released_tenant_may_go(operation, standing):
    assert check(operation, {"birch": standing}, {}) == ({"standing": {}}, [])


def test_all_lost_tenants_are_named_at_once(operation, stack):
    stack.holds("subaccount", OTHER, {"slug": "acme"})
    stack.holds("subaccount", "AC" + "8" * 32, {"slug": "birch"})
    _, failures = check(operation, {"acme": "open", "birch": "open", "cedar": "open"}, {"cedar": "open"})
    assert [reason.partition(":")[0] for _, reason in failures] == ["acme", "birch"]


class TestATenantThatEveryRunRefused:
    """Its manifest may go: the state has nothing of it but its record in the fleet."""

    NEWS: ClassVar = {"standing": {"acme": "open"}}
    OLDS: ClassVar = {"standing": {"acme": "open", "birch": "open"}}

    @pytest.fixture
    def forget(self, operation, twilio):
        """Run without the manifest of birch; return the fleet's record, or why it could not go."""
        parent = {"account_sid": twilio.parent}

        def run(**environ):
            plugin = operation(**environ)
            news, failures = plugin.check("fleet", {**parent, **self.NEWS}, {**parent, **self.OLDS})
            assert failures == []
            return plugin, (news, {**parent, **self.OLDS})

        return run

    def test_goes_by_itself(self, forget, stack, twilio):
        stack.has_component("birch")
        twilio.put("subaccount", twilio.parent, friendly_name="By hand (birch)")
        plugin, (news, olds) = forget()
        assert plugin.update("fleet", "fleet", olds, news)["standing"] == {"acme": "open"}
        assert twilio.writes() == []

    def test_stays_where_an_unfinished_run_may_have_made_its_account(self, forget, twilio):
        sid = twilio.put("subaccount", twilio.parent, friendly_name="Birch (birch)")
        created = datetime.fromisoformat(twilio.account(sid)["date_created"])
        marks = format_marks((Mark(created.replace(microsecond=0) - timedelta(minutes=5), frozenset({"birch"})),))
        plugin, (news, olds) = forget(TENANTRY_UNFINISHED=marks)
        message = failure(plugin.update, "fleet", "fleet", olds, news)
        assert message.startswith(
            f"Forgetting birch, whose manifest is gone: an earlier run may have made {sid} 'Birch"
        )
        assert "Put the manifest of birch back" in message

    @pytest.mark.parametrize("kind", ["subaccount", "api_key"])
    def test_stays_where_the_state_has_anything_of_it(self, operation, stack, kind):
        name = "birch" if kind == "subaccount" else "birch/api_key/web-1"
        urn = f"urn:pulumi:dev::owl::tenantry:index:Tenant$x::{name}"
        stack.holds(kind, "SK1", {"slug": "birch", "friendly_name": "web#1"}, urn=urn)
        _, [(_, text)] = operation().check("fleet", self.NEWS, self.OLDS)
        assert text.startswith("birch: the manifest is gone")

    def test_stays_where_nobody_can_read_the_state(self, operation, stack):
        stack.breaks()
        _, [(_, text)] = operation().check("fleet", self.NEWS, self.OLDS)
        assert "Reading the state of stack dev" in text


def test_closed_stays_closed_in_an_everyday_run(operation):
    assert check(operation, {"acme": "closed"}, {"acme": "due"}) == ({"standing": {"acme": "closed"}}, [])


def test_the_first_run_and_new_tenants_are_fine(operation):
    assert check(operation, None, {"acme": "open"}) == ({"standing": {"acme": "open"}}, [])
    assert check(operation, {"acme": "open"}, {"acme": "open", "birch": "suspended"})[1] == []


def test_a_standing_of_a_newer_version_still_belongs_to_a_known_tenant(operation, stack):
    stack.holds("subaccount", OTHER, {"slug": "acme"})
    _, failures = check(operation, {"acme": "hibernating"}, {})
    assert [reason.partition(":")[0] for _, reason in failures] == ["acme"]


def test_a_new_standing_is_recorded_by_an_update_without_a_call(operation, twilio):
    plugin = operation()
    resource = plugin.up("fleet", {"account_sid": twilio.parent, "standing": {"acme": "open"}})
    twilio.forget()
    changed = plugin.up("fleet", {"account_sid": twilio.parent, "standing": {"acme": "suspended"}}, resource)
    assert (changed.did, changed.outputs["standing"]) == ("update", {"acme": "suspended"})
    assert plugin.refresh(changed).outputs == changed.outputs
    plugin.destroy(changed)
    assert twilio.list_requests() == []


def test_another_parent_after_a_fake_says_that_the_fake_has_forgotten(operation, twilio):
    news = {"account_sid": twilio.parent, "standing": {}}
    _, [(_, text)] = operation().check("fleet", news, {"account_sid": OTHER, "standing": {}, "address": FAKE})
    assert f"belongs to the parent account {OTHER}, and this run is for {twilio.parent}" in text
    assert f"The last run of this stack went to the fake at {FAKE}, and {OTHER} is its parent account" in text
    assert "unless it runs with --state FILE" in text


def test_a_stack_of_a_fake_is_refused_at_twilio_itself(operation, twilio):
    fleet = {"account_sid": twilio.parent, "standing": {}, "address": FAKE}
    news = {"account_sid": twilio.parent, "standing": {}}
    _, [(_, text)] = operation(TENANTRY_TWILIO_URL=None).check("fleet", news, fleet)
    assert f"now Twilio itself is asked for the parent account {twilio.parent}; nothing was changed" in text
    assert "went to the fake at" in text
    assert twilio.list_requests() == []


def test_a_preview_without_credentials_asks_nobody_and_keeps_the_address(operation, twilio):
    fleet = {"account_sid": twilio.parent, "standing": {}, "address": FAKE}
    nothing = operation(TENANTRY_TWILIO_URL=None, TWILIO_ACCOUNT_SID=None, TWILIO_AUTH_TOKEN=None)
    assert nothing.check("fleet", {"standing": {}}, fleet) == (fleet, [])


def test_another_address_is_no_difference_and_goes_into_the_state(operation, twilio):
    plugin, props = operation(), {"account_sid": twilio.parent, "standing": {}}
    resource = plugin.up("fleet", {**props, "address": FAKE})
    moved = plugin.up("fleet", {**props, "address": twilio.url}, resource)
    assert (moved.did, moved.inputs["address"]) == ("same", twilio.url)
