"""What remains of a traceback."""

import traceback

from tenantry.engine.run.command import CommandError
from tenantry.plugin.failures import sentence_of


def _format(error: Exception, cause: Exception | None = None) -> str:
    if cause is not None:
        cause.__traceback__ = _raise(cause).__traceback__
    error.__cause__ = cause
    return "".join(traceback.format_exception(_raise(error)))


def _raise(error: Exception) -> Exception:
    try:
        raise error
    except type(error) as raised:
        return raised


def test_an_exception_of_ours_becomes_its_text():
    assert sentence_of(_format(CommandError("acme: no."))) == "acme: no."


def test_a_text_of_several_lines_is_kept_whole():
    assert sentence_of(_format(CommandError("acme: no.\nDo this:\n  that"))) == "acme: no.\nDo this:\n  that"


def test_the_cause_of_an_exception_of_ours_is_left_out():
    details = _format(CommandError("acme: no."), cause=KeyError("sid"))
    assert details.count("Traceback") == 2
    assert sentence_of(details) == "acme: no."


def test_a_bug_that_an_exception_of_ours_led_to_is_kept_whole():
    details = _format(KeyError("sid"), cause=CommandError("acme: no."))
    assert details.count("Traceback") == 2
    assert sentence_of(details) == details


def test_a_foreign_exception_is_kept_whole():
    details = _format(ValueError("tenantry.x: no"))
    assert sentence_of(details) == details


def test_a_text_that_is_no_traceback_is_kept():
    assert sentence_of("tenantry.engine.run.command.CommandError: no") == "tenantry.engine.run.command.CommandError: no"
