"""What `tenantry up` prints when it ends, and with which exit code."""

import pytest

from tenantry.cli.up import EXIT_CODES, answer
from tenantry.engine.events.event import Diagnostic, ResourceFailed
from tenantry.engine.events.plan import plan_of
from tenantry.engine.events.urn import COMPONENT
from tenantry.operations.up.outcome import Outcome, Pass, make_outcome

TRIGGER = "pulumi-python:dynamic/twilio:UsageTrigger"


def fail_tenants(tenants: int) -> Outcome:
    """The report of a run that failed for so many tenants, for each with a reason of its own."""
    return make_outcome([Pass(plan_of(()), tuple(e for number in range(tenants) for e in _of(number)))], "dev")


def _of(number: int) -> tuple[ResourceFailed, Diagnostic]:
    name = f"customer-{number}/usage_trigger/sms"
    urn = f"urn:pulumi:dev::owl::{COMPONENT}${TRIGGER}::{name}"
    reason = f"Making trigger sms: Twilio answered 400, error 2{number:04}. {'Mend it. ' * 20}"
    return ResourceFailed("create", urn, TRIGGER, name), Diagnostic("error", urn, reason)


def exit_code(outcome: Outcome, form: str) -> int:
    with pytest.raises(SystemExit) as ending:
        answer(outcome, form)
    return int(str(ending.value.code))


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_the_exit_code_says_how_it_ended_in_every_format(form):
    assert exit_code(fail_tenants(0), form) == EXIT_CODES["done"] == 0
    assert exit_code(fail_tenants(1), form) == EXIT_CODES["failed"] == 1


def test_the_log_has_all_of_a_comment_that_was_cut(capsys):
    exit_code(fail_tenants(1000), "markdown")
    printed = capsys.readouterr()
    assert len(printed.out) <= 65_536 + len("\n")
    assert "All of it is in the log of this run." in printed.out
    assert "error 20999" not in printed.out
    assert "error 20999" in printed.err


def test_of_a_comment_that_has_it_all_the_log_has_the_summary(capsys):
    exit_code(fail_tenants(3), "markdown")
    assert capsys.readouterr().err == (
        "Failed: customer-0, customer-1, customer-2. Done: nothing was changed. Run again when the reasons are gone.\n"
    )
