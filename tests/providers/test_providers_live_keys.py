"""Keys that the state lacks: only one whose secret was surely told to nobody is deleted, however young others are."""

from datetime import datetime, timedelta

import pytest
from provider_plugin import Hidden, failure
from provider_samples import KEY, RESTRICTED, SUBACCOUNT

from tenantry.engine.state.unfinished import Mark, format_marks

KEYS = {"standard key": KEY, "restricted key": RESTRICTED}
SLUG = SUBACCOUNT["slug"]


@pytest.fixture(params=KEYS)
def key(request, account):
    return {**KEYS[request.param], "account_sid": account}


@pytest.fixture
def live(first, key):
    """The key of the entry, which the state of the next operations lacks."""
    return first.up("api_key", key).id


@pytest.fixture
def creation_time(twilio, live, key):
    """When Twilio made it."""
    return datetime.fromisoformat(twilio.one("api_key", key["account_sid"])["date_created"])


def mark(since, slug=SLUG, until=None):
    ends = until and until.replace(microsecond=0)
    return format_marks((Mark(since.replace(microsecond=0), frozenset({slug}), ends),))


def write_history(result, began, over):
    """A run as Pulumi's history tells it."""
    return {"kind": "update", "result": result, "startTime": began.isoformat(), "endTime": over.isoformat()}


def test_a_young_key_that_a_state_of_before_lacks_is_taken_over(operation, twilio, key, live):
    twilio.forget()
    plugin = operation()
    taken = plugin.up("api_key", key)
    assert (taken.id, twilio.sids("api_key", key["account_sid"])) == (live, [live])
    assert "secret" not in taken.outputs
    assert twilio.writes() == []
    printed = operation.stop(plugin)
    assert f"API key {key['friendly_name']} ({live}) of account {key['account_sid']} was there already" in printed
    assert "its secret is unknown, so add a generation" in printed


class TestAKeyOfARunThatDidNotEndWell:
    """Nobody was told its secret."""

    @pytest.fixture
    def remade(self, twilio, key, live):
        def check(plugin):
            new = plugin.up("api_key", key)
            assert new.id != live
            assert twilio.sids("api_key", key["account_sid"]) == [new.id]
            assert isinstance(new.outputs["secret"], Hidden)

        return check

    def test_is_made_anew_where_tenantry_up_marked_the_stack(self, operation, remade, creation_time):
        remade(operation(TENANTRY_UNFINISHED=mark(creation_time - timedelta(minutes=5))))

    def test_is_made_anew_by_plain_pulumi_where_the_stack_is_marked(self, operation, stack, remade, creation_time):
        stack.tags({"tenantry:unfinished": mark(creation_time - timedelta(minutes=5))})
        remade(operation())

    def test_is_made_anew_where_plain_pulumi_left_its_create_pending(self, operation, stack, remade, key):
        stack.began("api_key", key)  # by the killed run
        stack.began("api_key", key)  # by the one that goes on
        remade(operation())

    def test_is_made_again_where_a_run_of_plain_pulumi_failed(self, operation, stack, remade, creation_time):
        stack.history(
            write_history("failed", creation_time - timedelta(seconds=30), creation_time + timedelta(seconds=30))
        )
        remade(operation())

    def test_is_told_before_it_is_deleted(self, operation, creation_time, key, live):
        plugin = operation(TENANTRY_UNFINISHED=mark(creation_time - timedelta(minutes=5)))
        plugin.up("api_key", key)
        printed = operation.stop(plugin)
        assert f"({live}) of account {key['account_sid']}" in printed
        assert "its secret is unknown" in printed


class TestAKeyIsKept:
    """Where an unfinished run can't have made it."""

    @pytest.fixture
    def keeps(self, twilio, key, live):
        def check(plugin):
            assert plugin.up("api_key", key).id == live
            assert twilio.sids("api_key", key["account_sid"]) == [live]

        return check

    def test_by_a_run_that_began_after_it(self, operation, keeps, creation_time):
        keeps(operation(TENANTRY_UNFINISHED=mark(creation_time + timedelta(minutes=5))))

    def test_by_a_run_that_was_over_before_it(self, operation, keeps, creation_time):
        run = mark(creation_time - timedelta(minutes=30), until=creation_time - timedelta(minutes=10))
        keeps(operation(TENANTRY_UNFINISHED=run))

    def test_by_a_run_of_another_tenant(self, operation, keeps, creation_time):
        keeps(operation(TENANTRY_UNFINISHED=mark(creation_time - timedelta(minutes=5), slug="birch")))

    def test_by_the_run_that_goes_on(self, operation, stack, keeps, key):
        stack.began("api_key", key)
        keeps(operation())

    @pytest.mark.parametrize(
        ("result", "began", "over"),
        [("succeeded", -1, 1), ("failed", 3, 4), ("failed", -9, -5)],
        ids=["that ended well", "that began after it", "that was over before it"],
    )
    def test_by_a_run_of_plain_pulumi(self, operation, stack, keeps, creation_time, result, began, over):
        stack.history(
            write_history(result, creation_time + timedelta(minutes=began), creation_time + timedelta(minutes=over))
        )
        keeps(operation())

    def test_an_hour_after_an_unfinished_run(self, operation, twilio, keeps, creation_time):
        twilio.later(minutes=61)
        keeps(operation(TENANTRY_UNFINISHED=mark(creation_time - timedelta(minutes=5))))


def test_an_older_key_does_not_come_from_a_later_create(operation, twilio, account):
    """The answer of this process's own create is lost; beside what it made is a key of that name and the other type."""
    restricted = twilio.put("api_key", account, friendly_name=KEY["friendly_name"], kind="restricted", policy=["/a/b"])
    twilio.fail("drop-after-commit", "POST")
    resource = operation().up("api_key", {**KEY, "account_sid": account})
    assert sorted(twilio.sids("api_key", account)) == sorted([restricted, resource.id])
    assert isinstance(resource.outputs["secret"], Hidden)


def test_a_process_makes_anew_what_its_own_create_made_late(operation, twilio, account):
    twilio.fail("drop", "POST")
    plugin, wanted = operation(), {**KEY, "account_sid": account}
    assert "run again, which looks first" in failure(plugin.up, "api_key", wanted)
    late = twilio.put("api_key", account, friendly_name=KEY["friendly_name"])
    resource = plugin.up("api_key", wanted)
    assert resource.id != late
    assert twilio.sids("api_key", account) == [resource.id]
