"""A call as it is sent, which may be several times: written once, for none of its tries changes it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Request:
    """What goes over the wire, and where to."""

    method: str
    host: str
    """Twilio's host that it is for, wherever it is sent."""
    origin: str
    """Where it is sent: scheme, host and port, such as `http://127.0.0.1:8000`."""
    target: str
    """Path and query."""
    headers: Mapping[str, str]
    body: str | None = None

    @property
    def path(self) -> str:
        """The path alone; a query may hold what is nobody's business."""
        return self.target.partition("?")[0]

    @property
    def is_diverted(self) -> bool:
        """Whether it goes to what stands in for Twilio."""
        return self.origin != f"https://{self.host}"


def write_form(fields: Mapping[str, Any]) -> str:
    """Return fields as a form or a query; a list is a field several times, None is none."""
    return urlencode(list(_list_pairs(fields)))


def write_credentials(auth: tuple[str, str]) -> str:
    """Return the Authorization header of a user and a password."""
    return f"Basic {b64encode(':'.join(auth).encode()).decode()}"


def _list_pairs(fields: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in fields.items():
        values = value if isinstance(value, Iterable) and not isinstance(value, str | bytes) else (value,)
        yield from ((name, part) for part in values if part is not None)
