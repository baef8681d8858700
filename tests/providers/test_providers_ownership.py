"""Whose an account or an object is: in doubt it is not ours, and what another entry holds is never touched."""

from datetime import datetime, timedelta

import pytest
from provider_plugin import CheckError, failure
from provider_samples import CHILDREN, KEY, NAME, SINK, SUBACCOUNT, SUBSCRIPTION, TRIGGER

from tenantry.engine.state.unfinished import Mark, format_marks

SLUG = SUBACCOUNT["slug"]
OTHER = {"slug": "birch", "friendly_name": "Birch (birch)"}


@pytest.fixture
def by_hand(twilio):
    """An account that somebody made in the Console, with a name as ours have it."""
    return twilio.put("subaccount", twilio.parent, friendly_name=NAME)


@pytest.fixture
def creation_time(twilio, by_hand):
    """When Twilio made it."""
    return datetime.fromisoformat(twilio.account(by_hand)["date_created"])


def mark_runs(*marks):
    """A mark for each tuple: a tenant's slugs, when the run began, and when it was over."""
    return format_marks(tuple(Mark(since.replace(microsecond=0), slugs, until) for slugs, since, until in marks))


class TestAnAccountOfOurName:
    """Anybody can give a name, so it takes more than that."""

    def test_is_not_taken_over_and_told_with_the_ways_out(self, operation, twilio, by_hand):
        twilio.forget()
        message = failure(operation().up, "subaccount", SUBACCOUNT)
        assert message.startswith(f"Looking for the account of {SLUG}: {by_hand} '{NAME}', made on 20")
        assert "there is no proof that this stack made it. Nothing was changed" in message
        assert f"account: {{adopt: {by_hand}}}" in message
        assert "--recover" in message
        assert twilio.writes() == []

    def test_is_ours_where_an_unfinished_up_may_have_made_it(self, operation, by_hand, creation_time):
        marks = mark_runs((frozenset({SLUG}), creation_time - timedelta(minutes=5), None))
        assert operation(TENANTRY_UNFINISHED=marks).up("subaccount", SUBACCOUNT).id == by_hand

    @pytest.mark.parametrize(
        ("slugs", "since", "until"),
        [
            (None, timedelta(hours=1), None),
            (None, timedelta(days=-3), timedelta(days=-2)),
            (None, timedelta(days=-3), None),
            (frozenset({"birch"}), timedelta(minutes=-5), None),
        ],
        ids=["began later", "was over before", "is of another day", "is of another tenant"],
    )
    def test_is_not_ours_where_the_unfinished_run(self, operation, by_hand, creation_time, slugs, since, until):
        marks = mark_runs((slugs, creation_time + since, until and (creation_time + until).replace(microsecond=0)))
        assert by_hand in failure(operation(TENANTRY_UNFINISHED=marks).up, "subaccount", SUBACCOUNT)

    def test_is_ours_by_the_stacks_mark_in_plain_pulumi(self, operation, stack, by_hand, creation_time):
        stack.tags({"tenantry:unfinished": mark_runs((None, creation_time - timedelta(minutes=5), None))})
        assert operation().up("subaccount", SUBACCOUNT).id == by_hand

    def test_the_mark_of_the_run_itself_is_no_unfinished_run(self, operation, stack, by_hand, creation_time):
        stack.tags({"tenantry:unfinished": mark_runs((None, creation_time - timedelta(minutes=5), None))})
        assert by_hand in failure(operation(TENANTRY_UNFINISHED="").up, "subaccount", SUBACCOUNT)

    def test_is_ours_where_a_killed_run_left_its_create_pending(self, operation, stack, by_hand):
        stack.began("subaccount", SUBACCOUNT)  # by the killed run
        stack.began("subaccount", SUBACCOUNT)  # by the one that goes on
        assert operation().up("subaccount", SUBACCOUNT).id == by_hand

    def test_the_pending_create_of_the_run_itself_is_no_killed_one(self, operation, stack, by_hand):
        stack.began("subaccount", SUBACCOUNT)
        assert by_hand in failure(operation().up, "subaccount", SUBACCOUNT)
        assert operation(PULUMI_SKIP_CHECKPOINTS="true").up("subaccount", SUBACCOUNT).id == by_hand

    def test_is_not_ours_if_older_than_the_tenant_of_the_pending_create(self, operation, stack, by_hand, creation_time):
        component = (creation_time + timedelta(minutes=10)).isoformat()
        for _ in range(2):
            stack.began("subaccount", SUBACCOUNT, component=component)
        assert by_hand in failure(operation().up, "subaccount", SUBACCOUNT)

    def test_is_ours_if_a_run_began_the_tenant_without_an_account(self, operation, stack, by_hand, creation_time):
        stack.has_component(SLUG, (creation_time - timedelta(minutes=5)).isoformat())
        assert operation().up("subaccount", SUBACCOUNT).id == by_hand

    @pytest.mark.parametrize("since", [timedelta(minutes=10), timedelta(days=-2)], ids=["later", "on another day"])
    def test_is_not_ours_where_a_run_began_the_tenant(self, operation, stack, by_hand, creation_time, since):
        stack.has_component(SLUG, (creation_time + since).isoformat())
        assert by_hand in failure(operation().up, "subaccount", SUBACCOUNT)

    def test_is_not_ours_where_the_tenant_has_an_account_and_loses_it(self, operation, stack, by_hand, creation_time):
        stack.has_component(SLUG, (creation_time - timedelta(minutes=5)).isoformat())
        stack.holds("subaccount", "AC" + "1" * 32, SUBACCOUNT)
        assert by_hand in failure(operation().create, "subaccount", SUBACCOUNT)

    def test_is_not_ours_where_a_process_has_no_stack_to_ask(self, operation, stack, by_hand, creation_time):
        stack.began("subaccount", SUBACCOUNT)
        stack.began("subaccount", SUBACCOUNT)
        plugin = operation(PULUMI_PROJECT=None)
        assert by_hand in failure(plugin.up, "subaccount", SUBACCOUNT)
        assert "there is no stack to ask" in operation.stop(plugin)

    def test_is_not_ours_where_nobody_can_read_the_state(self, operation, twilio, stack, by_hand):
        stack.breaks()
        twilio.forget()
        message = failure(operation().up, "subaccount", SUBACCOUNT)
        assert "Reading the state of stack dev" in message
        assert twilio.writes() == []

    def test_is_not_closed_for_a_tenant_that_is_to_be_closed(self, operation, by_hand):
        assert by_hand in failure(operation().up, "subaccount", {**SUBACCOUNT, "active": False, "ending": "closed"})


