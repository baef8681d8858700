"""What is done when a host answers nobody."""

import pytest

from faketwilio.server import FakeTwilio
from tenantry.twilio.errors import Unreachable
from tenantry.twilio.http.circuit_breaker import CircuitBreaker
from tenantry.twilio.http.limit import THREADS
from tenantry.twilio.http.retry_policy import RetryPolicy
from tenantry.twilio.session import Session

API, EVENTS = "api.twilio.com", "events.twilio.com"


def test_after_so_many_failures_in_a_row_there_is_an_outage():
    breaker = CircuitBreaker(after=2)
    assert [breaker.record_failure(API) for _ in range(4)] == [None, None, 3, 4]


def test_one_answer_ends_an_outage():
    breaker = CircuitBreaker(after=1)
    assert [breaker.record_failure(API), breaker.record_failure(API)] == [None, 2]
    breaker.record_success(API)
    assert breaker.record_failure(API) is None


def test_an_outage_is_one_hosts():
    breaker = CircuitBreaker(after=1)
    breaker.record_failure(API)
    breaker.record_failure(API)
    assert breaker.record_failure(EVENTS) is None


def test_in_an_outage_a_call_is_sent_once_until_one_is_answered(environ, fake: FakeTwilio, sleeps, goes_wrong):
    retry_policy = RetryPolicy(sleep=sleeps.sleep, monotonic=lambda: 0.0, trouble_tries=2)
    session = Session.from_env(environ, retry_policy=retry_policy)
    goes_wrong("503", times=2 * THREADS + 1)
    for _ in range(THREADS):
        with pytest.raises(Unreachable, match="after 2 tries in"):
            session.subaccounts.all()
    with pytest.raises(Unreachable, match=r"Service Unavailable, as after the last 257 calls there\. "):
        session.subaccounts.all()
    assert session.subaccounts.all() == ()
    goes_wrong("503", times=1)  # one more would be too many, had not an answer come between
    assert session.subaccounts.all() == ()


def test_a_429_is_an_answer(environ, fake: FakeTwilio, sleeps, goes_wrong):
    retry_policy = RetryPolicy(sleep=sleeps.sleep, monotonic=lambda: 0.0, trouble_tries=1)
    session = Session.from_env(environ, retry_policy=retry_policy)
    goes_wrong("503", times=THREADS)
    for _ in range(THREADS):
        with pytest.raises(Unreachable):
            session.subaccounts.all()
    goes_wrong("429")
    goes_wrong("503")
    with pytest.raises(Unreachable) as caught:
        session.subaccounts.all()
    assert "as after the last" not in str(caught.value)
