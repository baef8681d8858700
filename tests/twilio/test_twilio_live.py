"""Answers as values."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from tenantry.model.event_sink import SinkConfiguration
from tenantry.twilio.errors import WrongAccount
from tenantry.twilio.live import moment, once_each, read_spec, require_account

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass(frozen=True)
class _Record:
    sid: str
    page: int


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (NOON, NOON),
        ("2026-11-22T12:00:00.000Z", NOON),
        ("2026-11-22T12:00:00", NOON),
        ("Sun, 22 Nov 2026 12:00:00 +0000", NOON),
        ("noon", None),
        ("", None),
        (None, None),
    ],
)
def test_a_date_is_a_moment_in_utc_or_none(value, expected):
    assert moment(value) == expected


def test_a_record_on_two_pages_is_one():
    assert [record.sid for record in once_each([_Record("A", 1), _Record("B", 1), _Record("B", 2)])] == ["A", "B"]


def test_a_value_that_the_model_does_not_know_is_kept():
    found = read_spec(SinkConfiguration, destination="https://x", method="PUT", batch_events=False)
    assert found.method == "PUT"


def test_an_answer_without_an_account_is_of_the_wrong_one():
    with pytest.raises(WrongAccount, match=r"Twilio answered for account \(none\)"):
        require_account(None, "AC1")
