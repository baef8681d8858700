"""Progress of a run, counted from its events and told by a clock."""

from tenantry.cli.progress import Tally, count_steps, print_lines
from tenantry.engine.events.event import Diagnostic, ResourceFailed, ResourceOutputs, ResourcePre
from tenantry.engine.events.plan import plan_of
from tenantry.engine.events.urn import COMPONENT

KEY = "pulumi-python:dynamic/twilio:ApiKey"


def began(name: str, op: str = "create", kind: str = KEY) -> ResourcePre:
    return ResourcePre(op, f"urn:pulumi:dev::p::{kind}::{name}", kind, name)


def end_step(name: str, op: str = "create", kind: str = KEY) -> ResourceOutputs:
    return ResourceOutputs(op, f"urn:pulumi:dev::p::{kind}::{name}", kind, name)


def fail_step(name: str) -> ResourceFailed:
    return ResourceFailed("create", f"urn:pulumi:dev::p::{KEY}::{name}", KEY, name)


def tally_of(*events, total: int | None = None) -> Tally:
    tally = Tally(total)
    for event in events:
        tally.see(event)
    return tally


def test_done_in_flight_and_failed_are_counted_and_zeros_left_out():
    events = [began("a"), began("b"), began("c"), began("d"), end_step("a"), fail_step("b")]
    assert tally_of(*events, total=4).figures == "1 of 4 done, 2 in flight, 1 failed"
    assert tally_of(total=4).figures == "0 of 4 done"
    assert tally_of().figures == ""


def test_a_refresh_counts_reads_and_a_preview_counts_steps():
    events = [began("a", "refresh"), end_step("a", "refresh"), began("b", "refresh"), began("c"), end_step("c")]
    assert tally_of(*events).figures == "1 read, 1 to do, 1 in flight"


def test_what_stays_the_same_components_and_messages_are_no_work():
    same = (began("a", "same"), end_step("a", "same"))
    component = (began("acme", kind=COMPONENT), began("dev", kind="pulumi:pulumi:Stack"))
    assert tally_of(*same, *component, Diagnostic("info", "", "x"), total=2).figures == "0 of 2 done"


def test_a_replacement_is_one_step_though_it_is_three_operations():
    operations = ("create-replacement", "replace", "delete-replaced")
    events = [event for op in operations for event in (began("a", op), end_step("a", op))]
    assert tally_of(*events, total=count_steps(plan_of(events))).figures == "1 of 1 done"


def test_an_old_object_that_an_earlier_run_left_is_a_step():
    events = [
        began("a", "same"),
        end_step("a", "same"),
        began("a", "delete-replaced"),
        end_step("a", "delete-replaced"),
    ]
    assert tally_of(*events, total=count_steps(plan_of(events))).figures == "1 of 1 done"


def test_a_line_comes_every_ten_seconds_whether_there_are_events_or_none():
    now = [0.0]
    texts: list[str] = []
    listener = print_lines("up", Tally(2), lambda: now[0], texts.append)
    listener.event(began("a"))
    for second in (9.9, 10.0, 12.0, 20.1):
        now[0] = second
        listener.idle()
    now[0] = 31.0
    listener.event(end_step("a"))
    assert texts == [
        "up: 10 s, 0 of 2 done, 1 in flight",
        "up: 20 s, 0 of 2 done, 1 in flight",
        "up: 31 s, 1 of 2 done",
    ]
