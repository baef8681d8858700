"""A running fake, the raw wire to it, and the real SDK's clients pointed at it."""

import json

import pytest
import requests
from fake_receiver import Receiver

from faketwilio.client import client_of
from faketwilio.server import FakeTwilio
from faketwilio.store.clock import Clock
from faketwilio.store.store import Store

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
            method, self.fake.url + path, auth=auth, headers=headers, timeout=120, allow_redirects=False, **more
        )

    def iam(self, method, path, **more):
        return self(method, path, host="iam.twilio.com", **more)

    def events(self, method, path, **more):
        return self(method, path, host="events.twilio.com", **more)

    def fake_control(self, method, path, order=None):
        return self.session.request(method, f"{self.fake.url}/_fake{path}", json=order, timeout=120)

    def monitor(self, method, path, **more):
        return self(method, path, host="monitor.twilio.com", **more)

    def advance(self, seconds):
        """Move the fake's clock; all that falls due meanwhile is over when this returns."""
        assert self.fake_control("POST", "/clock", {"advance_seconds": seconds}).status_code == 200

    def seed(self, kind, account, *, count=1, start=None, end=None, **values):
        """Records past the API's rules; returns their SIDs. `values` are fields, `from_` for `from`."""
        values = {name.rstrip("_"): value for name, value in values.items()}
        period = {"start": start, "end": end} if start else {}
        order = {"kind": kind, "account": account, "count": count, "fields": values, **period}
        created = self.fake_control("POST", "/seed", order)
        assert created.status_code == 200, created.text
        return created.json()["sids"]

    def deliveries(self):
        """All deliveries, once what is due was attempted."""
        return self.fake_control("POST", "/deliveries/run").json()

    def subaccount(self, name="Acme"):
        return self("POST", f"{V2010}.json", data={"FriendlyName": name}).json()

    def key(self, account, **console_fields):
        """Credentials of a key of that account, made as in the Console: a main or a restricted one too."""
        created = self.fake_control(
            "POST", "/console", {"create": "api_key", "account": account, "fields": console_fields}
        )
        return created.json()["sid"], created.json()["secret"]

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
def sdk(fake):
    """A maker of real SDK clients, by username and password."""
    clients = []

    def _client(username=None, password=None):
        clients.append(client_of(fake, username, password, timeout=120))
        return clients[-1]

    yield _client
    for client in clients:
        client.http_client.session.close()


@pytest.fixture
def receiver():
    """A webhook of a customer on this machine."""
    receiver = Receiver()
    yield receiver
    receiver.stop()


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


@pytest.fixture
def subscribe(wire, acme_auth, receiver):
    """Make a sink at the receiver that gets the error log; returns its SID."""

    def _subscribe(path="/errors", **configuration):
        sink = wire.sink(acme_auth, {"destination": receiver.url + path, **configuration}).json()["sid"]
        assert wire.subscription(acme_auth, sink).status_code == 201
        return sink

    return _subscribe


@pytest.fixture
def log(wire, acme):
    def _log(level="error", **more):
        return wire.fake_control("POST", "/errors", {"account": acme["sid"], "level": level, **more}).json()

    return _log


@pytest.fixture
def use(wire, acme):
    def _use(category, count, price="0", account=None, **more):
        amounts = {"count": count, "usage": count, "price": price}
        order = {"account": account or acme["sid"], "category": category, **amounts, **more}
        assert wire.fake_control("POST", "/usage", order).status_code == 200

    return _use


@pytest.fixture
def rows(wire):
    """The rows of an account, by category; those of zeros are left out."""

    def _rows(account, kind="", **params):
        path = f"{V2010}/{account}/Usage/Records{kind}.json"
        listed = wire("GET", path, params={"PageSize": 1000, **params}).json()
        return {row["category"]: row for row in listed["usage_records"] if row["usage"] != "0"}

    return _rows
