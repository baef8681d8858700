"""How a call is written: its form, its credentials, its path."""

import pytest

from tenantry.twilio.http.request import Request, write_credentials, write_form


@pytest.mark.parametrize(
    ("fields", "form"),
    [
        ({}, ""),
        ({"FriendlyName": "A & B (c)"}, "FriendlyName=A+%26+B+%28c%29"),
        ({"PageSize": 1000, "Name": None}, "PageSize=1000"),
        ({"Types": ["a b", None, "c"]}, "Types=a+b&Types=c"),
        ({"DateSent>": "2026-01-01"}, "DateSent%3E=2026-01-01"),
        ({"Name": "Zoë"}, "Name=Zo%C3%AB"),
    ],
)
def test_fields_are_written_as_a_form(fields, form):
    assert write_form(fields) == form


def test_credentials_are_written_as_basic_authentication():
    assert write_credentials(("Aladdin", "open sesame")) == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="


@pytest.mark.parametrize(("origin", "is_diverted"), [("https://api.twilio.com", False), ("http://127.0.0.1:1", True)])
def test_a_call_knows_whether_it_goes_to_twilio(origin, is_diverted):
    request = Request("GET", "api.twilio.com", origin, "/a?To=1", {})
    assert (request.path, request.is_diverted) == ("/a", is_diverted)