class TestMakingAnAccount:
    """Only `tenantry up` marks a stack: a mark that plain Pulumi left would never be taken away."""

    @pytest.mark.parametrize(
        "environ",
        [{}, {"PULUMI_SKIP_CHECKPOINTS": "true"}, {"PULUMI_SKIP_CHECKPOINTS": "true", "TENANTRY_UNFINISHED": ""}],
        ids=["with checkpoints", "without", "in a run that is marked"],
    )
    def test_marks_no_stack(self, operation, stack, environ):
        operation(**environ).up("subaccount", SUBACCOUNT)
        assert stack.tagged == ""


class TestRecovering:
    """A person says that the state was lost, and it is."""

    def test_is_refused_where_the_state_holds_an_account(self, operation, stack, twilio):
        stack.holds("subaccount", "AC" + "1" * 32, OTHER)
        fleet = {"account_sid": twilio.parent, "standing": {}, "recovering": True}
        _, [(_, reason)] = operation(TENANTRY_RECOVER="1").check("fleet", fleet)
        assert "the state of this stack is not lost" in reason
        assert "account: {adopt: AC…}" in reason

    def test_goes_on_after_a_run_that_began_it_and_did_not_end(self, operation, stack, twilio, by_hand):
        fleet = {"account_sid": twilio.parent, "standing": {}, "recovering": True}
        stack.holds("subaccount", "AC" + "1" * 32, OTHER)
        stack.holds("fleet", "fleet", fleet)
        plugin = operation(TENANTRY_RECOVER="1")
        assert plugin.check("fleet", fleet, fleet)[1] == []
        assert plugin.up("subaccount", SUBACCOUNT).id == by_hand

    def test_is_over_with_the_first_run_that_is_not_told_to(self, operation, stack, twilio, by_hand):
        fleet = {"account_sid": twilio.parent, "standing": {}}
        stack.holds("fleet", "fleet", {**fleet, "recovering": True})
        plugin = operation()
        assert plugin.up("fleet", fleet, plugin.up("fleet", {**fleet, "recovering": True})).did == "same"
        assert "recovering" not in plugin.check("fleet", fleet, {**fleet, "recovering": True})[0]
        assert by_hand in failure(plugin.up, "subaccount", SUBACCOUNT)

    def test_is_not_begun_by_the_variable_alone(self, operation, by_hand):
        assert by_hand in failure(operation(TENANTRY_RECOVER="1").up, "subaccount", SUBACCOUNT)

    def test_deletes_no_key_however_young(self, operation, first, twilio, account):
        key = first.up("api_key", {**KEY, "account_sid": account})
        plugin = operation(TENANTRY_RECOVER="1").recovers()
        plugin.up("subaccount", SUBACCOUNT)
        taken = plugin.up("api_key", {**KEY, "account_sid": account})
        assert (taken.id, twilio.sids("api_key", account)) == (key.id, [key.id])


