"""What twilio-python 9 makes of each fault: which error, and whether it tries again by itself."""

import json

import pytest
import requests
from twilio.base.exceptions import TwilioException, TwilioRestException


@pytest.fixture
def order(wire):
    def _order(**fault):
        assert wire.fake_control("POST", "/faults", fault).status_code == 200

    return _order


def _create(client):
    return client.api.v2010.accounts.create(friendly_name="x")


def _count_made(fake):
    return len(fake.store.accounts_of(fake.account_sid)) - 1


@pytest.mark.parametrize(
    ("fault", "status", "code", "created"),
    [
        ({"mode": "503"}, 503, 20500, 0),
        ({"mode": "503-after-commit"}, 503, 20500, 1),
        ({"mode": "429"}, 429, 20429, 0),
        ({"mode": "error", "status": 409, "code": 20009}, 409, 20009, 0),
        ({"mode": "error-after-commit", "status": 500, "code": 20500}, 500, 20500, 1),
    ],
    ids=lambda value: value["mode"] if isinstance(value, dict) else str(value),
)
def test_an_error_in_json_is_raised_with_its_status_and_code(parent, fake, order, fault, status, code, created):
    order(**fault)
    with pytest.raises(TwilioRestException) as caught:
        _create(parent)
    assert (caught.value.status, caught.value.code) == (status, code)
    assert _count_made(fake) == created


@pytest.mark.parametrize(
    ("mode", "created"), [("drop", 0), ("drop-after-commit", 1), ("reset", 0), ("reset-after-commit", 1)]
)
def test_a_lost_connection_is_an_error_of_requests_whatever_was_done(parent, fake, order, mode, created):
    order(mode=mode)
    with pytest.raises(requests.ConnectionError):
        _create(parent)
    assert _count_made(fake) == created


def test_a_truncated_answer_is_an_error_of_requests_after_the_commit(parent, fake, order):
    order(mode="truncate")
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        _create(parent)
    assert _count_made(fake) == 1


def test_an_error_page_of_a_proxy_has_the_status_as_code(parent, order):
    order(mode="html", status=502)
    with pytest.raises(TwilioRestException) as caught:
        _create(parent)
    assert (caught.value.status, caught.value.code) == (502, 502)


def test_html_of_a_proxy_with_200_is_an_error_of_json(parent, order):
    order(mode="html", status=200)
    with pytest.raises(json.JSONDecodeError):
        _create(parent)


def test_a_failed_page_has_neither_status_nor_code(parent, order):
    order(mode="503", method="GET")
    with pytest.raises(TwilioException) as caught:
        parent.api.v2010.accounts.list()
    assert not isinstance(caught.value, TwilioRestException)
    assert "Unable to fetch page" in str(caught.value)


def test_a_timeout_counts_between_bytes_so_a_dripping_body_is_awaited(parent, order):
    parent.http_client.timeout = 1
    order(mode="slow-body", ms=1_500)
    assert _create(parent).friendly_name == "x"


def test_a_timeout_ends_a_silence_after_the_commit(parent, fake, order):
    parent.http_client.timeout = 0.3
    order(mode="latency-after-commit", ms=600_000)
    with pytest.raises(requests.Timeout):
        _create(parent)
    assert _count_made(fake) == 1


def test_a_skewed_clock_is_not_noticed(parent, order):
    order(mode="clock-skew", seconds=86_400)
    assert _create(parent).date_created is not None
