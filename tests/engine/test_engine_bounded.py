"""Bounded waiting for a server that may not answer."""

import threading
import time

from tenantry.engine.run.bounded import call_within


def test_a_call_that_never_returns_is_given_up():
    never = threading.Event()
    begun = time.monotonic()
    assert call_within(0.05, never.wait) is None
    assert time.monotonic() - begun < 5
    never.set()


def test_a_call_that_returns_is_answered():
    assert call_within(5, lambda: 7) == 7
