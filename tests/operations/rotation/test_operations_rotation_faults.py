"""What goes wrong while keys rotate: nothing is lost, and the report says what it is."""

from datetime import timedelta

import pytest
from rotation_world import ROTATED

from tenantry.operations.errors import StoppedError
from tenantry.operations.rotation.rotating_keys import Asked, refuse_wrong

BOTH = ROTATED.replace("standard,", "standard, generations: [1, 2],")


@pytest.fixture
def overlapping(rotation):
    """Generation 2 is delivered, and generation 1 may go."""
    rotation.write("acme", BOTH)
    rotation.up()
    rotation.pass_days(7)
    return rotation


def test_a_sink_that_is_down_retires_nothing(overlapping):
    (overlapping.folder / "disk").chmod(0o755)
    step = overlapping.step()
    assert (step.action, step.generations) == ("failed", (1, 2))
    assert "is open to others" in step.reason
    assert overlapping.rotate().exit_code == 1


def test_a_sink_that_lacks_the_successor_retires_nothing(overlapping):
    (overlapping.folder / "disk" / "acme" / "web.json").unlink()
    (overlapping.folder / "disk" / "acme" / "web.meta.json").unlink()
    step = overlapping.step()
    assert (step.action, step.lacking_sinks) == ("undelivered", ("disk",))
    assert overlapping.rotate().exit_code == 2


def test_a_value_that_was_changed_by_hand_is_not_delivered(overlapping):
    (overlapping.folder / "disk" / "acme" / "web.json").write_text("by hand")
    assert overlapping.step().action == "undelivered"


def test_one_sink_of_two_is_not_enough(overlapping):
    overlapping.write("acme", BOTH.replace("[disk]", "[disk, other]"))
    assert overlapping.step().lacking_sinks == ("other",)
    overlapping.deliver()
    assert overlapping.step().action == "overlapping"


def test_the_overlap_counts_from_the_day_of_the_last_delivery(rotation):
    rotation.write("acme", BOTH)
    rotation.up(deliver_keys=False)
    rotation.pass_days(6)
    rotation.deliver()
    rotation.pass_days(1)
    assert rotation.step().action == "overlapping"
    rotation.pass_days(6)
    assert rotation.step().action == "removed"


def test_a_delivery_by_a_wrong_clock_is_named_with_the_next_step(rotation):
    rotation.write("acme", BOTH)
    rotation.up(deliver_keys=False)
    clock = rotation.fake.store.clock
    run = rotation.run()
    run.clock = lambda: clock.now() + timedelta(days=3650)
    run.deliver()
    rotation.pass_days(30)
    step = rotation.step()
    assert (step.action, "the clock of the machine that did it was wrong" in step.reason) == ("left_out", True)
    assert "`tenantry rotate acme/web --kill 1`" in step.reason
    rotation.write("acme", BOTH.replace("[1, 2]", "[2]"))
    [(_, reason)] = rotation.find_kept()
    assert "the clock of the machine that did it was wrong" in reason
    rotation.write("acme", BOTH)
    assert rotation.step("acme/web", kill=1).removed == (1,)


def test_a_successor_that_does_not_work_stops_every_other_rotation(overlapping):
    overlapping.write("birch", ROTATED)
    overlapping.up()
    overlapping.pass_days(90)
    overlapping.spoil_secret("acme/api_key/web-2")
    report = overlapping.rotate()
    assert [(step.tenant, step.action) for step in report.keys] == [("acme", "failed"), ("birch", "waiting")]
    assert "acme/web#2 does not work, so no other rotation begins" in report.keys[1].reason
    assert (report.exit_code, "generations" in overlapping.manifest("birch")) == (1, False)


def test_twilio_that_fails_is_no_proof(overlapping):
    overlapping.fail(mode="error", status=400, code=20001, path_contains="Messages", times=None)
    step = overlapping.step()
    assert (step.action, step.works) == ("failed", None)


