"""Laws of the limit: what holds after any answers whatever."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tenantry.twilio.http.limit import FIRST, MOST, Limit

TOLD = st.none() | st.integers(0, 10**9)
ANSWER = st.tuples(st.booleans(), st.integers(1, MOST), TOLD)
"""Whether a call was accepted, how many of ours were in flight, and what Twilio said of it."""


def _after(answers, limit: Limit | None = None) -> Limit:
    limit = limit or Limit()
    for accepted, in_flight, answer in answers:
        limit = limit.after_success(in_flight, answer) if accepted else limit.after_throttling(in_flight, answer)
    return limit


LIMITS = st.lists(ANSWER, max_size=60).map(_after)


@given(LIMITS)
def test_the_limit_stays_within_its_bounds(limit: Limit):
    assert 1 <= limit.calls <= MOST


@given(LIMITS, st.integers(1, MOST), TOLD)
def test_a_429_lowers_the_limit_by_a_twentieth_to_a_half(limit: Limit, in_flight, concurrency):
    value = limit.after_throttling(in_flight, concurrency).value
    assert value == 1 or limit.value / 2 <= value <= limit.value * 0.95


@given(LIMITS, TOLD)
def test_an_accepted_call_raises_a_full_limit_by_one_at_most(limit: Limit, concurrency):
    value = limit.after_success(limit.calls, concurrency).value
    assert limit.value <= value <= min(MOST, limit.value + 1)


@given(LIMITS, TOLD)
def test_calls_below_the_limit_never_raise_it(limit: Limit, concurrency):
    assert limit.after_success(limit.calls - 1, concurrency, full=False).value == limit.value


@settings(deadline=None)  # how long a busy machine takes is not its subject
@given(LIMITS)
def test_the_limit_recovers_fully_once_nothing_is_refused(limit: Limit):
    calls = 0
    while limit.calls < MOST:
        limit = limit.after_success(limit.calls, None)
        calls += 1
    assert calls < 3000, "about 50 rounds from the very bottom"


def test_the_limit_doubles_each_round_until_the_first_429():
    assert _after([(True, MOST, None)] * int(FIRST)).value == 2 * FIRST


def test_steps_after_a_429_grow_from_round_to_round():
    limit = Limit(value=20).after_throttling(20, None)
    gained = []
    for _ in range(3):
        before = limit.value
        limit = _after([(True, MOST, None)] * limit.calls, limit)
        gained.append(limit.value - before)
    assert 0 < gained[0] < gained[1] < gained[2] < 1


def test_a_round_adds_one_up_to_what_twilio_took_before():
    cut = Limit(value=40, room=40).after_throttling(40, None)
    after = _after([(True, 38, None)] * 38, cut)
    assert (cut.value, cut.room, round(after.value)) == (38, 39, 39)


def test_a_429_goes_back_to_what_twilio_took_before():
    taken = Limit(value=24).after_success(20, 20)
    assert taken.after_throttling(24, 21).value == 20


def test_twilios_count_decides_where_ours_have_ended_already():
    assert Limit(value=6).after_success(6, concurrency=5).room == 5


def test_calls_of_others_in_the_account_are_left_their_place():
    busy = Limit(value=40).after_success(20, concurrency=100)
    assert busy.after_throttling(40, concurrency=110).calls == 30


@given(LIMITS, st.integers(1, MOST))
def test_a_header_that_tells_nothing_changes_nothing(limit: Limit, in_flight):
    assert limit.after_throttling(in_flight, 1) == limit.after_throttling(in_flight, None)
    assert limit.after_success(in_flight, 0) == limit.after_success(in_flight, None)
