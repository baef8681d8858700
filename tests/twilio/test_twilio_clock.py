"""What time it is at Twilio."""

from datetime import UTC, datetime, timedelta

import pytest

from faketwilio.server import FakeTwilio
from tenantry.twilio.errors import Unreachable
from tenantry.twilio.http.twilio_clock import TwilioClock, describe_clock_difference
from tenantry.twilio.session import Session

OURS = datetime(2020, 1, 1, tzinfo=UTC)


def test_twilios_clock_is_followed(environ, fake: FakeTwilio):
    session = Session.from_env(environ, clock=lambda: OURS)
    before = session.twilio_now()
    fake.store.clock.advance(3600)
    session.subaccounts.all()
    ahead = session.twilio_now() - fake.store.clock.now()
    assert (before, abs(ahead) < timedelta(seconds=5)) == (OURS, True)


def test_an_answer_that_is_late_does_not_make_old_keys_look_young():
    clock = TwilioClock(lambda: OURS)
    clock.note("Wed, 01 Jan 2020 02:00:00 GMT")
    clock.note("Wed, 01 Jan 2020 01:00:00 GMT")
    assert clock.now() == OURS + timedelta(hours=2)


def test_the_first_answer_may_say_that_our_own_clock_is_ahead():
    clock = TwilioClock(lambda: OURS)
    clock.note("Tue, 31 Dec 2019 23:00:00 GMT")
    assert clock.now() == OURS - timedelta(hours=1)


def test_an_answer_without_a_date_says_nothing():
    clock = TwilioClock(lambda: OURS)
    clock.note(None)
    clock.note("soon")
    assert clock.now() == OURS


@pytest.mark.parametrize(
    ("ahead", "sentence"),
    [
        (None, "no answer from Twilio has a time"),
        (timedelta(minutes=1), None),
        (timedelta(minutes=-1), None),
        (timedelta(seconds=-90), "this machine's clock is 90 seconds ahead of Twilio's"),
        (timedelta(hours=12), "this machine's clock is 12 hours behind Twilio's"),
    ],
)
def test_more_than_a_minute_between_the_clocks_is_told(ahead, sentence):
    assert describe_clock_difference(ahead) == sentence


def test_a_proxys_clock_is_not_twilios(saying, http):
    session = saying(http(502, "<html>Bad Gateway</html>", "Date: Fri, 01 Jan 2038 00:00:00 GMT"))
    with pytest.raises(Unreachable):
        session.subaccounts.all()
    assert session.twilio_now().year != 2038
