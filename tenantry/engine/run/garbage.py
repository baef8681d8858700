"""Garbage collection for processes that hold much for long."""

from __future__ import annotations

import gc


def collect_less_garbage() -> None:
    """Look for garbage less often: the old is walked again and again, and the Twilio SDK alone is a million objects.

    It saves a tenth of the plugin's work in a first `up`, and more in a program of thousands of resources.
    """
    gc.set_threshold(50_000, 20, 100)
