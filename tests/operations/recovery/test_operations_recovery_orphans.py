"""Which objects are taken for leftovers of a run that did not end well, and which never are."""

from dataclasses import replace
from datetime import UTC, timedelta

import pytest
from drift_world import TODAY, WHOLE

from faketwilio.store.fault import fault_of
from tenantry.engine.state.unfinished import Mark
from tenantry.operations.recovery.orphans import find_orphans
from tenantry.reports.up.words import search_lines

WITH_OLD = WHOLE.replace("api_keys:\n", "api_keys:\n  old: {access: standard}\n")


def look(world, *marks, held=(), slugs=None):
    marks = marks or (Mark(began(world)),)
    state = tuple(world.state.values())
    held = {*held, *(item.id for item in state)}
    return find_orphans(world.loaded, state, held, marks, world.session(), TODAY, slugs=slugs)


def began(world):
    return world.fake.store.clock.now().astimezone(UTC).replace(microsecond=0)


def find(world, *marks, **options):
    return [f"{orphan.tenant} {orphan.kind} {orphan.name}" for orphan in look(world, *marks, **options).orphans]


def test_new_objects_with_our_names_are_orphans_subscription_before_sink(acme):
    account = acme.sid("acme")
    acme.put("api_key", account, friendly_name="sender#7")
    acme.put("api_key", account, friendly_name="web#1")
    acme.put("usage_trigger", account, friendly_name="daily-calls")
    sink = acme.put("event_sink", account, description="tenantry:debugger")
    acme.put("event_subscription", account, description="tenantry:debugger", sink_sid=sink)
    kinds = ["event_subscription", "event_sink", "usage_trigger", "api_key", "api_key"]
    names = ["tenantry:debugger", "tenantry:debugger", "daily-calls", "sender#7", "web#1"]
    assert sorted(find(acme)) == sorted(f"acme {kind} {name}" for kind, name in zip(kinds, names, strict=True))
    assert [orphan.kind for orphan in look(acme).orphans] == kinds


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("api_key", {"friendly_name": "laptop of ana"}),
        ("api_key", {"friendly_name": "web"}),
        ("api_key", {"friendly_name": "Web#1"}),
        ("usage_trigger", {"friendly_name": "Spend of ana"}),
        ("event_sink", {"description": "theirs"}),
        ("event_subscription", {"description": "tenantry:debugger of ana"}),
    ],
)
def test_what_bears_another_name_is_never_left_over(acme, kind, fields):
    acme.put(kind, acme.sid("acme"), **fields)
    assert find(acme) == []


def test_what_was_there_before_the_run_began_is_never_left_over(acme):
    acme.put("api_key", acme.sid("acme"), friendly_name="sender#7")
    began_later = began(acme) + timedelta(minutes=1, seconds=5)
    assert find(acme, Mark(began_later)) == []
    assert find(acme, Mark(began_later - timedelta(seconds=10))) == ["acme api_key sender#7"]


def test_what_somebody_makes_after_the_run_was_over_is_never_left_over(acme):
    acme.put("api_key", acme.sid("acme"), friendly_name="sender#7")
    first = began(acme) - timedelta(hours=9)
    assert find(acme, Mark(first, None, began(acme) - timedelta(minutes=1, seconds=5))) == []
    assert find(acme, Mark(first, None, began(acme))) == ["acme api_key sender#7"]


def test_adopted_ignored_and_held_objects_are_no_orphans(acme):
    account = acme.sid("acme")
    adopted = acme.put("usage_trigger", account, friendly_name="weekly")
    acme.put("usage_trigger", account, friendly_name="meant")
    own = acme.put("usage_trigger", account, friendly_name="of-the-project")
    entry = "  weekly: {usage_category: sms, trigger_by: count, trigger_value: 5, callback_url: /w, adopt: %s}\n"
    text = WHOLE.replace("usage_triggers:\n", "usage_triggers:\n" + entry % adopted)
    acme.write("acme", text + "ignore: {usage_trigger/meant: {reason: migrating}}\n")
    assert find(acme, held=[own]) == []


def test_only_tenants_that_are_marked_and_asked_for_are_looked_at(acme):
    for slug in ("acme", "acme-2"):
        acme.put("api_key", acme.sid(slug), friendly_name="sender#7")
    assert find(acme, Mark(began(acme), frozenset({"acme-2"}))) == ["acme-2 api_key sender#7"]
    assert find(acme, slugs=frozenset({"acme"})) == ["acme api_key sender#7"]


def test_an_object_made_for_a_waiting_entry_is_an_orphan_without_it(acme):
    acme.apply(acme=WITH_OLD)
    acme.state["acme/api_key/old-1"] = waiting(acme.state["acme/api_key/old-1"])
    acme.write("acme", WHOLE)
    assert find(acme) == ["acme api_key old#1"]


def test_an_object_named_like_an_unapplied_entry_is_awaited(acme):
    acme.forget("acme/api_key/web-1")
    looked = look(acme)
    assert (looked.orphans, [remaining.name for remaining in looked.awaited]) == ((), ["web#1"])


def test_an_object_named_like_a_planned_resource_is_awaited(acme):
    for name in ("web#1", "sender#7"):
        acme.put("api_key", acme.sid("acme"), friendly_name=name)
    acme.put("event_sink", acme.sid("acme"), description="tenantry:debugger")
    looked = look(acme).awaiting({"acme/api_key/web-1", "acme/event_sink/debugger"})
    assert [orphan.name for orphan in looked.orphans] == ["sender#7"]
    assert [orphan.name for orphan in looked.awaited] == ["tenantry:debugger", "web#1"]


def test_suspended_accounts_are_unseen_and_released_ones_are_not_ours(acme):
    acme.set("acme", status="suspended")
    acme.set("acme-2", status="suspended")
    acme.write("acme-2", f"state: released\n{WHOLE}")
    looked = look(acme)
    assert (looked.orphans, looked.unseen) == ((), frozenset({"acme"}))
    assert list(search_lines(looked)) == [
        "An earlier run was cut off, or is still in progress: no orphan of it was found.",
        "Not looked at, because the account is not active or can't be read: acme.",
    ]


def test_a_suspended_due_account_is_unseen_and_a_closed_one_is_empty(acme):
    acme.write("acme", f'state: closed\nclose_after: "2026-11-01"\n{WHOLE}')
    acme.set("acme", status="suspended")
    assert look(acme, slugs=["acme"]).unseen == {"acme"}
    acme.set("acme", status="closed")
    assert look(acme, slugs=["acme"]).unseen == frozenset()


def test_a_tenant_that_can_not_be_read_is_not_seen(acme):
    acme.fake.store.faults.append(fault(path_contains="/Sinks"))
    assert look(acme).unseen == {"acme", "acme-2"}


def waiting(resource):
    return replace(resource, id="waiting-old#1")


def fault(**order):
    return fault_of({"mode": "error", "status": 403, "code": 20403, "times": 4, **order})


def test_the_run_is_told_with_what_it_left(acme):
    acme.put("api_key", acme.sid("acme"), friendly_name="sender#7")
    run = began(acme) - timedelta(hours=3)
    looked = look(acme, Mark(run))
    (orphan,) = looked.orphans
    line = f"acme: API key sender#7 ({orphan.sid}), made since the run of {run:%Y-%m-%d %H:%M} UTC: will be deleted"
    assert list(search_lines(looked)) == [line]
