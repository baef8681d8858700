"""The SDK's HTTP client, led to the fake: it knows each request's operation, and can change it first."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from twilio.http.response import Response

from faketwilio.client import FakeHttpClient
from faketwilio.hosts.registry import list_operations_by_host

Name = tuple[str, str]  # a host and `GET /v1/Sinks/{Sid}`


@dataclass(frozen=True)
class Request:
    """What the SDK is about to send; `fields` are the form of a POST and the query of everything else."""

    operation: Name
    url: str
    fields: Mapping[str, object]


Change = Callable[[Request], Request]


class RecordingHttp(FakeHttpClient):
    """The SDK's HTTP client to the fake, which tells of each answer and the operation that gave it."""

    def __init__(self, record: Callable[[Name, Response], None]) -> None:
        super().__init__("", timeout=120)
        self.change: Change = keep_request
        self._record = record

    def request(
        self,
        method: str,
        url: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        **more: Any,
    ) -> Response:
        is_form = method == "POST"
        operation = operation_of(method, url)
        request = self.change(Request(operation, url, (data if is_form else params) or {}))
        fields = dict(request.fields)
        sent = {"data": fields, "params": params} if is_form else {"params": fields, "data": data}
        response = super().request(method, request.url, **sent, **more)
        self._record(operation, response)
        return response


def keep_request(request: Request) -> Request:
    """The request as the SDK made it."""
    return request


def operation_of(method: str, url: str) -> Name:
    """The host and the name of the operation that a request is meant for; raises LookupError for none of the fake's."""
    parts = urlsplit(url)
    for shape, name in _shapes():
        if shape.fullmatch(f"{method} {parts.netloc}{parts.path}"):
            return name
    raise LookupError(f"{method} {parts.netloc}{parts.path} is none of the fake's operations")


@cache
def _shapes() -> list[tuple[re.Pattern[str], Name]]:
    names = [
        (host, f"{item.method} {item.path}") for host, known in list_operations_by_host().items() for item in known
    ]
    # A path without names in it comes before one that a name would let match it.
    names.sort(key=lambda name: name[1].count("{"))
    return [(re.compile(_pattern(host, *operation.split(" "))), (host, operation)) for host, operation in names]


def _pattern(host: str, method: str, path: str) -> str:
    return re.escape(f"{method} {host}") + re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path))
