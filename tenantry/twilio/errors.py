"""What can go wrong with Twilio: one class for each decision that a caller can make.

TwilioError                what we did, what came back, what to do next
├── NotFound               404, in Twilio's own words: reads say gone, deletes say done
├── Unauthorized           401, or an account that is suspended or closed: other credentials are needed
├── Refused                another 4xx: the same call will be refused again
├── TooManyRequests        429 until the retry budget was spent; nothing was done
├── LostAnswer             a write of which we don't know whether it happened: look before doing it again
├── Unreachable            no connection, or a read that failed on every try; nothing was changed
├── ParentGone             the process that we work for has ended; nothing was sent
├── CredentialsMissing     the environment has no usable credentials; nothing was sent
└── WrongAccount           Twilio answered for another account than the one we asked for
    └── WrongParent        the credentials are of another parent account; nothing was sent

The Twilio SDK raises three exceptions, which `doing` translates: TwilioRestException, TwilioServiceException (errors
by RFC 9457), and for pages of lists a bare TwilioException whose arguments are a sentence and the response.
"""

# ruff: noqa: N818  # the names say what happened, as callers read them

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, ClassVar

from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException

from tenantry.text.redaction import redact
from tenantry.text.sids import DIGITS

LONGEST_MESSAGE = 300

NEXT_STEPS = {
    20003: "Check the auth token, and that the account is neither suspended nor closed.",
    20162: "Somebody else is changing it too; run again when that is done.",
    20403: "Check that the account is neither suspended nor closed.",
    20409: "It is in a state that does not allow this; look at it in the Console, and run again.",
    21478: "Twilio suspended this account itself; ask Twilio's support.",
    21479: "A closed account stays closed: set state: closed, or take a new slug.",
    21480: "Ask Twilio to raise the number of subaccounts, or close some.",
    70051: "Use the parent's Auth Token instead of a restricted key.",
    70151: "Delete API keys that nobody uses.",
    91003: "Delete sinks that nobody uses; an account has room for 100.",
    91007: "Delete the sink's subscription first.",
}
"""What to do about errors of which we know more than their status."""

FIRST_CODE = 10_000
"""Twilio's error codes have five digits or six; systems between it and us have codes too, such as gRPC's."""

_ENDED = frozenset({500, 502, 503})
_NOT_ACTIVE = frozenset({10001, 20003, 20005, 20403, 70051})


class TwilioError(Exception):
    """A failure as one sentence; `what` is filled in by `doing`."""

    NEXT_STEP: ClassVar[str] = "Run again; if it fails again, report it."

    host: str = ""
    """Twilio's host that was called, where the transport raised the failure."""
    asked: float | None = None
    """How many seconds Twilio asks to wait before it is called again."""

    def __init__(
        self,
        came_back: str,
        *,
        what: str = "",
        status: int | None = None,
        code: int | None = None,
        next_step: str | None = None,
    ) -> None:
        super().__init__(came_back)
        self.what = what
        self.status = status
        self.code = code
        self.came_back = clean(came_back).rstrip(".")
        self.next_step = next_step or NEXT_STEPS.get(code or 0, self.NEXT_STEP)

    def __str__(self) -> str:
        beginning = f"{clean(self.what)}: " if self.what else ""
        return f"{beginning}{self.came_back}. {self.next_step}"


class NotFound(TwilioError):
    """Twilio does not have it."""

    NEXT_STEP = "It may have been deleted in the Console; run again with a refresh."


class Unauthorized(TwilioError):
    """These credentials may not do this."""

    NEXT_STEP = NEXT_STEPS[20003]


class Refused(TwilioError):
    """Twilio will refuse the same call again."""

    NEXT_STEP = "Correct the manifest and run again."


class TooManyRequests(TwilioError):
    """The retry budget was spent on answers with 429; Twilio never processes such a call."""

    NEXT_STEP = "Nothing was done; run again when fewer calls are in flight in the account."


class LostAnswer(TwilioError):
    """A write of which we don't know whether it happened."""

    NEXT_STEP = "It may or may not have happened; run again, which looks first."

    @property
    def is_over(self) -> bool:
        """Whether the call has ended, so that an object that is not there now will not be made later.

        An answer came, and it does not say that somebody stopped waiting for another (408, 504). Twilio calls 500, 502
        and 503 safe to send again (its support's article on retry logic); of other 5xx nobody says so.
        """
        return self.status is not None and self.status != 408 and (self.status < 500 or self.status in _ENDED)

    @property
    def is_twilios(self) -> bool:
        """Whether Twilio itself reported the failure, by one of its error codes, not a system between it and us."""
        return self.is_over and (self.code or 0) >= FIRST_CODE


