"""Delivery as a function of state and sinks, with private files as the sinks."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from stack_state import ACCOUNT, child, plain_secret, sid, state, tenant

from tenantry.model.project import Stack
from tenantry.model.secret_sink import PrivateFiles
from tenantry.operations.rotation.delivery import deliver
from tenantry.operations.rotation.keys import find_delivered_keys
from tenantry.operations.rotation.sinks import open_sinks

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
SECRET = "plAntedSecret"


def key(generation, secret=SECRET, slug="acme", number=None, account=ACCOUNT):
    known = {"secret": plain_secret(f"{secret}{generation}")} if secret else {}
    resource = child("api_key", f"{slug}/api_key/web-{generation}", sid("SK", number or generation), **known)
    resource["outputs"]["account_sid"] = account
    return resource


class World:
    """One key of one tenant, and the folders that it goes to."""

    def __init__(self, folder):
        self.folder = folder
        sinks = {name: PrivateFiles(type="private_files", folder=str(folder / name)) for name in ("one", "two")}
        self.stack = Stack("dev", None, "tenants", None, secret_sinks=sinks)
        self.sinks = open_sinks(self.stack, sinks, "dev", lambda: NOW)

    def key(self, *resources, generations=(1,), sinks=("one",), **written):
        entry = {"access": "standard", "generations": list(generations), "deliver_to": list(sinks)}
        tenants = {"acme": tenant(api_keys={"web": entry}, **written)}
        return find_delivered_keys(tenants, state(*resources))

    def deliver(self, *resources, check=False, **written):
        self.sinks = open_sinks(self.stack, self.sinks, "dev", lambda: NOW)
        return deliver(self.key(*resources, **written), self.sinks, NOW, check=check)

    def hold_keys(self, sink="one"):
        path = self.folder / sink / "acme" / "web.json"
        return json.loads(path.read_text())["apiKeySecret"] if path.exists() else None


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


def statuses(deliveries):
    return [(delivery.sink, delivery.status, delivery.sink_generation) for delivery in deliveries]


def test_the_highest_generation_with_a_known_secret_is_delivered(world):
    done = world.deliver(key(1), key(2), key(3, secret=None), generations=(1, 2, 3))
    assert (statuses(done), world.hold_keys()) == ([("one", "delivered", 2)], f"{SECRET}2")
    assert (done[0].sid, done[0].age_days) == (sid("SK", 2), 7)


def test_the_next_generation_follows(world):
    world.deliver(key(1))
    assert statuses(world.deliver(key(1), key(2), generations=(1, 2), check=True)) == [("one", "missing", 1)]
    assert world.hold_keys() == f"{SECRET}1"
    world.deliver(key(1), key(2), generations=(1, 2))
    assert world.hold_keys() == f"{SECRET}2"
    assert statuses(world.deliver(key(2), generations=(2,))) == [("one", "current", 2)]


def test_a_key_whose_secret_is_unknown_is_never_put(world):
    world.deliver(key(1))
    [done] = world.deliver(key(1, secret=None))
    assert (done.status, done.generation, world.hold_keys()) == ("unknown_secret", None, f"{SECRET}1")
    assert "Add a generation" in done.reason


def test_a_later_generation_that_may_live_is_left(world):
    world.deliver(key(1), key(2), generations=(1, 2))
    lost = [key(1), key(2, secret=None)]
    assert statuses(world.deliver(*lost, generations=(1, 2))) == [("one", "newer", 2)]
    assert statuses(world.deliver(key(1), generations=(1, 2))) == [("one", "newer", 2)]
    assert world.hold_keys() == f"{SECRET}2"


def test_a_generation_that_is_gone_gives_way(world):
    world.deliver(key(1), key(2), generations=(1, 2))
    assert statuses(world.deliver(key(1), generations=(1,))) == [("one", "delivered", 1)]


def test_a_key_of_another_account_is_left(world):
    world.deliver(key(1, account="AC" + "e" * 32))
    [done] = world.deliver(key(1))
    assert (done.status, world.hold_keys()) == ("refused", f"{SECRET}1")
    assert "It was left as it is" in done.reason


def test_a_key_that_is_not_made_yet_is_told(world):
    assert statuses(world.deliver()) == [("one", "not_made", None)]


def test_a_key_that_was_made_anew_under_its_number_is_delivered(world):
    world.deliver(key(1))
    assert statuses(world.deliver(key(1, secret="other", number=9))) == [("one", "delivered", 1)]
    assert world.hold_keys() == "other1"


@pytest.mark.parametrize("ended", [{"state": "released"}, {"state": "closed", "close_after": "2026-12-31"}])
def test_nothing_is_delivered_for_a_tenant_that_ended(world, ended):
    assert world.deliver(key(1), **ended) == ()


def test_a_sink_that_is_down_stops_no_other_and_is_asked_once(world):
    (world.folder / "one").mkdir(mode=0o755)
    (world.folder / "one").chmod(0o755)
    assert statuses(world.deliver(key(1), sinks=("one", "two"))) == [("one", "failed", None), ("two", "delivered", 1)]
    assert world.sinks["one"].down is not None


def test_a_wrong_clock_makes_no_negative_age(world):
    early = NOW - timedelta(days=400)
    assert deliver(world.key(key(1)), world.sinks, early)[0].age_days == 0


def test_no_secret_is_in_a_delivery(world):
    done = world.deliver(key(1), key(2), generations=(1, 2))
    assert SECRET not in repr(done)
