"""Lists of /2010-04-01 that are read as they were written: numbers become Decimal and never pass through a float.

The SDK turns a JSON number into a float before it makes a Decimal of it, and builds an object of 20 fields for each of
the 643 usage records of an account.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from tenantry.twilio.errors import Refused, Unreachable
from tenantry.twilio.live import PAGE_SIZE

if TYPE_CHECKING:
    from twilio.rest import Client

Row = Mapping[str, Any]


def read_rows(client: Client, path: str, key: str, params: Mapping[str, str]) -> Iterator[Row]:
    """Yield the rows of all pages of a list, below the account's path; raises the SDK's errors and TwilioError."""
    version = client.api.v2010
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
        if not (following := page.get("next_page_uri")):
            return
        response = client.request("GET", version.domain.absolute_url(following))


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
