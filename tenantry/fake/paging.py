"""Twilio's two styles of pages: v2010 with relative links, the products' `meta` with absolute ones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from tenantry.fake.call import Call
from tenantry.fake.errors import TwilioError, invalid
from tenantry.fake.forms import Form

T = TypeVar("T")
DEFAULT_SIZE = 50
LARGEST_SIZE = 1000
PAGING = ("Page", "PageSize", "PageToken")


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page: `start` counts from the first record, links are paths with queries."""

    items: Sequence[T]
    number: int
    size: int
    start: int
    this: str
    first: str
    previous: str | None
    next: str | None


def v2010_page(call: Call, key: str, records: Sequence[T], name: Callable[[T], str], render: Callable[[T], Any]) -> Any:
    """The body of a v2010 list; its links are relative, so a client must put its host before them."""
    page = cut(call, records, name)
    return {
        "first_page_uri": page.first,
        "end": max(page.start + len(page.items) - 1, 0),
        "previous_page_uri": page.previous,
        key: [render(item) for item in page.items],
        "uri": page.this,
        "page_size": page.size,
        "start": page.start,
        "next_page_uri": page.next,
        "page": page.number,
    }


def meta_page(call: Call, key: str, records: Sequence[T], name: Callable[[T], str], render: Callable[[T], Any]) -> Any:
    """The body of a product's list; its links name Twilio's real host: followed blindly, they leave the fake."""
    page = cut(call, records, name)
    host = f"https://{call.host}"
    return {
        key: [render(item) for item in page.items],
        "meta": {
            "page": page.number,
            "page_size": page.size,
            "first_page_url": host + page.first,
            "previous_page_url": page.previous and host + page.previous,
            "url": host + page.this,
            "next_page_url": page.next and host + page.next,
            "key": key,
        },
    }


def cut(call: Call, records: Sequence[T], name: Callable[[T], str]) -> Page[T]:
    """The page that the parameters ask for. `Page` alone moves nothing: only the token does."""
    params = call.params
    size, number = _size(params), _whole(params, "Page", 0)
    names = [name(record) for record in records]
    start = _start(params, names, size)
    items = records[start : start + size]

    def link(page: int, token: str | None) -> str:
        kept = [pair for pair in params.pairs if pair[0] not in PAGING]
        tail = [("PageSize", str(size)), ("Page", str(page))] + ([("PageToken", token)] if token else [])
        return f"{call.path}?{urlencode(kept + tail)}"

    return Page(
        items=items,
        number=number,
        size=size,
        start=start,
        this=link(number, params.get("PageToken")),
        first=link(0, None),
        previous=link(max(number - 1, 0), f"PB{names[start]}") if items and start else None,
        next=link(number + 1, f"PA{name(items[-1])}") if start + size < len(records) else None,
    )


def _start(params: Form, names: list[str], size: int) -> int:
    token = params.get("PageToken")
    if token is None:
        return 0
    if token[2:] not in names or token[:2] not in ("PA", "PB"):
        raise TwilioError(400, 21481, "Invalid PageToken")
    place = names.index(token[2:])
    return place + 1 if token.startswith("PA") else max(place - size, 0)


def _size(params: Form) -> int:
    size = _whole(params, "PageSize", DEFAULT_SIZE)
    if size > LARGEST_SIZE:
        raise TwilioError(400, 20007, "Page size too large")
    if size < 1:
        raise invalid("PageSize", size)
    return size


def _whole(params: Form, name: str, default: int) -> int:
    value = params.get(name)
    if value is None:
        return default
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        raise invalid(name, value)
    return int(value)
