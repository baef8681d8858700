"""The contract of every sink, on each of them."""

import logging
from contextlib import suppress

import pytest
from sink_stores import ACME, FOREIGN, OTHER, PLANTED, key_secret

from tenantry.secret_sinks.errors import ConflictError, ForeignError, SinkError, UnreachableError
from tenantry.secret_sinks.secret import KeyOwner

OWNER = KeyOwner(ACME, "acme", "web")
VALUE = {"accountSid": ACME, "apiKeySid": f"SK{1:032x}", "apiKeySecret": f"{PLANTED}1"}


@pytest.fixture
def sink(store):
    return store.open()


def test_an_empty_store_holds_nothing(store, sink):
    assert sink.version(store.name()) is None


def test_a_secret_is_put_with_its_marks(store, sink):
    sink.put(store.name(), key_secret())
    version = sink.version(store.name())
    assert store.value(store.name()) == VALUE
    assert (version.tenant, version.key, version.generation) == ("acme", "web", 1)
    assert (version.account_sid, version.sid, version.is_whole) == (ACME, f"SK{1:032x}", True)
    assert version.delivered_at == "2026-11-30T12:00:05Z"


def test_the_same_put_twice_leaves_one_secret(store, sink):
    for _ in range(2):
        sink.put(store.name(), key_secret())
    assert store.value(store.name()) == VALUE
    assert sink.version(store.name()).holds(f"SK{1:032x}", 1)


def test_the_next_generation_takes_the_place_of_the_one_before(store, sink):
    sink.put(store.name(), key_secret())
    sink.put(store.name(), key_secret(2))
    assert store.value(store.name())["apiKeySecret"] == f"{PLANTED}2"
    assert sink.version(store.name()).holds(f"SK{2:032x}", 2)


def test_another_accounts_secret_is_never_overwritten(store, sink):
    sink.put(store.name(), key_secret(account_sid=OTHER))
    before = store.value(store.name())
    with pytest.raises(ForeignError, match=f"account {OTHER}, not of acme, account {ACME}"):
        sink.put(store.name(), key_secret(2))
    assert store.value(store.name()) == before


def test_another_keys_secret_is_never_overwritten(store, sink):
    sink.put(store.name(), key_secret(key="sender"))
    with pytest.raises(ForeignError, match="holds the key 'sender' of acme"):
        sink.put(store.name(), key_secret(2))


def test_a_secret_without_our_marks_is_never_overwritten(store, sink):
    store.write_by_hand(store.name(), FOREIGN)
    for ask in (lambda: sink.version(store.name()), lambda: sink.put(store.name(), key_secret())):
        with pytest.raises(ForeignError, match="was not put there by Tenantry"):
            ask()
    assert store.value(store.name()) == FOREIGN


def test_a_value_that_was_changed_by_hand_is_told_and_put_right(store, sink):
    sink.put(store.name(), key_secret())
    store.write_by_hand(store.name(), {**VALUE, "apiKeySecret": "changed"})
    assert not sink.version(store.name()).is_whole
    sink.put(store.name(), key_secret())
    assert store.value(store.name()) == VALUE
    assert sink.version(store.name()).is_whole


def test_a_write_at_the_same_moment_is_a_conflict_and_no_loss(store, sink):
    if not store.has_conflicts:
        pytest.skip("a rename knows no conflict")
    store.interfere(sink, store.name(), FOREIGN)
    with pytest.raises(ConflictError, match=r"Somebody else wrote this .ecret at the same moment"):
        sink.put(store.name(), key_secret())
    with pytest.raises(ForeignError):
        sink.put(store.name(), key_secret())
    assert store.value(store.name()) == FOREIGN


def test_who_has_no_right_is_told_what_is_needed(store, sink):
    store.forbid(sink)
    with pytest.raises(SinkError) as refused:
        sink.put(store.name(), key_secret())
    assert not isinstance(refused.value, ForeignError | ConflictError)
    assert PLANTED not in str(refused.value)


@pytest.mark.parametrize("done", [1, 2])
def test_a_half_written_secret_is_never_taken_for_whole(store, sink, done):
    if store.is_atomic:
        pytest.skip("one request writes all of it")
    sink.put(store.name(), key_secret())
    store.forbid(sink, after_writes=done)
    try:
        sink.put(store.name(), key_secret(2))
    except SinkError:
        store.allow(sink)
        assert not sink.version(store.name()).holds(f"SK{2:032x}", 2)
    else:
        store.allow(sink)
    sink.put(store.name(), key_secret(2))
    assert sink.version(store.name()).holds(f"SK{2:032x}", 2)
    assert store.value(store.name())["apiKeySecret"] == f"{PLANTED}2"


