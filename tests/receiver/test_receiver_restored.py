"""The runbook of the receiver: it was down, its ledger is lost, its ledger is yesterday's, a token was changed."""

import shutil
from datetime import UTC, datetime, timedelta

from errors_world import restart

from tenantry.ledger.opening import make_ledger

APRIL = datetime(2026, 4, 1, 0, 1, tzinfo=UTC)


def replace_ledger(world, backup=None):
    """Let the ledger be another: a copy that was made before, or a new one."""
    for name in world.address.path.parent.glob("ledger.db*"):
        name.unlink()
    if backup is None:
        make_ledger(world.address)
    else:
        shutil.copy(backup, world.address.path)


def test_a_trigger_that_fired_while_it_was_down_is_found(world):
    world.stop()
    world.fire(1000)
    assert (world.status(), world.reasons()) == ("active", [])
    world.sweep()
    assert (world.status(), world.reasons()) == ("suspended", ["cap"])


def test_a_lost_ledger_knows_a_cap_again_and_resumes(world):
    world.fire(1000)
    world.work()
    replace_ledger(world)
    world.sync()
    world.sweep()
    assert (world.status(), world.reasons()) == ("suspended", ["cap"])
    world.move(APRIL)
    world.work()
    assert (world.status(), world.reasons()) == ("active", [])


def test_yesterdays_ledger_learns_what_fired_since(world, tmp_path):
    world.stop()
    backup = shutil.copy(world.address.path, tmp_path / "backup.db")
    world.move(timedelta(days=1))
    world.serve()
    world.fire(1000)
    world.work()
    world.stop()
    replace_ledger(world, backup)
    world.sync()
    world.sweep()
    assert (world.status(), world.reasons()) == ("suspended", ["cap"])


def test_after_a_changed_token_requests_are_believed_again(world):
    account = world.fake.store.accounts.get(world.sids["acme"])
    world.control("/console", {"set": account.sid, "fields": {"auth_token": "f" * 32}})
    assert world.send(token="f" * 32) == 204
    restart(world)
    assert world.send(token="f" * 32) == 204
