"""The API line."""

from tenantry.cli.traffic import tell_traffic
from tenantry.reports.traffic import api_line
from tenantry.twilio.http.traffic import HostTraffic, Traffic


def test_the_line_counts_requests_429s_retries_and_waiting():
    hosts = {"events.twilio.com": HostTraffic(3), "api.twilio.com": HostTraffic(9, 2, 3, 4.25)}
    assert api_line(Traffic(hosts, 8), {}) == (
        "Twilio: 12 requests (api.twilio.com 9 with 2 × 429, events.twilio.com 3), at most 8 in flight, "
        "2 answered 429, 3 tried again, 4.2 s waited"
    )
    assert api_line(Traffic({"api.twilio.com": HostTraffic(1)}, 1), {}).startswith("Twilio: 1 request (")


def test_nothing_is_said_of_tries_where_all_went_well_at_once():
    assert api_line(Traffic({"api.twilio.com": HostTraffic(1)}, 1), {}).endswith(", 0 answered 429, 0.0 s waited")


def test_the_line_says_where_it_went_if_that_was_not_twilio():
    traffic = Traffic({"api.twilio.com": HostTraffic(1)}, 1)
    text = api_line(traffic, {"TENANTRY_TWILIO_URL": "http://ana:hunter2@127.0.0.1:8000/"})
    assert text.endswith(", 0.0 s waited; all of it went to http://127.0.0.1:8000, which is not Twilio")


def test_nothing_is_said_where_twilio_was_not_asked(capsys):
    tell_traffic(Traffic())
    assert capsys.readouterr() == ("", "")
