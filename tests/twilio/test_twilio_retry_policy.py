"""How long we wait."""

from datetime import UTC, datetime

import pytest

from tenantry.twilio.http.retry_policy import RetryPolicy, format_http_date, retry_after

NOW = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)


def test_waits_double_up_to_the_longest():
    retry_policy = RetryPolicy(random=lambda: 1.0)
    assert [retry_policy.wait_before(again, None) for again in range(1, 9)] == [0.5, 1, 2, 4, 8, 16, 20, 20]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("2", 2.0),
        ("0.5", 0.5),
        ("-3", None),
        ("nan", None),
        ("inf", None),
        ("Sun, 22 Nov 2026 12:00:30 GMT", 30.0),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0.0),
    ],
)
def test_retry_after_is_seconds_or_a_date(header, seconds):
    assert retry_after(header, NOW) == seconds


@pytest.mark.parametrize("text", [None, "", "yesterday", "Sun, 22 Nov 2026 12:00:30 -0000"])
def test_a_date_without_a_time_zone_is_no_date(text):
    assert format_http_date(text) is None
