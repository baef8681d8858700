"""twilio-python pointed at the fake, by the way it has for it: an HTTP client of one's own.

Nothing is made easier than at Twilio: the SDK builds the same requests, and they go to another address with their own
Host header. The server imports none of this.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from faketwilio.server import FakeTwilio


class FakeHttpClient(TwilioHttpClient):  # type: ignore[misc]  # the SDK has no types
    """The SDK's own client, all of whose requests go to one URL; it takes the SDK's options (timeout, max_retries…)."""

    def __init__(self, url: str, **options: Any) -> None:
        super().__init__(**options)
        self.url = url.rstrip("/")
        if self.session is not None:
            self.session.trust_env = False  # no proxy of the environment stands before the fake
            self.session.mount("http://", self.session.get_adapter("https://"))  # with the SDK's retries and pool

    def request(
        self, method: str, url: str, *arguments: Any, headers: Mapping[str, str] | None = None, **more: Any
    ) -> Response:
        """Send what the SDK would send to Twilio; absolute links to next pages come back to the fake too."""
        parts = urlsplit(url)
        target = f"{self.url}{parts.path}" + (f"?{parts.query}" if parts.query else "")
        return super().request(method, target, *arguments, headers={**(headers or {}), "Host": parts.netloc}, **more)


def client_of(fake: FakeTwilio, username: str | None = None, password: str | None = None, **options: Any) -> Client:
    """The SDK as the parent account, or with other credentials; TWILIO_EDGE and TWILIO_REGION are not for the fake."""
    sid, token = username or fake.account_sid, password or fake.auth_token
    http_client = FakeHttpClient(fake.url, **options)
    return Client(sid, token, http_client=http_client, environment={"TWILIO_ACCOUNT_SID": sid})
