"""What lives in Twilio: an object's SID and its settings, as canonical as what people want."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any, Generic, Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from tenantry.twilio.errors import WrongAccount

PAGE_SIZE = 1000
"""The most records that Twilio puts on a page."""
S = TypeVar("S")
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Live(Generic[S]):
    """An object in Twilio; `secret` is known only in the answer that made a key, `status` of kinds that have one."""

    sid: str
    spec: S
    created: datetime | None = None
    secret: str | None = field(default=None, repr=False)
    status: str | None = None


class _HasSid(Protocol):
    sid: str


R = TypeVar("R", bound=_HasSid)


def once_each(records: Iterable[R]) -> tuple[R, ...]:
    """Return the records of a list, each SID once: one that is added while we turn pages shifts others to the next."""
    return tuple({record.sid: record for record in records}.values())


def read_spec(kind: type[M], **fields: Any) -> M:
    """Return a spec from an answer; a value that the model does not know, which Twilio may invent, is kept as it is."""
    try:
        return kind.model_validate(fields)
    except ValidationError:
        return kind.model_construct(**fields)


def moment(value: datetime | str | None) -> datetime | None:
    """Return a date of an answer: one that the SDK read, or text by ISO 8601 or, in v2010, by RFC 2822."""
    found = _read_date(value) if isinstance(value, str) else value
    return found.replace(tzinfo=found.tzinfo or UTC) if found else None


@lru_cache(4096)
def _read_date(text: str) -> datetime | None:
    """Return a date without looking at it twice: what was made in one second has one date."""
    try:
        return datetime.fromisoformat(text) if text[:1].isdigit() else parsedate_to_datetime(text)
    except ValueError:
        return None


def require_account(found: str | None, account_sid: str) -> None:
    """Stop if an answer is about another account: on product hosts wrong credentials act elsewhere, silently."""
    if found != account_sid:
        raise WrongAccount(f"Twilio answered for account {found or '(none)'}")
