"""X-Twilio-Signature, as twilio.com/docs/usage/webhooks/webhooks-security tells it."""

import base64
import hashlib
import hmac
from collections.abc import Mapping


def sign_form(token: str, url: str, form: Mapping[str, str]) -> str:
    """HMAC-SHA1 over the URL and the sorted form; a GET has all in its URL and no form."""
    signed = url + "".join(f"{name}{value}" for name, value in sorted(form.items()))
    return base64.b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()


def with_body_hash(url: str, body: bytes) -> str:
    """The URL to which JSON is sent, and over which alone it is signed: the hash in it vouches for the body."""
    return f"{url}{'&' if '?' in url else '?'}bodySHA256={hashlib.sha256(body).hexdigest()}"
