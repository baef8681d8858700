"""Notices of keys: queued where there is a ledger, for each key once, without a secret."""

import json

import pytest
from rotation_world import ROTATED

from tenantry.ledger.address import SqliteAddress
from tenantry.ledger.notices import notices_of
from tenantry.ledger.opening import make_ledger, open_ledger
from tenantry.operations.rotation.delivery import deliver
from tenantry.operations.rotation.keys import find_delivered_keys
from tenantry.operations.rotation.notices import RetiredKey, queue_key_notices
from tenantry.operations.rotation.sinks import open_sinks

RETIRED = [RetiredKey("acme", "web", 1), RetiredKey("gone", "web", 1)]


@pytest.fixture
def deliveries(rotation):
    """One key went to two sinks."""
    rotation.write("acme", ROTATED.replace("[disk]", "[disk, other]"))
    (rotation.folder / "disk" / "acme" / "web.json").unlink()
    clock, stack = rotation.fake.store.clock.now, rotation.loaded.stack
    keys = find_delivered_keys(rotation.loaded.tenants, rotation.state.values())
    return deliver(keys, open_sinks(stack, stack.secret_sinks, "dev", clock), clock())


def add_ledger(rotation):
    path = rotation.folder / "tenantry.yaml"
    path.write_text(f"{path.read_text()}ledger: sqlite:{rotation.folder}/ledger.db\n")
    return SqliteAddress(rotation.folder / "ledger.db")


def test_each_key_has_one_notice_and_none_tells_a_secret(rotation, deliveries):
    address = add_ledger(rotation)
    make_ledger(address)
    assert queue_key_notices(rotation.opened, deliveries, RETIRED) is None
    with open_ledger(address) as ledger:
        notices = notices_of(ledger, rotation.fake.account_sid)
    assert sorted((notice.type, notice.tenant) for notice in notices) == [
        ("key.delivered", "acme"),
        ("key.retired", "acme"),
    ]
    payload = json.loads(next(notice.payload for notice in notices if notice.type == "key.delivered"))
    assert [place["sink"] for place in payload["sinks"]] == ["disk", "other"]
    secret = rotation.state["acme/api_key/web-1"].outputs["secret"].value
    assert not any(secret in notice.payload for notice in notices)


def test_without_a_ledger_nothing_is_kept(rotation, deliveries):
    assert queue_key_notices(rotation.opened, deliveries, RETIRED) is None


def test_a_ledger_that_is_missing_is_told_and_stops_nothing(rotation, deliveries):
    add_ledger(rotation)
    warning = queue_key_notices(rotation.opened, deliveries, RETIRED)
    assert "notices were not queued, 1 of keys delivered and 1 of keys retired" in warning
