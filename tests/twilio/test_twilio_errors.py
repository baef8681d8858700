"""From the SDK's exceptions to sentences."""

import pytest
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http.response import Response

from tenantry.twilio.errors import (
    LostAnswer,
    NotFound,
    Refused,
    TooManyRequests,
    TwilioError,
    Unauthorized,
    Unreachable,
    clean,
    doing,
    translate,
)

URI = "/Accounts/AC1/Usage/Triggers.json"


def _page(status: int, body: str) -> TwilioException:
    return TwilioException("Unable to fetch page", Response(status, body))


@pytest.mark.parametrize(
    ("raised", "kind", "came_back"),
    [
        (
            TwilioRestException(400, URI, "Unable to create record: Invalid CallbackUrl", 21456, "POST"),
            Refused,
            "Twilio answered 400, error 21456 Invalid CallbackUrl",
        ),
        (
            TwilioRestException(404, URI, "Unable to fetch record: gone", 20404),
            NotFound,
            "Twilio answered 404, error 20404 gone",
        ),
        (TwilioRestException(404, URI, "Unable to delete record", 404), NotFound, "Twilio answered 404"),
        (
            TwilioRestException(403, URI, "Unable to fetch record: suspended", 20005),
            Unauthorized,
            "Twilio answered 403, error 20005 suspended",
        ),
        (TwilioRestException(403, URI, "no", 99999), Refused, "Twilio answered 403, error 99999 no"),
        (
            TwilioServiceException("https://t", "Bad Request", 400, 20001, "name is missing"),
            Refused,
            "Twilio answered 400, error 20001 Bad Request: name is missing",
        ),
        (
            _page(401, '{"code": 20003, "message": "Authenticate", "status": 401}'),
            Unauthorized,
            "Twilio answered 401, error 20003 Authenticate",
        ),
        (_page(429, '{"code": 20429}'), TooManyRequests, "Twilio answered 429, error 20429"),
        (_page(500, "oops"), Unreachable, "Twilio answered 500"),
        (_page(501, '{"message": "not built"}'), Refused, "Twilio answered 501, not built"),
        (TwilioException("Page Records can not be deserialized"), Unreachable, None),
    ],
)
def test_each_exception_of_the_sdk_becomes_one_of_ours(raised, kind, came_back):
    failure = translate(raised)
    assert type(failure) is kind
    assert failure.came_back == (
        came_back or "the answer was not what Twilio documents (Page Records can not be deserialized)"
    )


def test_a_failure_keeps_status_and_code():
    failure = translate(TwilioRestException(400, URI, "x", 21456))
    assert (failure.status, failure.code) == (400, 21456)


def test_the_innermost_sentence_tells_what_was_done():
    with pytest.raises(TwilioError) as caught, doing("Updating tenant acme"), doing("Renaming account AC1"):
        raise TwilioRestException(400, URI, "no", 20001)
    assert str(caught.value) == (
        "Renaming account AC1: Twilio answered 400, error 20001 no. Correct the manifest and run again."
    )


@pytest.mark.parametrize(
    ("is_over", "statuses"),
    [(False, (None, 408, 504, 507, 520, 524)), (True, (200, 302, 403, 500, 502, 503))],
)
def test_a_lost_call_is_over_after_an_answer_that_is_no_timeout(is_over, statuses):
    assert {status: LostAnswer("x", status=status).is_over for status in statuses} == dict.fromkeys(statuses, is_over)


@pytest.mark.parametrize(
    ("status", "code", "is_twilios"),
    [(503, 20503, True), (500, 20500, True), (503, None, False), (503, 14, False), (504, 20504, False)],
)
def test_a_failure_with_one_of_twilios_codes_is_twilios_own(status, code, is_twilios):
    assert LostAnswer("x", status=status, code=code).is_twilios == is_twilios


def test_a_traceback_does_not_show_the_sdks_exception():
    with pytest.raises(TwilioError) as caught, doing("x"):
        raise TwilioRestException(400, URI, "no", 20001)
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("https://ana:geheim@owl.example/x is not valid", "https://owl.example/x is not valid"),
        ("'https://owl.example/x?token=geheim' is not valid", "'https://owl.example/x?…' is not valid"),
        ("token 0123456789abcdef0123456789abcdef here", "token … here"),
        ("AC0123456789abcdef0123456789abcdef stays", "AC0123456789abcdef0123456789abcdef stays"),
        ("two\nlines \x1b[31mred\u202e", "two lines [31mred"),
        ("x" * 400, "x" * 300 + "…"),
    ],
)
def test_text_from_outside_becomes_one_harmless_line(text, cleaned):
    assert clean(text) == cleaned
