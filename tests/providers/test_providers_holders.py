"""Objects with two holders: an adoption is refused, a delete leaves what another entry holds, foreign types stay."""

import pytest
from provider_plugin import CheckError, failure
from provider_samples import CHILDREN, KEY, SINK, SUBACCOUNT, SUBSCRIPTION

SLUG = SUBACCOUNT["slug"]


class TestAdoptingAnObject:
    """`adopt: SID` of what another entry of the stack holds."""

    @pytest.fixture(params=CHILDREN)
    def holder_case(self, request, first, stack, inputs):
        kind, props = inputs(request.param)
        resource = first.up(kind, props)
        stack.holds(kind, resource.id, props)
        name = {"friendly_name": "other#1"} if "friendly_name" in props else {"description": "other"}
        return kind, props, resource, {**props, **name, "adopt": resource.id}

    @pytest.fixture
    def wanting_manifests(self, stack):
        """Manifests that still want every entry of `held`."""
        stack.manifest(
            SLUG,
            "api_keys: {web: {access: standard}, sender: {access: standard}}\n"
            "usage_triggers:\n  monthly-sms: {usage_category: sms, trigger_by: count, trigger_value: 1, "
            "callback_url: 'https://hooks.owl.example/x'}\n"
            "debugger_webhook: {url: 'https://hooks.owl.example/x'}\n",
        )

    @pytest.mark.usefixtures("wanting_manifests")
    def test_is_refused_by_check_and_by_create(self, operation, twilio, holder_case):
        kind, _, resource, other = holder_case
        twilio.forget()
        with pytest.raises(CheckError, match=f"{resource.id} can't be adopted: acme/{kind}/"):
            operation().up(kind, other)
        assert "holds it in this stack" in failure(operation().create, kind, other)
        assert twilio.writes() == []

    def test_moves_the_object_where_the_entry_that_held_it_is_gone(self, operation, stack, holder_case):
        kind, _, resource, other = holder_case
        stack.manifest(SLUG)
        assert operation().up(kind, other).id == resource.id

    @pytest.mark.usefixtures("wanting_manifests")
    def test_stays_where_the_second_entry_of_two_that_hold_it_is_removed(
        self, operation, twilio, stack, account, holder_case
    ):
        kind, _, resource, other = holder_case
        stack.holds(kind, resource.id, other)
        operation().delete(kind, resource.id, other)
        assert twilio.sids(kind, account) == [resource.id]

    @pytest.mark.usefixtures("wanting_manifests")
    def test_is_not_asked_about_again_once_it_was_adopted(self, operation, stack, holder_case):
        kind, _, _, other = holder_case
        stack.breaks()
        assert operation().check(kind, {**other, "description": "new"}, other)[1] == []


@pytest.mark.usefixtures("account")
class TestDeleting:
    """What another live resource of the state holds is not deleted."""

    @pytest.fixture
    def key(self, first, stack, account):
        resource = first.up("api_key", {**KEY, "account_sid": account})
        stack.holds("api_key", resource.id, resource.inputs)
        return resource

    def test_an_entry_of_two_that_hold_one_key_leaves_it(self, operation, twilio, stack, account, key):
        stack.manifest(SLUG, "api_keys: {sender: {access: standard}}\n")
        stack.holds("api_key", key.id, {**key.inputs, "friendly_name": "sender#1"})
        plugin = operation()
        plugin.destroy(key)
        assert twilio.sids("api_key", account) == [key.id]
        assert f"{key.id} stays: acme/api_key/sender-1 holds it in this stack" in operation.stop(plugin)

    def test_the_last_one_that_holds_it_deletes_it(self, operation, twilio, stack, account, key):
        stack.manifest(SLUG)
        stack.holds("api_key", key.id, {**key.inputs, "friendly_name": "sender#1"})  # leaves in this run too
        operation().destroy(key)
        assert twilio.sids("api_key", account) == []

    def test_the_old_half_of_a_killed_replacement_leaves_the_new_halfs_object(
        self, operation, twilio, stack, account, key
    ):
        stack.manifest(SLUG, "api_keys: {web: {access: standard}}\n")
        stack.holds("api_key", key.id, key.inputs, delete=True)
        operation().destroy(key)
        assert twilio.sids("api_key", account) == [key.id]

    def test_a_run_is_handed_the_state_and_asks_nobody(self, operation, twilio, stack, account, key):
        stack.manifest(SLUG, "api_keys: {sender: {access: standard}}\n")
        stack.holds("api_key", key.id, {**key.inputs, "friendly_name": "sender#1"})
        text = stack.hand_state()
        stack.breaks()
        operation(**text).destroy(key)
        assert twilio.sids("api_key", account) == [key.id]

    def test_a_process_without_a_stack_deletes_with_a_warning(self, operation, twilio, account, key):
        plugin = operation(PULUMI_PROJECT=None)
        plugin.destroy(key)
        assert twilio.sids("api_key", account) == []
        assert "there is no stack to ask" in operation.stop(plugin)

    def test_nothing_is_deleted_where_nobody_can_read_the_state(self, operation, twilio, stack, account, key):
        stack.breaks()
        assert "Reading the state of stack" in failure(operation().destroy, key)
        assert twilio.sids("api_key", account) == [key.id]


