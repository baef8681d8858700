"""A request of Twilio as far as its signature is concerned: which URLs may be signed, and by whose token it was."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qsl

from tenantry.receiver.index import Recipient, public_urls
from tenantry.text.sids import ACCOUNT_SID
from tenantry.twilio.webhook_signature import Form, form_of, is_signed

FORM = "application/x-www-form-urlencoded"
MOST_FIELDS = 100
_ACCOUNT = re.compile(rf"(?:^|&)AccountSid=({ACCOUNT_SID})(?:&|$)".encode())


@dataclass(frozen=True)
class Signed:
    """A request with its signature; path and query are as they came, without any decoding."""

    method: str
    path: str
    query: str
    content_type: str
    signature: str
    raw: bytes

    @property
    def account(self) -> str:
        """Whose queue it waits in: the account that it names, else its path. It may be forged."""
        fields = self.query.encode() if self.method == "GET" else self.raw
        named = _ACCOUNT.search(fields) if self.is_form else None
        return named[1].decode() if named else self.path

    @property
    def is_form(self) -> bool:
        """Whether it has fields: those of a form, or of a GET's query."""
        return self.method == "GET" or self.content_type.partition(";")[0].strip().lower() == FORM

    @cached_property
    def fields(self) -> Form | None:
        """The fields of a form, or of a GET's query; None for JSON. Raises ValueError for too many."""
        if not self.is_form:
            return None
        text = self.query if self.method == "GET" else self.text
        return form_of(parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS))

    @cached_property
    def text(self) -> str:
        """The body; one that is no UTF-8 has another hash then."""
        return self.raw.decode("utf-8", "replace")

    def is_by(self, token: str, urls: Iterable[str]) -> bool:
        """Return whether a token signed it, for one of these URLs."""
        form = None if self.method == "GET" else self.fields
        return any(is_signed(token, url, self.signature, form=form, body=self.text) for url in urls)

    def urls(self, recipient: Recipient) -> Iterator[str]:
        """Yield the URLs that Twilio may have signed for a tenant: those configured for it, at the path that it has."""
        for configured in recipient.callback_urls:
            yield from public_urls(configured, self.path, self.query)
