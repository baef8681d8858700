"""Generations that go, and keys that change their type, in plain `pulumi up`: what Twilio alone can tell is asked."""

import pytest
from provider_plugin import failure
from provider_samples import KEY, RESTRICTED

DAY = 86_400
SINKS = "format: 1\nsecret_sinks: {disk: {type: private_files, folder: /run/keys}}\n"
NEXT = {**KEY, "friendly_name": "web#2"}


@pytest.fixture
def write_key(stack):
    """Write the manifest of acme, whose key web is delivered."""

    def write(generations, more="", tenant=""):
        (stack.folder / "tenantry.yaml").write_text(SINKS)
        entry = f"{{access: standard, deliver_to: [disk], generations: {generations}{more}}}"
        stack.manifest("acme", f"{tenant}api_keys: {{web: {entry}}}\n")

    return write


@pytest.fixture
def old(first, account):
    """The generation that is to go."""
    return first.up("api_key", {**KEY, "account_sid": account})


@pytest.fixture
def successor(first, stack, account, old):
    """The next one, made by an earlier run."""
    saved = first.up("api_key", {**NEXT, "account_sid": account})
    stack.holds("api_key", saved.id, saved.inputs)
    return saved


def is_there(twilio, saved):
    return saved.id in twilio.sids("api_key", saved.inputs["account_sid"])


def test_a_generation_stays_whose_successor_this_run_made(operation, twilio, write_key, account, old):
    write_key([2])
    plugin = operation()
    plugin.up("api_key", {**NEXT, "account_sid": account})
    message = failure(plugin.destroy, old)
    assert "held back, because its successor web#2 was not made before this run. Nothing was deleted" in message
    assert is_there(twilio, old)


def test_it_stays_until_the_successor_is_as_old_as_the_overlap(operation, fake, twilio, write_key, successor, old):
    write_key([2], ", rotation: {every_days: 90, overlap_days: 3}")
    fake.store.clock.advance(2.9 * DAY)
    assert "its successor web#2 is 2 days old, and 3 days are the overlap of both" in failure(operation().destroy, old)
    fake.store.clock.advance(0.2 * DAY)
    operation().destroy(old)
    assert not is_there(twilio, old)


def test_it_stays_where_the_successor_is_gone(operation, fake, twilio, write_key, successor, old):
    write_key([2])
    fake.store.clock.advance(30 * DAY)
    twilio.vanish(successor.id)
    assert f"its successor web#2 ({successor.id}) is not at Twilio any more" in failure(operation().destroy, old)
    assert is_there(twilio, old)


def test_the_newest_generation_stays_though_an_older_one_is_named(operation, fake, twilio, write_key, successor, old):
    write_key([1])
    fake.store.clock.advance(30 * DAY)
    assert "no later generation follows it" in failure(operation().destroy, successor)
    assert is_there(twilio, successor)


def test_nothing_is_retired_in_a_suspended_account(operation, fake, twilio, write_key, successor, account, old):
    write_key([2], tenant="state: suspended\n")
    fake.store.clock.advance(30 * DAY)
    twilio.console(account, status="suspended")
    assert "the account is suspended, and nothing is retired in it" in failure(operation().destroy, old)
    assert is_there(twilio, old)


def test_a_person_can_waive_it(operation, twilio, write_key, successor, old):
    write_key([2])
    operation(TENANTRY_RETIRE_UNPROVEN="acme/other, acme/web").destroy(old)
    assert not is_there(twilio, old)


@pytest.mark.parametrize("manifest", ["", "api_keys: {web: {access: standard, generations: [2]}}\n"])
def test_a_key_goes_with_its_entry_and_without_a_sink(operation, stack, twilio, successor, old, manifest):
    stack.manifest("acme", manifest)
    operation().destroy(old)
    assert not is_there(twilio, old)


def test_another_type_of_a_delivered_key_is_refused(operation, write_key, account, old):
    write_key([1])
    wanted = {**RESTRICTED, "friendly_name": "web#1", "account_sid": account}
    _, [(field, sentence)] = operation().check("api_key", wanted, old.inputs)
    assert field == "policy"
    assert sentence.startswith(
        "Twilio can't turn a standard key into a restricted one, or back, and web#1 is delivered"
    )
    assert sentence.endswith("`generations: [1, 2]`")


def test_an_older_generation_keeps_its_type(operation, write_key, account, old):
    write_key([1, 2])
    wanted = {**RESTRICTED, "friendly_name": "web#1", "account_sid": account}
    plugin = operation()
    inputs, failures = plugin.check("api_key", wanted, old.inputs)
    assert ("policy" in inputs, failures) == (False, [])
    assert plugin.up("api_key", wanted, old).did == "same"


def test_a_key_that_goes_to_no_sink_may_change_its_type(operation, stack, account, old):
    stack.manifest("acme", "api_keys: {web: {access: standard}}\n")
    wanted = {**RESTRICTED, "friendly_name": "web#1", "account_sid": account}
    inputs, failures = operation().check("api_key", wanted, old.inputs)
    assert ("policy" in inputs, failures) == (True, [])
