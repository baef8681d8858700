"""What a person orders: now, kill, canary, a dry run; and which file a step is written to."""

import errno
import os

import pytest
from rotation_world import ROTATED

from tenantry.operations.errors import StoppedError
from tenantry.operations.rotation.keys import find_delivered_keys
from tenantry.operations.rotation.rotating_keys import Asked, refuse_wrong

PLAN = "api_keys:\n  web: {access: standard, deliver_to: [disk], rotation: {every_days: 90, overlap_days: 7}}\n"


@pytest.fixture
def due(rotation):
    rotation.pass_days(90)
    return rotation


def test_now_rotates_a_young_key_once_a_day(rotation):
    assert rotation.step("acme/web", now=True).action == "not_due"
    rotation.pass_days(2)
    assert rotation.step("acme", now=True).generations == (1, 2)
    rotation.up()
    step = rotation.step("acme", now=True)
    assert (step.action, step.generations) == ("overlapping", (1, 2))


def test_a_leaked_key_goes_as_soon_as_its_successor_works(rotation):
    step = rotation.step("acme/web", kill=1)
    assert (step.added, "run `tenantry rotate acme/web --kill 1` again" in step.reason) == (2, True)
    assert rotation.step("acme/web", kill=1).action == "not_made"
    rotation.up()
    step = rotation.step("acme/web", kill=1)
    assert (step.removed, "`tenantry up acme --retire-unproven acme/web`" in step.reason) == ((1,), True)
    assert "generations: [2]" in rotation.manifest()


def test_a_leaked_key_stays_until_its_successor_is_delivered(rotation):
    rotation.step("acme/web", kill=1)
    rotation.up(deliver_keys=False)
    assert rotation.step("acme/web", kill=1).action == "undelivered"


def test_a_canary_begins_few_rotations_until_they_are_proven(due):
    for slug in ("birch", "cedar"):
        due.write(slug, ROTATED)
    due.up()
    due.pass_days(90)
    assert count(due.rotate(canary=1)) == {"added": 1, "waiting": 2}
    assert count(due.rotate(canary=1)) == {"not_made": 1, "waiting": 2}
    due.up()
    assert count(due.rotate(canary=1)) == {"overlapping": 1, "added": 1, "waiting": 1}


def count(report):
    actions = [step.action for step in report.keys]
    return {action: actions.count(action) for action in actions}


def test_a_dry_run_writes_nothing_and_ends_with_2(due):
    before = due.manifest()
    report = due.rotate(dry_run=True)
    assert (report.exit_code, report.keys[0].action, due.manifest()) == (2, "added", before)


def test_a_manifest_that_can_not_be_written_is_a_failure(due, monkeypatch):
    def run_out_of_space(_file):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    before = due.manifest()
    monkeypatch.setattr(os, "fsync", run_out_of_space)
    report = due.rotate()
    [step] = report.keys
    assert (report.exit_code, step.action, step.generations, due.manifest()) == (1, "failed", (1,), before)
    assert step.reason.startswith("tenants/acme.yaml can't be written: No space left on device. ")


def test_a_run_again_on_the_same_day_writes_nothing(due):
    due.rotate()
    before = due.manifest()
    assert (due.step().action, due.manifest()) == ("not_made", before)
    due.up()
    assert (due.step().action, due.manifest()) == ("overlapping", before)


def test_an_entry_of_a_layer_rotates_in_the_tenants_own_file(due):
    (due.folder / "defaults.yaml").write_text(PLAN)
    due.write("acme", "# ours\n\nlabels: {crm: x}   # as is\n")
    assert due.step().file == "tenants/acme.yaml"
    expected = "# ours\n\nlabels: {crm: x}   # as is\n\napi_keys:\n  web: {generations: [1, 2]}\n"
    assert due.manifest() == f"tenant: acme\nname: Acme\n{expected}"
    assert (due.folder / "defaults.yaml").read_text() == PLAN
    due.up()
    due.pass_days(7)
    due.rotate()
    assert due.manifest() == f"tenant: acme\nname: Acme\n{expected.replace('[1, 2]', '[2]')}"


@pytest.mark.parametrize("lock", ["api_keys", "api_keys.*.generations", "api_keys.web"])
def test_a_locked_key_is_named_and_left(due, lock):
    (due.folder / "defaults.yaml").write_text(f"locked: ['{lock}']\n{PLAN}")
    due.write("acme", "")
    before = due.manifest()
    step = due.step()
    assert (step.action, step.generations, due.manifest()) == ("left_out", (1,), before)
    assert step.reason.startswith(
        "It is due, but `generations: [1, 2]` was not written into tenants/acme.yaml: api_keys"
    )
    assert "is locked by defaults.yaml:1:" in step.reason
    assert due.rotate().exit_code == 2


def test_comments_and_order_stay(due):
    text = (
        "api_keys:\n  # the application\n  web:\n    access: standard   # all of it\n    deliver_to: [disk]\n"
        "    rotation: {every_days: 90}\n    generations:\n      - 1   # the first\n"
    )
    due.write("acme", text)
    due.rotate()
    assert due.manifest() == f"tenant: acme\nname: Acme\n{text}      - 2\n"


def test_adopt_goes_with_generation_1(due):
    sid = due.sid("acme/api_key/web-1")
    due.write(
        "acme",
        f"api_keys:\n  web:\n    access: standard\n    adopt: {sid}\n    deliver_to: [disk]\n"
        "    rotation: {every_days: 90}\n",
    )
    due.rotate()
    due.up()
    due.pass_days(7)
    assert due.step().removed == (1,)
    assert "adopt" not in due.manifest()


def test_a_suspended_tenant_is_passed_over_unless_it_is_named(due):
    due.write("acme", f"state: suspended\n{ROTATED}")
    due.set("acme", status="suspended")
    assert due.rotate().keys == ()
    assert due.step("acme").action == "left_out"


def test_a_tenant_that_is_only_observed_never_rotates(due):
    due.write("birch", f"manage: observe\naccount: {{adopt: AC{'b' * 32}}}\n{ROTATED}")
    before = due.manifest("birch")
    assert [step.tenant for step in due.rotate().keys] == ["acme"]
    assert due.manifest("birch") == before
    with pytest.raises(StoppedError, match="birch is only observed"):
        refuse_wrong(Asked(("birch/web",), now=True), due.loaded.tenants)
    assert [key.tenant for key in find_delivered_keys(due.loaded.tenants, due.state.values())] == ["acme"]


def test_drift_passes_over_the_type_of_an_older_generation(rotation):
    other = "[/twilio/messaging/messages/create], generations: [1, 2],"
    rotation.write("acme", ROTATED.replace("standard,", other))
    rotation.up()
    assert rotation.list_findings() == []


def test_generations_in_any_order_rotate(rotation):
    rotation.write("acme", ROTATED.replace("standard,", "standard, generations: [3, 1],"))
    rotation.forget("acme/api_key/web-1")
    rotation.up()
    rotation.pass_days(8)
    assert rotation.step().removed == (1,)
    assert "generations: [3]," in rotation.manifest()
    rotation.up()
    rotation.pass_days(90)
    assert rotation.step().generations == (3, 4)


def test_several_keys_of_a_tenant_rotate_in_one_write(due):
    due.write("acme", f"{ROTATED}{ROTATED.partition(chr(10))[2].replace('web', 'sender')}")
    due.up()
    due.pass_days(90)
    assert [step.added for step in due.rotate().keys] == [2, 2]
    assert due.manifest().count("generations: [1, 2]") == 2
