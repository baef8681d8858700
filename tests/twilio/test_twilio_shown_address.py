"""An error names the address that was really called, and never a password in it."""

from tenantry.twilio.http.request import Request
from tenantry.twilio.http.shown_address import address_from, address_of, next_step_of, place_of


def call(origin: str) -> Request:
    return Request("GET", "api.twilio.com", origin, "/2010-04-01/Accounts.json", {})


def test_what_stands_in_for_twilio_is_named_by_its_own_address():
    request = call("http://127.0.0.1:8000")
    assert place_of(request) == "http://127.0.0.1:8000 in place of api.twilio.com"
    assert "http://127.0.0.1:8000 is up, or unset TENANTRY_TWILIO_URL" in str(next_step_of(request))


def test_a_proxy_is_named_without_its_password_and_not_where_bypassed(monkeypatch):
    request = call("https://api.twilio.com")
    for name in ("HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    assert (place_of(request), next_step_of(request)) == ("api.twilio.com", None)
    monkeypatch.setenv("HTTPS_PROXY", "http://ana:hunter2@proxy.example:3128")
    assert place_of(request) == "api.twilio.com through the proxy http://proxy.example:3128"
    monkeypatch.setenv("NO_PROXY", "twilio.com")
    assert place_of(request) == "api.twilio.com"


def test_the_address_of_an_environment_is_none_where_it_is_twilio_itself():
    assert address_from({"TENANTRY_TWILIO_URL": " "}) is None
    assert address_of("http://ana:hunter2@127.0.0.1:8000/x?token=y") == "http://127.0.0.1:8000"
