"""Twilio's two styles of pages: v2010 with relative links, the products' `meta` with absolute ones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar
from urllib.parse import urlencode

from faketwilio.wire.call import Call
from faketwilio.wire.errors import TwilioError, invalid
from faketwilio.wire.forms import Form

T = TypeVar("T")
DEFAULT_SIZE = 50
LARGEST_SIZE = 1000
PAGING = ("Page", "PageSize", "PageToken")


class Listed(Protocol[T]):
    """A list of which a page can be read by the name of the record next to it; names are what tokens hold."""

    def name(self, item: T) -> str: ...

    def has(self, name: str) -> bool:
        """Whether that record is (still) in the list."""
        ...

    def after(self, name: str | None, size: int) -> Sequence[T]:
        """So many records that follow that one, None: from the start."""
        ...

    def before(self, name: str, size: int) -> Sequence[T]:
        """So many records right before that one, in the list's order."""
        ...


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page: `start` counts from the first record, links are paths with queries."""

    items: Sequence[T]
    number: int
    size: int
    start: int
    current: str
    first: str
    previous: str | None
    next: str | None


def build_v2010_page(
    call: Call, key: str, records: Sequence[T], name: Callable[[T], str], render: Callable[[T], Any]
) -> Any:
    """The body of a v2010 list of a few records, in their order."""
    return build_v2010_list(call, key, _InOrder(records, name), render)


def build_v2010_list(call: Call, key: str, records: Listed[T], render: Callable[[T], Any]) -> Any:
    """The body of a v2010 list; its links are relative, so a client must put its host before them."""
    page = cut(call, records)
    return {
        "first_page_uri": page.first,
        "end": max(page.start + len(page.items) - 1, 0),
        "previous_page_uri": page.previous,
        key: [render(item) for item in page.items],
        "uri": page.current,
        "page_size": page.size,
        "start": page.start,
        "next_page_uri": page.next,
        "page": page.number,
    }


def build_meta_page(
    call: Call, key: str, records: Sequence[T], name: Callable[[T], str], render: Callable[[T], Any]
) -> Any:
    """The body of a product's list; its links name Twilio's real host: followed blindly, they leave the fake."""
    page = cut(call, _InOrder(records, name))
    host = f"https://{call.host}"
    return {
        key: [render(item) for item in page.items],
        "meta": {
            "page": page.number,
            "page_size": page.size,
            "first_page_url": host + page.first,
            "previous_page_url": page.previous and host + page.previous,
            "url": host + page.current,
            "next_page_url": page.next and host + page.next,
            "key": key,
        },
    }


def cut(call: Call, records: Listed[T]) -> Page[T]:
    """The page that the parameters ask for. `Page` alone moves nothing: only the token does."""
    params = call.params
    size, number, token = _read_size(call), _read_whole(params, "Page", 0), params.get("PageToken")
    items, is_more = _cut_window(records, token, size)

    def link(page: int, token: str | None) -> str:
        kept = [pair for pair in params.pairs if pair[0] not in PAGING]
        tail = [("PageSize", str(size)), ("Page", str(page))] + ([("PageToken", token)] if token else [])
        return f"{call.path}?{urlencode(kept + tail)}"

    first = records.name(items[0]) if items else None
    return Page(
        items=items,
        number=number,
        size=size,
        start=number * size if token else 0,
        current=link(number, token),
        first=link(0, None),
        previous=link(max(number - 1, 0), f"PB{first}") if first and records.before(first, 1) else None,
        next=link(number + 1, f"PA{records.name(items[-1])}") if is_more else None,
    )


def _cut_window(records: Listed[T], token: str | None, size: int) -> tuple[Sequence[T], bool]:
    """The records of a page, and whether more follow; raises 21481 for a token whose record is gone."""
    if token is not None and (token[:2] not in ("PA", "PB") or not records.has(token[2:])):
        raise TwilioError(400, 21481, "Invalid PageToken")
    if token is not None and token.startswith("PB"):
        items = records.before(token[2:], size)
        if len(items) == size:
            return items, True
        token = None  # less than a page is left before it: that is the first page
    found = records.after(token and token[2:], size + 1)
    return found[:size], len(found) > size


@dataclass(frozen=True)
class _InOrder(Generic[T]):
    """A list that is all there."""

    records: Sequence[T]
    name_of: Callable[[T], str]

    def name(self, item: T) -> str:
        return self.name_of(item)

    def has(self, name: str) -> bool:
        return self._place(name) is not None

    def after(self, name: str | None, size: int) -> Sequence[T]:
        place = None if name is None else self._place(name)
        start = 0 if place is None else place + 1
        return self.records[start : start + size]

    def before(self, name: str, size: int) -> Sequence[T]:
        place = self._place(name) or 0
        return self.records[max(place - size, 0) : place]

    def _place(self, name: str) -> int | None:
        return next((place for place, record in enumerate(self.records) if self.name_of(record) == name), None)


def _read_size(call: Call) -> int:
    size = _read_whole(call.params, "PageSize", DEFAULT_SIZE)
    if size > LARGEST_SIZE:
        if call.store.behaviour.too_large_pages == "cut":
            return LARGEST_SIZE
        raise TwilioError(400, 20007, "Page size too large")
    if size < 1:
        raise invalid("PageSize", size)
    return size


def _read_whole(params: Form, name: str, default: int) -> int:
    value = params.get(name)
    if value is None:
        return default
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        raise invalid(name, value)
    return int(value)