def test_a_restricted_key_without_the_permission_is_proved(rotation):
    rotation.write("acme", BOTH.replace("standard", "[/twilio/voice/calls/read]"))
    rotation.forget("acme/api_key/web-1")
    rotation.up()
    assert rotation.step().works is True


def test_a_tenant_that_is_suspended_in_the_middle_is_left(overlapping):
    overlapping.set("acme", status="suspended")
    step = overlapping.step()
    assert (step.action, step.generations) == ("left_out", (1, 2))
    assert "is suspended at Twilio. Nothing is made or retired in it until it is active." in step.reason
    assert overlapping.rotate().exit_code == 2


def test_a_successor_whose_secret_is_unknown_is_not_proved(overlapping):
    overlapping.forget_secret("acme/api_key/web-2")
    step = overlapping.step()
    assert (step.action, "`tenantry rotate acme/web --now`" in step.reason) == ("left_out", True)
    assert overlapping.step("acme/web", now=True).generations == (1, 2, 3)
    overlapping.up()
    overlapping.pass_days(7)
    assert overlapping.step().removed == (1, 2)


def test_a_lost_state_retires_nothing(overlapping):
    for name in [name for name in overlapping.state if "api_key" in name]:
        overlapping.forget(name)
    assert overlapping.step().action == "not_made"
    for name in list(overlapping.state):
        overlapping.forget(name)
    step = overlapping.step()
    assert (step.action, "run `tenantry up`" in step.reason) == ("not_made", True)


def test_a_rotation_that_began_on_another_machine_is_named(overlapping):
    overlapping.write("acme", ROTATED)
    overlapping.pass_days(90)
    step = overlapping.step()
    assert (step.action, "The stack has generation 2" in step.reason) == ("left_out", True)
    assert overlapping.manifest() == f"tenant: acme\nname: Acme\n{ROTATED}"


def test_a_key_that_somebody_deleted_is_named(rotation):
    rotation.delete("acme/api_key/web-1")
    rotation.pass_days(90)
    step = rotation.step()
    assert (step.action, "somebody deleted it" in step.reason) == ("left_out", True)


def test_shorter_days_make_a_key_due_and_no_rotation_leaves_it(rotation):
    rotation.pass_days(30)
    assert rotation.step().action == "not_due"
    rotation.write("acme", ROTATED.replace("90", "30"))
    assert rotation.step(dry_run=True).action == "added"
    rotation.write("acme", ROTATED.replace(", rotation: {every_days: 90, overlap_days: 7}", ""))
    assert rotation.rotate().keys == ()


def test_ten_nights_that_were_missed_are_one_step(rotation):
    rotation.pass_days(900)
    assert rotation.step().generations == (1, 2)
    rotation.up()
    rotation.pass_days(900)
    assert rotation.step().removed == (1,)


def test_two_rotations_at_once_write_the_same(rotation):
    rotation.pass_days(90)
    before = rotation.manifest()
    rotation.rotate()
    after = rotation.manifest()
    rotation.write("acme", before.partition("name: Acme\n")[2])
    rotation.rotate()
    assert rotation.manifest() == after


@pytest.mark.parametrize(
    ("names", "asked", "sentence"),
    [
        (("acm",), {}, "There is no tenant 'acm'; did you mean 'acme'?"),
        (("acme/wbe",), {}, "acme has no API key 'wbe'; did you mean 'web'?"),
        ((), {"now": True}, "--now needs a name"),
        (("acme",), {"kill": 1}, "--kill needs the name of one key"),
        (("acme/web",), {"kill": 7}, "acme/web has no generation 7: its manifest names 1."),
    ],
)
def test_a_wrong_order_is_refused(rotation, names, asked, sentence):
    with pytest.raises(StoppedError) as refused:
        refuse_wrong(Asked(names, **asked), rotation.loaded.tenants)
    assert sentence in str(refused.value)