RECEIPTS = "com.twilio.messaging.message.delivered"
OURS = SUBSCRIPTION["types"][0]


class TestTypesOfASubscription:
    """An adoption removes nothing: what a subscription had besides our type stays."""

    @pytest.fixture
    def adopted_subscription(self, operation, twilio, account):
        sink = twilio.put("event_sink", account, description="theirs", sink_configuration=SINK["sink_configuration"])
        sid = twilio.put("event_subscription", account, sink_sid=sink, types={RECEIPTS: 1})
        wanted = {**SUBSCRIPTION, "account_sid": account, "sink_sid": sink, "adopt": sid}
        return operation().up("event_subscription", wanted)

    def types(self, twilio, account):
        return [sorted(record["types"]) for record in twilio.all("event_subscription", account)]

    def test_stay_and_are_remembered(self, twilio, account, adopted_subscription):
        assert self.types(twilio, account) == [sorted([OURS, RECEIPTS])]
        assert adopted_subscription.outputs["kept_types"] == [RECEIPTS]

    def test_stay_through_refreshes_and_updates(self, operation, twilio, account, adopted_subscription):
        plugin = operation()
        found = plugin.refresh(adopted_subscription)
        assert (found.inputs, found.outputs) == (adopted_subscription.inputs, adopted_subscription.outputs)
        assert plugin.up("event_subscription", adopted_subscription.inputs, found).did == "same"
        twilio.console(adopted_subscription.id, description="theirs")
        put_back = plugin.up("event_subscription", adopted_subscription.inputs, operation().refresh(found))
        assert put_back.did == "update"
        assert self.types(twilio, account) == [sorted([OURS, RECEIPTS])]
        assert operation().refresh(put_back).outputs == adopted_subscription.outputs

    def test_that_somebody_took_away_since_do_not_come_back(self, operation, twilio, account, adopted_subscription):
        twilio.console(adopted_subscription.id, description="theirs", types={OURS: 1})
        plugin = operation()
        plugin.up("event_subscription", adopted_subscription.inputs, plugin.refresh(adopted_subscription))
        assert self.types(twilio, account) == [[OURS]]

    def test_that_somebody_added_since_are_drift_and_go(self, operation, twilio, account, adopted_subscription):
        read = "com.twilio.messaging.message.read"
        twilio.console(adopted_subscription.id, types={OURS: 1, RECEIPTS: 1, read: 1})
        plugin = operation()
        found = plugin.refresh(adopted_subscription)
        assert found.inputs["types"] == sorted([OURS, read])
        assert plugin.up("event_subscription", adopted_subscription.inputs, found).did == "update"
        assert self.types(twilio, account) == [sorted([OURS, RECEIPTS])]

    def test_move_to_the_subscription_that_replaces_it_for_another_url(
        self, operation, twilio, account, adopted_subscription
    ):
        plugin = operation()
        moved = {**SINK["sink_configuration"], "destination": "https://hooks.owl.example/moved"}
        sink = plugin.up("event_sink", {**SINK, "sink_configuration": moved, "account_sid": account})
        wanted = {key: value for key, value in adopted_subscription.inputs.items() if key != "adopt"}
        replaced = plugin.up("event_subscription", {**wanted, "sink_sid": sink.id}, adopted_subscription)
        assert (replaced.did, replaced.outputs["kept_types"]) == ("replace", [RECEIPTS])
        assert self.types(twilio, account) == [sorted([OURS, RECEIPTS])]

    def test_stay_where_a_lost_state_is_recovered_too(self, operation, twilio, account, adopted_subscription):
        recovered = operation().up(
            "event_subscription", {key: value for key, value in adopted_subscription.inputs.items() if key != "adopt"}
        )
        assert (recovered.id, recovered.outputs["kept_types"]) == (adopted_subscription.id, [RECEIPTS])
        assert self.types(twilio, account) == [sorted([OURS, RECEIPTS])]