class Unreachable(TwilioError):
    """Nothing was sent, or only reads that failed."""

    NEXT_STEP = "Check the network and https://status.twilio.com, then run again."


class ParentGone(TwilioError):
    """The process that would record what we do has ended."""

    NEXT_STEP = "Nothing was sent; run again."


class CredentialsMissing(TwilioError):
    """The environment has no usable credentials."""

    NEXT_STEP = "Nothing was sent; set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN to those of the parent account."


class WrongAccount(TwilioError):
    """Twilio answered for another account than the one we asked for."""

    NEXT_STEP = "Nothing else was done there; report this, it should never happen."


class WrongParent(WrongAccount):
    """The credentials are of another parent account."""

    NEXT_STEP = "Nothing was sent; use the credentials of the stack's own parent."


@contextmanager
def doing(what: str) -> Iterator[None]:
    """Say what is being done, such as "Deleting API key SK… in account AC…", in every failure inside."""
    try:
        yield
    except TwilioError as error:
        error.what = error.what or what
        raise
    except TwilioException as error:
        failure = translate(error)
        failure.what = what
        raise failure from None  # the SDK's own text has terminal colours and whole URLs


def translate(error: TwilioException) -> TwilioError:
    """Return the SDK's exception as one of ours."""
    match error:
        case TwilioRestException():
            return failure_of(error.status, _find_own_code(error.code, error.status), _without_prefix(error.msg))
        case TwilioServiceException():
            return failure_of(
                error.status, error.code, f"{error.title}: {error.detail}" if error.detail else error.title
            )
        case _ if len(error.args) > 1:
            return read_failure(error.args[1].status_code, error.args[1].text)
        case _:
            return Unreachable(f"the answer was not what Twilio documents ({error})")


def read_failure(status: int, text: str) -> TwilioError:
    """Return the failure that an answer's status and body describe."""
    body = read_json_object(text) or {}
    message = body.get("message") or body.get("detail") or body.get("title") or ""
    return failure_of(status, _find_own_code(body.get("code"), status), str(message))


def failure_of(status: int, code: int | None, message: str) -> TwilioError:
    """Return the failure for a status and one of Twilio's error codes."""
    return _kind_of(status, code)(describe_answer(status, code, message), status=status, code=code)


def read_json_object(text: str) -> dict[str, Any] | None:
    """Return the JSON object that a body is; None if it is anything else, such as half of one or a proxy's page.

    A number with a point is a Decimal: no figure passes through a float.
    """
    try:
        body = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError):  # a number that is too long is no JSONDecodeError
        return None
    return body if isinstance(body, dict) else None


def describe_answer(status: int, code: int | None, message: str) -> str:
    """Describe an answer: `Twilio answered 400, error 21456 Invalid CallbackUrl`."""
    details = " ".join(part for part in (f"error {code}" if code else "", message) if part)
    return f"Twilio answered {status}" + (f", {details}" if details else "")


def clean(text: str) -> str:
    """Return text from outside as one line without what could be secret: parts of URLs, and auth tokens."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    line = re.sub(r"(https?://)[^/\s@]*@", r"\1", line)
    line = re.sub(r"(https?://[^\s?'\"]*)\?[^\s'\"]*", r"\1?…", line)
    line = re.sub(rf"\b{DIGITS}\b", "…", redact(line))
    return line if len(line) <= LONGEST_MESSAGE else f"{line[:LONGEST_MESSAGE]}…"


def _kind_of(status: int, code: int | None) -> type[TwilioError]:
    if status == 404:
        return NotFound
    if status == 429:
        return TooManyRequests
    if status == 401 or code in _NOT_ACTIVE:
        return Unauthorized
    return Refused if 400 <= status < 500 or status == 501 else Unreachable


def _find_own_code(code: object, status: int) -> int | None:
    """Return Twilio's code; the SDK puts the HTTP status there when the body has none."""
    return code if isinstance(code, int) and code != status else None


def _without_prefix(message: str) -> str:
    return re.sub(r"^Unable to (create|fetch|update|delete|patch) (record|page)(: )?", "", message)