class TestAdoptingAnAccount:
    """`account: {adopt: AC…}` of what another tenant has."""

    def test_that_the_state_holds_for_another_tenant_is_refused_by_check(self, operation, stack, by_hand):
        stack.manifest("birch")
        stack.holds("subaccount", by_hand, OTHER)
        with pytest.raises(CheckError, match=f"{by_hand} can't be adopted: birch holds it in this stack"):
            operation().up("subaccount", {"slug": SLUG, "adopt": by_hand})

    def test_all_that_others_hold_is_told_at_once(self, operation, stack, by_hand):
        key, account = "SK" + "1" * 32, "AC" + "1" * 32
        stack.manifest("birch", "api_keys: {web: {access: standard}}\n")
        stack.holds("subaccount", by_hand, OTHER)
        name = "urn:pulumi:dev::owl::tenantry:index:Tenant$x::birch/api_key/web-1"
        stack.holds("api_key", key, KEY, urn=name)
        stack.manifest("dogwood")
        stack.holds("subaccount", account, {"slug": "dogwood"})
        keys = f"api_keys: {{site: {{access: standard, adopt: {key}}}}}\n"
        stack.manifest(SLUG, f"account: {{adopt: {by_hand}}}\n{keys}")
        stack.manifest("cedar", f"account: {{adopt: {account}}}\n")
        with pytest.raises(CheckError) as refused:
            operation().up("subaccount", {"slug": SLUG, "adopt": by_hand})
        [failures] = refused.value.args
        assert [reason.partition(" can't be adopted")[0] for _, reason in failures] == [
            by_hand,
            f"{SLUG}/api_key/site-1: {key}",
            f"cedar: {account}",
        ]

    def test_is_refused_by_create_too(self, operation, twilio, stack, by_hand):
        stack.manifest("birch")
        stack.holds("subaccount", by_hand, OTHER)
        twilio.forget()
        message = failure(operation().create, "subaccount", {"slug": SLUG, "adopt": by_hand})
        assert "birch holds it in this stack" in message
        assert twilio.writes() == []

    def test_moves_from_a_tenant_that_is_released_to_another_slug(self, operation, stack, by_hand):
        stack.manifest("birch", "state: released\n")
        stack.holds("subaccount", by_hand, OTHER)
        assert operation().up("subaccount", {"slug": SLUG, "adopt": by_hand}).id == by_hand

    def test_that_bears_the_slug_of_another_tenant_is_refused(self, operation, twilio, stack):
        stack.manifest("birch")
        sid = twilio.put("subaccount", twilio.parent, friendly_name="Birch Dental (birch)")
        message = failure(operation().up, "subaccount", {"slug": SLUG, "adopt": sid, "friendly_name": NAME})
        assert f"the name of {sid} is 'Birch Dental (birch)', that of the account of birch" in message
        assert twilio.account(sid)["friendly_name"] == "Birch Dental (birch)"

    def test_by_two_tenants_of_one_run_is_refused_once(self, operation, by_hand):
        plugin = operation()
        plugin.up("subaccount", {"slug": SLUG, "adopt": by_hand})
        message = failure(plugin.up, "subaccount", {"slug": "cedar", "adopt": by_hand})
        assert f"{SLUG} takes over {by_hand} in this run already" in message

    def test_deletes_nothing_that_is_in_there_whatever_its_name(self, operation, twilio, by_hand):
        key = twilio.put("api_key", by_hand, friendly_name=KEY["friendly_name"])
        triggers = [twilio.put("usage_trigger", by_hand, friendly_name=TRIGGER["friendly_name"]) for _ in range(2)]
        plugin = operation()
        plugin.up("subaccount", {"slug": SLUG, "adopt": by_hand})
        assert plugin.up("api_key", {**KEY, "account_sid": by_hand}).id == key
        plugin.up("usage_trigger", {**TRIGGER, "account_sid": by_hand})
        assert set(triggers) <= set(twilio.sids("usage_trigger", by_hand))


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
