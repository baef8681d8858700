"""What a failed connection means: whether the call can have been sent, and a reason that names no URL."""

import ssl
from collections.abc import Iterator
from http.client import IncompleteRead

import requests
from urllib3.exceptions import (
    ConnectTimeoutError,
    DecodeError,
    HTTPError,
    NewConnectionError,
    ProxyError,
    ReadTimeoutError,
    SSLError,
)

NO_ANSWER = (requests.RequestException, HTTPError)
"""What is raised when there is no answer, or only a part of one."""

_BEFORE_SENDING = (ConnectTimeoutError, NewConnectionError, ProxyError, ssl.SSLCertVerificationError)


class AnswerTooSlow(requests.Timeout):
    """An answer that came, but did not end."""


class AnswerTooLong(requests.RequestException):
    """An answer that is longer than any of Twilio's, of which the rest is not read."""


def is_never_sent(error: Exception) -> bool:
    """Return whether no byte of the call can have reached the other side."""
    return any(isinstance(cause, _BEFORE_SENDING) for cause in _list_causes(error))


def reason(error: Exception) -> str:
    """Return why there was no answer. The text of the error itself holds the whole URL, so it is never used."""
    match error:
        case AnswerTooSlow():
            return "the answer came too slowly to its end"
        case AnswerTooLong():
            return "the answer was longer than any of Twilio's"
        case NewConnectionError():  # a ConnectTimeoutError too, until urllib3 3.0
            pass
        case requests.ConnectTimeout() | ConnectTimeoutError():
            return "it took too long to connect"
        case requests.Timeout() | ReadTimeoutError():
            return "it took too long to answer"
    for cause in _list_causes(error):
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror.lower()
        if isinstance(cause, IncompleteRead | DecodeError):
            return "the answer broke off"
    match error:
        case requests.exceptions.ProxyError() | ProxyError():
            return "the proxy refused"
        case requests.exceptions.SSLError() | SSLError():
            return "no secure connection"
        case _:
            return "the connection broke off"


def _list_causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and what is below it, which requests and urllib3 keep in three different places.

    Not `__context__`: it also leads to what a caller was handling when it sent this call, such as another call that
    surely was not sent.
    """
    waiting: list[object] = [error]
    seen: set[int] = set()
    while waiting:
        cause = waiting.pop()
        if not isinstance(cause, BaseException) or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        waiting += [cause.__cause__, getattr(cause, "reason", None), *cause.args]
