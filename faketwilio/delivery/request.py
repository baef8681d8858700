"""A delivery as it goes over the wire."""

import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlencode, urlsplit

from faketwilio.delivery.records import Delivery
from faketwilio.delivery.signature import sign_form, with_body_hash
from faketwilio.store.records import Account

FORM_TYPE = "application/x-www-form-urlencoded; charset=utf-8"


@dataclass(frozen=True)
class Request:
    """What is sent; `added` is what Twilio adds at the end of the configured URL."""

    added: str
    headers: Mapping[str, str]
    body: bytes


def sign_request(delivery: Delivery, account: Account | None) -> Request:
    """The request, signed with the primary token that its account has now."""
    token = account.auth_token if account else ""
    if delivery.events:
        return _build_events(delivery, token)
    headers = _build_headers(delivery) | {"X-Twilio-Signature": sign_form(token, delivery.url, delivery.form)}
    kind = {"Content-Type": FORM_TYPE} if delivery.method == "POST" else {}
    return Request("", headers | kind, urlencode(delivery.form).encode())


def _build_events(delivery: Delivery, token: str) -> Request:
    body = json.dumps(delivery.events if delivery.is_batch else delivery.events[0]).encode()
    url = with_body_hash(delivery.url, body)
    headers = {"Content-Type": "application/json", "X-Twilio-Signature": sign_form(token, url, {})}
    return Request(url.removeprefix(delivery.url), _build_headers(delivery) | headers, body)


def _build_headers(delivery: Delivery) -> dict[str, str]:
    parts = urlsplit(delivery.url)
    user, at, host = parts.netloc.rpartition("@")
    headers = {"Host": host, "User-Agent": "TwilioProxy/1.1", "Accept": "*/*"}
    if at:
        headers["Authorization"] = f"Basic {b64encode(unquote(user).encode()).decode()}"
    if delivery.idempotency_token:
        headers["I-Twilio-Idempotency-Token"] = delivery.idempotency_token
    return headers
