"""How a preview ends: what is printed where, and the exit code."""

import pytest

from tenantry.cli.preview_answer import answer
from tenantry.engine.events.changes import Change
from tenantry.engine.events.event import Diagnostic, PolicyViolation
from tenantry.engine.events.plan import Plan, Step
from tenantry.engine.events.urn import COMPONENT
from tenantry.operations.preview.report import PreviewReport, make_preview_report

TRIGGER = "pulumi-python:dynamic/twilio:UsageTrigger"


def report(number: int, *, failed: bool = False) -> PreviewReport:
    """The preview of so many tenants that all change in another way."""
    steps = tuple(
        Step(
            "update",
            f"urn:pulumi:dev::owl::{COMPONENT}${TRIGGER}::{slug}/usage_trigger/sms",
            TRIGGER,
            name,
            slug,
            changes,
        )
        for item in range(number)
        for slug in [f"t{item:04}"]
        for name in [f"{slug}/usage_trigger/sms"]
        for changes in [(Change("callback_url", "update", "https://a.example/", f"https://b.example/x{item}"),)]
    )
    errors = (Diagnostic("error", "", "x"),) if failed else ()
    return make_preview_report(Plan(steps, (), {}, errors, (), ()), "dev")


def exit_code(found: PreviewReport, form: str) -> int:
    with pytest.raises(SystemExit) as ending:
        answer(found, form)
    return int(str(ending.value.code))


@pytest.mark.parametrize(
    ("found", "code"),
    [(report(0), 0), (report(1), 2), (report(1, failed=True), 1)],
    ids=["nothing", "changes", "failed"],
)
@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_the_exit_code_says_how_it_ended_in_every_format(found, code, form):
    assert exit_code(found, form) == code


def test_on_a_terminal_nothing_hides_the_reasons_of_a_preview_that_failed(capsys):
    exit_code(report(1, failed=True), "text")
    printed = capsys.readouterr()
    assert printed.out == ""
    assert " ".join(printed.err.split()).endswith("an `up` would change nothing. Put them right, and preview again.")


def test_a_preview_that_a_rule_stops_ends_with_what_to_do(capsys):
    broken = PolicyViolation("urn:pulumi:dev::owl::t::acme", "tenantry", "allowed-hosts", "mandatory", "sends to x")
    exit_code(make_preview_report(Plan((), (), {}, (), (), (broken,)), "dev", failed=True), "text")
    assert "1 mandatory rule is broken, and an `up` would change nothing." in " ".join(capsys.readouterr().err.split())


def test_in_a_comment_a_preview_that_failed_says_so(capsys):
    exit_code(report(1, failed=True), "markdown")
    assert "**The preview failed; " in capsys.readouterr().out


def test_the_log_has_all_of_a_comment_that_was_cut(capsys):
    exit_code(report(1000), "markdown")
    printed = capsys.readouterr()
    assert len(printed.out) <= 65_536
    assert "b.example/x999" not in printed.out
    assert "b.example/x999" in printed.err


def test_a_comment_that_has_it_all_is_not_said_twice(capsys):
    exit_code(report(3), "markdown")
    assert capsys.readouterr().err == ""
