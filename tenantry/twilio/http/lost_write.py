"""A write whose answer was lost: look whether it happened, and only then send it again.

A write that made something is sent again only once the call has surely ended: one that is still under way would make
a second one. A change of what is there sets the same values again, which does no harm twice.
"""

from collections.abc import Callable
from typing import NoReturn, TypeVar

from tenantry.twilio.errors import LostAnswer, TwilioError

T = TypeVar("T")

MOST_AGAIN = 7
"""How often a write is sent again: eight tries in all, as many as a read has."""


def settle(
    send: Callable[[], T],
    look: Callable[[], T | None],
    may_send_again: Callable[[LostAnswer], bool],
    wait: Callable[[LostAnswer], bool],
) -> T:
    """Return what a write made or changed; where the answer was lost, `look` finds it. Raises the last LostAnswer.

    After each lost answer we look, wait, and look again: a late write is found as well. `wait` returns False where
    that is beyond the retry budget.
    """
    again = 0
    while True:
        try:
            return send()
        except LostAnswer as lost:
            again += 1
            if (found := _look_for(look, lost)) is not None:
                return found
            if not wait(lost):
                _give_up(lost, again)
            if (found := _look_for(look, lost)) is not None:
                return found
            if again > MOST_AGAIN or not may_send_again(lost):
                _give_up(lost, again)


def _look_for(look: Callable[[], T | None], lost: LostAnswer) -> T | None:
    try:
        return look()
    except TwilioError as blind:
        lost.came_back += f"; looking for it: {blind.came_back}"
        raise lost from None


def _give_up(lost: LostAnswer, sent: int) -> NoReturn:
    if sent > 1:
        lost.came_back += f", each of the {sent} times that it was sent"
    raise lost
