"""An answer of Twilio's that is parsed once: a page of usage records is a megabyte, and two readers need it."""

from collections.abc import Mapping
from typing import Any

from twilio.http.response import Response

from tenantry.twilio.errors import read_json_object


class Answer(Response):  # type: ignore[misc]  # the SDK has no types
    """The SDK's response, and its body as JSON. For one thread."""

    def __init__(self, status_code: int, text: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status_code, text, headers)
        self._is_parsed = False
        self._json_body: dict[str, Any] | None = None

    @property
    def json_body(self) -> dict[str, Any] | None:
        """The JSON object of the body, its numbers exact; None if it is none."""
        # No cached_property: until Python 3.12 it has one lock for all answers, for which 64 threads would wait.
        if not self._is_parsed:
            self._json_body, self._is_parsed = read_json_object(self.text), True
        return self._json_body
