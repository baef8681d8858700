"""A call that may take too long, because the look-up of a host's name has no timeout."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

Answer = TypeVar("Answer")


def call_within(seconds: float, call: Callable[[], Answer]) -> Answer | None:
    """Return what `call` returns, or None when it takes longer; then its thread goes on and ends with the process."""
    answers: list[Answer] = []
    thread = threading.Thread(target=lambda: answers.append(call()), daemon=True)
    thread.start()
    thread.join(seconds)
    return answers[0] if answers else None
