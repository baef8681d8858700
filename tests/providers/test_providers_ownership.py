"""Ownership of accounts: in doubt an account is not ours, and an account of another entry is never touched."""

from datetime import datetime, timedelta

import pytest
from provider_plugin import CheckError, failure
from provider_samples import KEY, NAME, SUBACCOUNT, TRIGGER

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
