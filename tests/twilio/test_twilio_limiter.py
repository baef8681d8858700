"""Turns, without a thread or a second: what the line lets go, and what it makes of a server that refuses."""

import heapq
import random
from collections import Counter

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tenantry.twilio.http.limit import Limit
from tenantry.twilio.http.limiter import Limiter, Permit

TOLD = st.none() | st.integers(0, 200)


class AnyCalls(RuleBasedStateMachine):
    """Calls that come, go, are accepted and refused in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.limiter = Limiter(Limit(value=4))
        self.line: list[Permit] = []
        self.flying: list[Permit] = []

    def _move(self) -> None:
        granted = [turn for turn in self.line if turn.granted.is_set()]
        assert granted == self.line[: len(granted)], "first come, first served"
        if granted:
            assert self.limiter.in_flight <= self.limiter.limit.calls, "nobody goes above the limit"
        self.line = self.line[len(granted) :]
        self.flying += granted

    @rule()
    def a_call_comes(self) -> None:
        self.line.append(self.limiter.join())
        self._move()

    @precondition(lambda self: self.flying)
    @rule(data=st.data(), accepted=st.booleans(), sentence=TOLD)
    def a_call_is_answered(self, data, accepted, sentence) -> None:
        turn = self.flying.pop(data.draw(st.integers(0, len(self.flying) - 1)))
        (self.limiter.record_accepted if accepted else self.limiter.record_throttled)(turn, sentence)
        self.limiter.leave(turn)
        self._move()

    @precondition(lambda self: self.flying)
    @rule(data=st.data())
    def a_call_is_lost(self, data) -> None:
        before = self.limiter.limit
        self.limiter.leave(self.flying.pop(data.draw(st.integers(0, len(self.flying) - 1))))
        self._move()
        assert self.limiter.limit == before

    @precondition(lambda self: self.line)
    @rule(data=st.data())
    def a_call_that_waits_is_given_up(self, data) -> None:
        self.limiter.leave(self.line.pop(data.draw(st.integers(0, len(self.line) - 1))))
        self._move()

    @invariant()
    def nobody_waits_while_there_is_room(self) -> None:
        assert self.limiter.in_flight == len(self.flying)
        assert not self.line or self.limiter.in_flight >= self.limiter.limit.calls


TestAnyCalls = AnyCalls.TestCase


def _all_go(limiter: Limiter, number: int) -> list[Permit]:
    turns = [limiter.join() for _ in range(number)]
    assert all(turn.granted.is_set() for turn in turns)
    return turns


def test_calls_that_were_on_their_way_together_are_one_429():
    limiter = Limiter(Limit(value=20))
    for turn in _all_go(limiter, 20):
        limiter.record_throttled(turn, None)
        limiter.leave(turn)
    assert limiter.limit == Limit(value=20).after_throttling(1, None)


def test_a_call_that_went_after_the_cut_is_the_next_429():
    limiter = Limiter(Limit(value=20))
    for _ in range(2):
        (turn,) = _all_go(limiter, 1)
        limiter.record_throttled(turn, None)
        limiter.leave(turn)
    assert limiter.limit == Limit(value=20).after_throttling(1, None).after_throttling(1, None)


def test_overtaking_calls_are_not_taken_for_another_clients():
    limiter = Limiter(Limit(value=20, room=20))
    first, *_ = _all_go(limiter, 20)
    limiter.record_throttled(first, concurrency=20)
    assert limiter.limit.calls == 19


def test_calls_one_after_the_other_say_nothing_about_many():
    limiter = Limiter(Limit(value=2))
    for _ in range(10):
        with limiter.permit() as turn:
            limiter.record_accepted(turn, None)
    assert limiter.limit.value == 2


def test_a_turn_is_given_back_when_its_call_fails():
    limiter = Limiter()
    with pytest.raises(ZeroDivisionError), limiter.permit():
        raise ZeroDivisionError
    assert limiter.in_flight == 0


def _simulate(cap: int, other_calls: int = 0, calls: int = 6000, threads: int = 64) -> Counter[str]:
    """Run calls at a Twilio with a cap, in its own time: 1 is the time a call takes, which varies by a tenth.

    A call comes there up to a twenty-fifth of that after it went, so some overtake others. Returns how many were
    accepted and refused, and the time as `rounds`.
    """
    dice, limiter, text = random.Random(cap), Limiter(), Counter[str]()
    now, number, working = 0.0, 0, 0
    events: list[tuple[float, int, str, Permit | None]] = [(0.0, -thread, "come", None) for thread in range(threads)]
    heapq.heapify(events)
    waiting: list[Permit] = []
    counted: dict[Permit, int] = {}

    def _later(after: float, what: str, turn: Permit | None = None) -> None:
        nonlocal number
        number += 1
        heapq.heappush(events, (now + after, number, what, turn))

    while text["accepted"] < calls:
        now, _, what, turn = heapq.heappop(events)
        if turn is None:
            waiting.append(limiter.join())
        elif what == "goes":
            is_taken = working + other_calls < cap
            counted[turn] = working + 1 + other_calls
            working += is_taken
            _later(dice.uniform(0.95, 1.05) if is_taken else 0.01, "accepted" if is_taken else "refused", turn)
            continue
        else:
            working -= what == "accepted"
            learn = limiter.record_accepted if what == "accepted" else limiter.record_throttled
            learn(turn, counted.pop(turn))
            limiter.leave(turn)
            _later(0 if what == "accepted" else dice.random() * 3, "come")  # half a second of jitter at 150 ms a call
            text.update([what])
        for turn in [turn for turn in waiting if turn.granted.is_set()]:
            waiting.remove(turn)
            _later(dice.random() / 25, "goes", turn)
    return Counter({**text, "rounds": round(now)})


@pytest.mark.parametrize("cap", [1, 2, 3, 5, 8, 13, 20, 40, 50, 64, 100])
def test_64_threads_reach_nine_tenths_of_a_cap_with_few_429s(cap: int):
    run = _simulate(cap)
    most = min(cap, 64)
    assert run["accepted"] >= 0.9 * most * run["rounds"]
    assert run["refused"] <= (0.15 if cap < 4 else 0.05) * run["accepted"]


def test_others_in_the_account_keep_their_place():
    run = _simulate(50, other_calls=30)
    assert run["accepted"] >= 0.9 * 20 * run["rounds"]
    assert run["refused"] <= 0.03 * run["accepted"]
