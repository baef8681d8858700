"""Where one undisturbed apply is not enough: drift names what is left, or the next apply settles it."""

from e2e_killing import Kill

AS_THE_KEY_IS_MADE = Kill("plugin", request=2, answered=False)
"""After the list of the account's keys."""


def test_what_a_killed_run_made_and_nobody_wants_any_more_is_named_by_drift(world):
    assert world.apply(refresh=False) == []
    world.manifests["acme"]["sender"] = {"access": "standard"}
    assert world.apply_and_be_killed(AS_THE_KEY_IS_MADE, refresh=False, checkpoints=True)
    world.manifests["acme"]["sender"] = None
    assert world.apply(refresh=True) == []
    (found,) = world.drift()
    assert (found.kind, found.tenant) == ("unmanaged", "acme")
    assert "sender#1" in f"{found.entry} {found}"


def test_what_was_changed_in_a_suspended_account_is_mended_by_the_second_apply(world):
    assert world.apply(refresh=False) == []
    account, trigger = (world.stack.saved[name].id for name in ("acme", "acme/usage_trigger/monthly-sms"))
    world.act({"delete": trigger})
    world.act({"set": account, "fields": {"status": "suspended"}})
    world.manifests["acme"]["state"] = "active"
    assert world.apply(refresh=True) == []
    assert [found.kind for found in world.drift()] == ["missing"]
    assert world.apply(refresh=True) == []
    assert world.drift() == []
