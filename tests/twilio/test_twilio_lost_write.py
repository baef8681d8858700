"""What becomes of a write whose answer was lost."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import pytest

from faketwilio.server import FakeTwilio
from tenantry.twilio.account_directory import LiveAccount
from tenantry.twilio.errors import LostAnswer, Unreachable
from tenantry.twilio.http.lost_write import MOST_AGAIN, settle
from tenantry.twilio.session import Session


@dataclass
class Course:
    """What happens at each send and each look, and what happened in all: s, l and w for sends, looks and waits."""

    sends: Iterable[object]
    looks: Iterable[object] = ()
    tries_allowed: int = 100
    happened: list[str] = field(default_factory=list)

    def settle(self, *, may_send_again: bool = True) -> object:
        sends, looks = iter(self.sends), iter(self.looks)
        return settle(
            lambda: self._next("s", next(sends)),
            lambda: self._next("l", next(looks, None)),
            lambda lost: may_send_again,
            lambda lost: self._waits(),
        )

    @property
    def order(self) -> str:
        return "".join(self.happened)

    def _next(self, letter: str, what: object) -> object:
        self.happened.append(letter)
        if isinstance(what, Exception):
            raise what
        return what

    def _waits(self) -> bool:
        self.happened.append("w")
        return self.happened.count("w") <= self.tries_allowed


def lose_answer() -> LostAnswer:
    return LostAnswer("Twilio answered 503", what="Creating it", status=503)


def test_an_answer_needs_no_look():
    course = Course(["made"])
    assert (course.settle(), course.order) == ("made", "s")


def test_what_is_found_at_once_is_not_waited_for():
    course = Course([lose_answer()], ["found"])
    assert (course.settle(), course.order) == ("found", "sl")


@pytest.mark.parametrize("may_send_again", [True, False])
def test_what_is_done_late_is_found_after_the_wait(may_send_again):
    course = Course([lose_answer()], [None, "found"])
    assert (course.settle(may_send_again=may_send_again), course.order) == ("found", "slwl")


def test_what_is_not_there_after_two_looks_is_sent_again():
    course = Course([lose_answer(), "made"])
    assert (course.settle(), course.order) == ("made", "slwls")


def test_what_may_still_be_under_way_is_not_sent_again():
    course = Course([lose_answer(), "made twice"])
    with pytest.raises(LostAnswer, match=r"^Creating it: Twilio answered 503\. It may or may not have happened"):
        course.settle(may_send_again=False)
    assert course.order == "slwl"


def test_there_is_an_end_which_tells_how_often_it_was_sent():
    course = Course([lose_answer() for _ in range(100)])
    with pytest.raises(LostAnswer, match="Twilio answered 503, each of the 8 times that it was sent"):
        course.settle()
    assert course.order.count("s") == MOST_AGAIN + 1


def test_it_ends_where_nobody_may_wait_so_long():
    course = Course([lose_answer(), lose_answer()], tries_allowed=1)
    with pytest.raises(LostAnswer, match="each of the 2 times"):
        course.settle()
    assert course.order == "slwlslw"


def test_a_look_that_fails_is_no_look_and_both_failures_are_told():
    course = Course([lose_answer(), "made twice"], [Unreachable("Twilio answered 500")])
    with pytest.raises(LostAnswer, match=r"503; looking for it: Twilio answered 500\. It may or may not have happened"):
        course.settle()
    assert course.order == "sl"


def test_waits_grow_from_half_a_second_and_count_for_the_host(session: Session, sleeps):
    failure = lose_answer()
    failure.host = "api.twilio.com"
    wait = session.waiting()
    assert [wait(failure) for _ in range(3)] == [True, True, True]
    assert sleeps.slept == [1.0, 1.5, 2.5]  # each with the longest jitter
    counted = session.traffic.hosts["api.twilio.com"]
    assert (counted.requests, counted.retried, counted.waited) == (0, 3, 5.0)


def test_the_wait_is_the_one_that_twilio_asks_for(session: Session, acme: LiveAccount, goes_wrong, sleeps):
    goes_wrong("503", method="POST", retry_after=7)
    session.subaccounts.update(acme.sid, status="suspended")
    assert (sleeps.slept, session.traffic.hosts["api.twilio.com"].retried) == ([7.5], 1)


def test_nothing_is_waited_for_beyond_the_budget(session: Session, sleeps):
    failure = lose_answer()
    failure.asked = 100.0
    wait = session.waiting()
    assert [wait(failure), wait(failure)] == [True, False]
    assert sleeps.slept == [100.5]


def test_a_change_of_an_account_that_is_lost_again_and_again_ends(
    session: Session, fake: FakeTwilio, acme: LiveAccount, goes_wrong
):
    goes_wrong("drop", method="POST", times=None)
    text = r"^Updating account AC.* \(status 'closed'\): no answer .*, each of the 8 times that it was sent\. It may or"
    with pytest.raises(LostAnswer, match=text):
        session.subaccounts.update(acme.sid, status="closed")
    assert fake.store.accounts.get(acme.sid).status == "active"
