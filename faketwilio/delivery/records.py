"""A request that Twilio makes, as it is stored."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Attempt:
    """One try to deliver: the status that came back, or what went wrong instead."""

    at: datetime
    status: int | None
    error: str | None = None


@dataclass(frozen=True)
class Delivery:
    """What is sent for `why`, about the trigger or sink `about`: a form, or events as JSON.

    `state` is waiting, delivered, failed (given up), dropped (its sink is gone) or unsent (no way leads there).
    """

    sid: str
    account_sid: str
    why: str
    about: str
    method: str
    url: str
    created: datetime
    next_attempt: datetime | None
    form: Mapping[str, str] = field(default_factory=dict)
    events: tuple[Mapping[str, Any], ...] = ()
    is_batch: bool = False
    idempotency_token: str | None = None
    attempts: tuple[Attempt, ...] = ()
    state: str = "waiting"
    reason: str | None = None