@pytest.mark.parametrize("done", [1, 2])
def test_a_first_write_that_stopped_half_way_goes_on(store, sink, done):
    if store.is_atomic:
        pytest.skip("one request writes all of it")
    store.forbid(sink, after_writes=done)
    with suppress(SinkError):
        sink.put(store.name(), key_secret())
    store.allow(sink)
    sink.put(store.name(), key_secret())
    assert sink.version(store.name()).holds(f"SK{1:032x}", 1)
    assert store.value(store.name()) == VALUE


def test_a_store_that_is_down_is_unreachable(store):
    store.stop()
    with pytest.raises(UnreachableError):
        store.open().put(store.name(), key_secret())


@pytest.mark.parametrize(("tenant", "key"), [("a", "b"), ("a" * 32, "b" * 32), ("a-0-b", "x--y"), ("acme-x", "web")])
def test_every_legal_slug_is_a_legal_name(store, sink, tenant, key):
    name = store.name(tenant, key)
    sink.put(name, key_secret(tenant=tenant, key=key))
    assert (sink.version(name).tenant, sink.version(name).key) == (tenant, key)


def test_names_that_differ_only_in_where_they_part_are_two_secrets(store, sink):
    for tenant, key in (("acme", "x-web"), ("acme-x", "web")):
        sink.put(store.name(tenant, key), key_secret(tenant=tenant, key=key))
    assert sink.version(store.name("acme", "x-web")).tenant == "acme"


def test_no_value_is_read_back_or_logged(store, caplog):
    caplog.set_level(logging.DEBUG)
    sink = store.open()
    for generation in (1, 1, 2):
        sink.put(store.name(), key_secret(generation))
        sink.version(store.name())
    assert PLANTED.encode() not in store.answers()
    assert PLANTED not in caplog.text
    assert PLANTED not in repr((sink, key_secret(), sink.version(store.name())))


def test_a_secret_is_deleted_with_all_that_it_was_before(store, sink):
    for generation in (1, 2):
        sink.put(store.name(), key_secret(generation))
    assert store.is_gone_by(store.name(), sink.delete(store.name(), OWNER))
    assert store.value(store.name()) is None


def test_what_is_not_there_is_deleted_already(store, sink):
    assert sink.delete(store.name(), OWNER) is None
    sink.put(store.name(), key_secret())
    first = sink.delete(store.name(), OWNER)
    assert sink.delete(store.name(), OWNER) == first


def test_another_accounts_or_keys_secret_is_never_deleted(store, sink):
    sink.put(store.name(), key_secret())
    for owner in (KeyOwner(OTHER, "acme", "web"), KeyOwner(ACME, "acme", "sender")):
        with pytest.raises(ForeignError, match="It was left as it is"):
            sink.delete(store.name(), owner)
    assert store.value(store.name()) == VALUE


def test_a_secret_without_our_marks_is_never_deleted(store, sink):
    store.write_by_hand(store.name(), FOREIGN)
    with pytest.raises(ForeignError, match="was not put there by Tenantry"):
        sink.delete(store.name(), OWNER)
    assert store.value(store.name()) == FOREIGN


def test_a_value_that_was_changed_by_hand_is_deleted_too(store, sink):
    sink.put(store.name(), key_secret())
    store.write_by_hand(store.name(), {**VALUE, "apiKeySecret": "changed"})
    sink.delete(store.name(), OWNER)
    assert store.value(store.name()) is None


def test_who_may_not_delete_is_told_what_is_needed(store, sink):
    sink.put(store.name(), key_secret())
    if not store.has_conflicts:
        pytest.skip("a user who may write files may delete them")
    store.forbid(sink)
    with pytest.raises(SinkError, match="for `tenantry offboard`"):
        sink.delete(store.name(), OWNER)
    store.allow(sink)
    assert store.value(store.name()) == VALUE


def test_other_keys_stay_when_one_is_deleted(store, sink):
    for key in ("web", "sender"):
        sink.put(store.name(key=key), key_secret(key=key))
    sink.delete(store.name(), OWNER)
    assert sink.version(store.name(key="sender")).key == "sender"
