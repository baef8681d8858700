"""An answer of Twilio's that is parsed once: a page of usage records is a megabyte, and two readers need it."""

from functools import cached_property
from typing import Any

from twilio.http.response import Response

from tenantry.twilio.errors import read_json_object


class Answer(Response):  # type: ignore[misc]  # the SDK has no types
    """The SDK's response, and its body as JSON."""

    @cached_property
    def json_body(self) -> dict[str, Any] | None:
        """The JSON object of the body, its numbers exact; None if it is none."""
        return read_json_object(self.text)
