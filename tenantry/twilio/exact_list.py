"""Lists that are read as they were written: numbers become Decimal and never pass through a float.

The SDK turns a JSON number into a float before it makes a Decimal of it, and builds an object of 20 fields for each of
the 643 usage records of an account.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from tenantry.twilio.errors import Refused, Unreachable
from tenantry.twilio.live import PAGE_SIZE, once_each

if TYPE_CHECKING:
    from twilio.rest import Client

Row = Mapping[str, Any]


class Record:
    """A row of a list, its fields as attributes; one that Twilio left out is None, as in the SDK's own objects."""

    __slots__ = ("_row",)

    def __init__(self, row: Row) -> None:
        self._row = row

    def __getattr__(self, field: str) -> Any:
        return self._row.get(field)


def read_rows(client: Client, path: str, key: str, params: Mapping[str, str]) -> Iterator[Row]:
    """Yield the rows of all pages of a list of v2010; raises what `read_pages` raises."""
    return read_pages(client.api.v2010, path, key, params)


def read_records(version: Any, path: str, key: str, params: Mapping[str, str] | None = None) -> tuple[Record, ...]:
    """Return the records of a list, each SID once; raises what `read_pages` raises.

    A list of the SDK's own objects takes longer: each parses two dates, and a refresh of 1,000 tenants reads 5,000.
    """
    return once_each(map(Record, read_pages(version, path, key, params or {})))


def read_pages(version: Any, path: str, key: str, params: Mapping[str, str]) -> Iterator[Row]:
    """Yield the rows of all pages of a list, of a version of the SDK's such as `client.events.v1`.

    Raises the SDK's errors and TwilioError.
    """
    response = version.request("GET", path, params={**params, "PageSize": PAGE_SIZE})
    while True:
        if response.status_code != 200:
            raise version.exception("GET", path, response, "Unable to fetch page")
        page = response.json_body
        if page is None:
            raise Unreachable("the answer was no JSON object")
        rows = page.get(key)
        if not isinstance(rows, list):
            raise Unreachable(f"the answer has no list of {key}")
        yield from rows
        following = _find_next_page(version, page)
        if not following:
            return
        response = version.domain.twilio.request("GET", following)


def _find_next_page(version: Any, page: Mapping[str, Any]) -> str | None:
    """Return the URL of the next page: product hosts write all of it, which the transport compares with our hosts."""
    if path := page.get("next_page_uri"):
        return str(version.domain.absolute_url(path))
    url = (page.get("meta") or {}).get("next_page_url")
    return str(url) if url else None


def number_of(row: Row, field: str) -> Decimal | None:
    """Return a number of a row, which Twilio writes as text; None where it is null, empty or missing."""
    value = row.get(field)
    text = "" if value is None else str(value).strip()
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise Refused(f"its {field} is {text!r}, which is no number", next_step="Report it to Twilio's support.")
    return number


def text_of(row: Row, field: str) -> str | None:
    """Return a text of a row; None where it is null or empty."""
    value = row.get(field)
    return str(value) if value not in (None, "") else None
