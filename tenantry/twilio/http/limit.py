"""How many calls of an account may be in flight at once, learnt from Twilio's answers.

Twilio limits what is in flight for an account and answers 429 above it (error 20429), but publishes no number. So the
limit is probed: a step up for each round of accepted calls, a twentieth to a half down after a 429. A step is 1 up to
what Twilio has taken before, and beyond it grows the longer nothing was refused: small around a cap that stays, so that
few calls are refused, large once it has risen. The header `Twilio-Concurrent-Requests` tells what is in flight for the
account, whoever sent it.
"""

import math
from dataclasses import dataclass, replace

FIRST = 16.0
"""The first limit; it is doubled each round until the first 429."""
MOST = 64
"""Never more than this for an account, whatever Twilio allows."""
THREADS = 128
"""Threads of a command that reads many accounts. A call with a subaccount's own credentials counts for the subaccount,
so more calls than an account's MOST may be in flight for all of them."""
LEAST_CUT, DEEPEST_CUT = 0.95, 0.5
"""What a 429 leaves of the limit, at most and at least."""
ROUNDS_TO_A_FULL_STEP = 16
"""Beyond what was taken before, a round adds 1 after so many rounds without a 429, a half after half as many."""


@dataclass(frozen=True)
class Limit:
    """A limit that moves with what came back."""

    value: float = FIRST
    rounds: float = math.inf
    """Rounds since the last 429; a round is as many accepted calls as may be in flight."""
    room: int = 0
    """The most in flight for the account, ours and others', of which Twilio refused none."""

    @property
    def calls(self) -> int:
        """How many calls may be in flight."""
        return int(self.value)

    def after_success(self, in_flight: int, concurrency: int | None, *, full: bool = True) -> "Limit":
        """Return the limit after a call that Twilio accepted while `in_flight` of ours were in flight.

        It rises only where it was used to the full: an unused limit says nothing about a higher one.
        """
        # Our calls may have ended at Twilio while their answers are still on the way, so Twilio's own count is better.
        seen = concurrency or in_flight
        room = max(self.room, seen)
        if not full:
            return replace(self, room=room)
        foreign = max(0, seen - in_flight)
        was_taken_before = self.value + foreign < self.room
        a_round = max(float(was_taken_before), self.rounds / ROUNDS_TO_A_FULL_STEP)
        step = min(1.0, a_round / self.value)
        return Limit(min(float(MOST), self.value + step), self.rounds + 1 / self.value, room)

    def after_throttling(self, in_flight: int, concurrency: int | None) -> "Limit":
        """Return the limit after a 429 while `in_flight` of ours were in flight."""
        seen = max(in_flight, concurrency or 0)
        room = min(self.room, seen - 1)
        ours = room - (
            seen - in_flight
        )  # calls of other clients stay in flight, so our limit goes down to what is left
        value = max(self.value * DEEPEST_CUT, min(self.value * LEAST_CUT, ours))
        return Limit(max(1.0, value), 0.0, max(0, room))
