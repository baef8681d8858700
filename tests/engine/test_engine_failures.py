"""What remains of a traceback."""

import traceback

from tenantry.engine.command import CommandError
from tenantry.engine.failures import sentence_of


def _formatted(error: Exception) -> str:
    try:
        raise error
    except type(error):
        return traceback.format_exc()


def test_an_exception_of_ours_becomes_its_text():
    assert sentence_of(_formatted(CommandError("acme: no."))) == "acme: no."


def test_a_text_of_several_lines_is_kept_whole():
    assert sentence_of(_formatted(CommandError("acme: no.\nDo this:\n  that"))) == "acme: no.\nDo this:\n  that"


def test_the_cause_of_an_exception_of_ours_is_left_out():
    try:
        try:
            raise KeyError("sid")
        except KeyError as error:
            raise CommandError("acme: no.") from error
    except CommandError:
        details = traceback.format_exc()
    assert sentence_of(details) == "acme: no."


def test_a_bug_that_an_exception_of_ours_led_to_is_kept_whole():
    try:
        try:
            raise CommandError("acme: no.")
        except CommandError as error:
            raise KeyError("sid") from error
    except KeyError:
        details = traceback.format_exc()
    assert sentence_of(details) == details


def test_a_foreign_exception_is_kept_whole():
    details = _formatted(ValueError("tenantry.x: no"))
    assert sentence_of(details) == details


def test_a_text_that_is_no_traceback_is_kept():
    assert sentence_of("tenantry.engine.command.CommandError: no") == "tenantry.engine.command.CommandError: no"
