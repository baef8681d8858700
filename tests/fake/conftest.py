"""A running fake, the raw wire to it, and the real SDK's clients pointed at it."""

import json
from urllib.parse import urlsplit

import pytest
import requests
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from tenantry.fake.clock import Clock
from tenantry.fake.server import FakeTwilio
from tenantry.fake.store import Store

NOON = 1_800_014_400.0  # 2027-01-15 12:00 GMT; time moves only when a test moves it
V2010 = "/2010-04-01/Accounts"


class Wire:
    """Raw HTTP to the fake, as one of Twilio's hosts; the parent's credentials unless others are given."""

    def __init__(self, fake):
        self.fake = fake
        self.session = requests.Session()
        self.session.trust_env = False

    def __call__(self, method, path, *, host="api.twilio.com", auth=None, headers=None, **more):
        auth = auth or (self.fake.account_sid, self.fake.auth_token)
        headers = {"Host": host, **(headers or {})}
        return self.session.request(
            method, self.fake.url + path, auth=auth, headers=headers, timeout=20, allow_redirects=False, **more
        )

    def iam(self, method, path, **more):
        return self(method, path, host="iam.twilio.com", **more)

    def events(self, method, path, **more):
        return self(method, path, host="events.twilio.com", **more)

    def fake_control(self, method, path, order=None):
        return self.session.request(method, f"{self.fake.url}/_fake{path}", json=order, timeout=20)

    def subaccount(self, name="Acme"):
        return self("POST", f"{V2010}.json", data={"FriendlyName": name}).json()

    def key(self, account, **console_fields):
        """Credentials of a key of that account, made as in the Console: a main or a restricted one too."""
        made = self.fake_control(
            "POST", "/console", {"create": "api_key", "account": account, "fields": console_fields}
        )
        return made.json()["sid"], made.json()["secret"]

    def trigger(self, account_sid, **more):
        data = {"CallbackUrl": "https://a.example/u", "TriggerValue": "1000", "UsageCategory": "sms"} | more
        return self("POST", f"{V2010}/{account_sid}/Usage/Triggers.json", data=data)

    def sink(self, auth, configuration=None, **more):
        text = json.dumps(configuration or {"destination": "https://a.example/e"})
        data = {"Description": "errors", "SinkType": "webhook", "SinkConfiguration": text} | more
        return self.events("POST", "/v1/Sinks", auth=auth, data=data)

    def subscription(self, auth, sink_sid, types=('{"type":"com.twilio.error-logs.error.logged"}',), **more):
        data = {"Description": "errors", "SinkSid": sink_sid, "Types": list(types)} | more
        return self.events("POST", "/v1/Subscriptions", auth=auth, data=data)


class _FakeHttp(TwilioHttpClient):
    def __init__(self, base):
        super().__init__(timeout=20)
        self.base = base

    def request(self, method, url, *args, headers=None, **more):
        parts = urlsplit(url)
        target = f"{self.base}{parts.path}" + (f"?{parts.query}" if parts.query else "")
        return super().request(method, target, *args, headers={**(headers or {}), "Host": parts.netloc}, **more)


@pytest.fixture
def fake():
    with FakeTwilio(Store(seed=7, clock=Clock(lambda: NOON))) as running:
        yield running


@pytest.fixture
def wire(fake):
    wire = Wire(fake)
    yield wire
    wire.session.close()


@pytest.fixture
def sdk(fake, monkeypatch):
    """A maker of real SDK clients, by username and password."""
    for variable in ("TWILIO_EDGE", "TWILIO_REGION", "http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(variable, raising=False)
    clients = []

    def _client(username=fake.account_sid, password=None):
        clients.append(Client(username, password or fake.auth_token, http_client=_FakeHttp(fake.url)))
        return clients[-1]

    yield _client
    for client in clients:
        client.http_client.session.close()


@pytest.fixture
def parent(sdk):
    """The SDK as the parent account."""
    return sdk()


@pytest.fixture
def acme(wire):
    """A subaccount, as the JSON that made it."""
    return wire.subaccount("Acme Dental (acme)")


@pytest.fixture
def acme_auth(acme):
    return acme["sid"], acme["auth_token"]


@pytest.fixture
def acme_client(sdk, acme):
    """The SDK as the subaccount."""
    return sdk(acme["sid"], acme["auth_token"])
