"""Two histories that ended badly once: what a killed run made, and what changed in a suspended account."""

from e2e_killing import Kill

AS_THE_KEY_IS_MADE = Kill("plugin", request=3, answered=False)
"""After the list of accounts, which says whether one is suspended, and that of the account's keys."""


def test_unwanted_orphans_of_a_killed_run_are_deleted_by_the_next(world):
    assert world.apply(refresh=False) == []
    world.manifests["acme"]["sender"] = {"access": "standard"}
    assert world.apply_and_be_killed(AS_THE_KEY_IS_MADE, refresh=False, checkpoints=True)
    world.manifests["acme"]["sender"] = None
    assert len(world.unusable_keys()) == 1
    assert world.apply(refresh=False) == []
    assert world.unusable_keys() == []
    assert world.drift() == []


def test_the_thaw_repairs_changes_in_a_suspended_account(world):
    assert world.apply(refresh=False) == []
    account, trigger = (world.stack.saved[name].id for name in ("acme", "acme/usage_trigger/monthly-sms"))
    world.act({"delete": trigger})
    world.act({"set": account, "fields": {"status": "suspended"}})
    world.manifests["acme"]["state"] = "active"
    assert world.apply(refresh=True) == []
    assert world.drift() == []
