"""What a run may delete."""

from tenantry.engine.events.plan import Plan, Step
from tenantry.engine.events.urn import COMPONENT
from tenantry.engine.run.limits import Limits
from tenantry.engine.run.safety import may_skip_checkpoints, refusal, stop

TRIGGER = "pulumi-python:dynamic/twilio:UsageTrigger"
KEY = "pulumi-python:dynamic/twilio:ApiKey"
SUBACCOUNT = "pulumi-python:dynamic/twilio:Subaccount"


def plan(op: str, number: int, same: int, *other_calls: str) -> Plan:
    types = (TRIGGER,) * number + other_calls
    steps = tuple(Step(op, f"urn:{n}", type_, f"acme/usage_trigger/t{n}", "acme", ()) for n, type_ in enumerate(types))
    return Plan(steps, (), {op: number, "same": same}, (), (), ())


def test_a_run_within_both_limits_may_delete():
    assert refusal(plan("delete", 5, 95), Limits(deletes=5, percent=5)) is None


def test_a_run_above_the_number_is_refused_with_names_and_options():
    assert refusal(plan("delete", 3, 997), Limits(deletes=2, percent=50)) == (
        "This run would delete or replace 3 of 1000 resources (0 %): acme/usage_trigger/t0, acme/usage_trigger/t1, "
        "acme/usage_trigger/t2. The limits are 2 and 50 %; nothing was changed. If it is meant, run again with "
        "--max-deletes 3 --max-deletes-percent 50."
    )


def test_a_run_above_the_share_is_refused():
    refused = refusal(plan("replace", 30, 70), Limits(deletes=50, percent=20))
    assert refused is not None
    assert "30 of 100 resources (30 %)" in refused
    assert refused.endswith("--max-deletes 50 --max-deletes-percent 31.")


def test_a_share_says_nothing_of_a_handful():
    assert refusal(plan("delete", 3, 3), Limits(deletes=50, percent=20)) is None


def test_creates_are_no_deletions():
    assert refusal(plan("create", 1000, 0), Limits(deletes=0, percent=0)) is None


def test_what_is_only_forgotten_is_no_deletion():
    assert refusal(plan("forget", 30, 3), Limits(deletes=0, percent=0)) is None


def test_checkpoints_are_skipped_only_where_the_next_run_makes_good_a_kill():
    for refreshes_next in (True, False):
        assert may_skip_checkpoints(plan("create", 9, 0), refreshes_next=refreshes_next)
        assert may_skip_checkpoints(plan("delete", 1, 9), refreshes_next=refreshes_next) == refreshes_next
        assert may_skip_checkpoints(plan("replace", 1, 9), refreshes_next=refreshes_next) == refreshes_next
    assert may_skip_checkpoints(plan("delete", 1, 9, KEY), refreshes_next=True)
    assert not may_skip_checkpoints(plan("replace", 1, 9, KEY), refreshes_next=True)
    assert not may_skip_checkpoints(plan("delete", 1, 9, SUBACCOUNT), refreshes_next=True)


def test_checkpoints_are_written_where_another_provider_makes_something_that_nobody_finds_again():
    assert may_skip_checkpoints(plan("create", 9, 0, COMPONENT), refreshes_next=True)
    assert not may_skip_checkpoints(plan("create", 9, 0, "aws:s3/bucket:Bucket"), refreshes_next=True)


def test_a_preview_says_where_an_up_would_stop_and_its_options():
    assert stop(plan("delete", 2, 98), Limits(deletes=2, percent=5)) is None
    assert stop(plan("delete", 3, 97), Limits(deletes=2, percent=5)) == (
        "`tenantry up` stops here: it would delete or replace 3 of 100 resources (3 %): acme/usage_trigger/t0, "
        "acme/usage_trigger/t1, acme/usage_trigger/t2. The limits are 2 and 5 %. If it is meant, run it with "
        "--max-deletes 3 --max-deletes-percent 5."
    )
