"""Signatures of Twilio's requests: `X-Twilio-Signature`, checked by the SDK's own validator."""

import hmac
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs, urlsplit

from twilio.request_validator import RequestValidator

HEADER = "x-twilio-signature"
BODY_HASH = "bodySHA256"


class Form(dict[str, list[str]]):
    """The fields of a form, each with all of its values, as the validator asks for them first."""

    def getall(self, name: str) -> list[str]:
        """Return every value of a field."""
        return self[name]


def form_of(pairs: Sequence[tuple[str, str]]) -> Form:
    """Return the fields of a form."""
    form = Form()
    for name, value in pairs:
        form.setdefault(name, []).append(value)
    return form


def is_signed(token: str, url: str, signature: str, *, form: Mapping[str, list[str]] | None, body: str) -> bool:
    """Return whether an account's token signed a request: a form, or with None what the URL vouches for.

    `url` is the configured one with what Twilio added. JSON needs exactly one hash in the URL, of exactly this body.
    """
    if not token or not signature:
        return False
    hashes = parse_qs(urlsplit(url).query, keep_blank_values=True).get(BODY_HASH, []) if "?" in url else []
    if len(hashes) > 1 or (form is None and body and len(hashes) != 1):
        return False
    validator = RequestValidator(token)
    if form is None and hashes and not _are_equal(validator.compute_hash(body), hashes[0]):
        return False
    # Almost always the URL is signed as it is configured; the validator itself computes a second signature with the
    # other form of the port each time.
    fields = form or {}
    return _are_equal(validator.compute_signature(url, fields), signature) or bool(
        validator.validate(url, fields, signature)
    )


def _are_equal(computed: str, presented: str) -> bool:
    return hmac.compare_digest(computed.encode(), presented.encode())
