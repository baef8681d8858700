"""What the calls need: clients of the real SDK, and one object of each kind, made when it is first asked for."""

import json
from collections.abc import Callable
from functools import cached_property
from typing import Any

import requests
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from faketwilio.control.organization import change_organization
from faketwilio.hosts.events.records import EventSink
from faketwilio.hosts.organization.records import Organization
from faketwilio.server import FakeTwilio

ERROR_TYPE = "com.twilio.error-logs.error.logged"
CUSTOMER = "+14155550100"
OTHER_TYPE = "com.twilio.messaging.message.delivered"


class World:
    """An empty Twilio at first; subaccount Acme and what it has come into being as they are used."""

    def __init__(self, fake: FakeTwilio, http: TwilioHttpClient) -> None:
        self._fake = fake
        self._http = http
        self.parent = self._client(fake.account_sid, fake.auth_token)

    def control(self, path: str, order: dict[str, Any]) -> Any:
        """An order to the control plane; raises when it is refused."""
        with requests.Session() as session:
            session.trust_env = False
            answer = session.post(f"{self._fake.url}/_fake{path}", json=order, timeout=120)
        answer.raise_for_status()
        return answer.json()

    @cached_property
    def made(self) -> Any:
        """Subaccount Acme, as the SDK made it."""
        return self.parent.api.v2010.accounts.create(friendly_name="Acme")

    @cached_property
    def acme(self) -> Any:
        """Acme as a v2010 resource that the parent acts on."""
        return self.parent.api.v2010.accounts(self.made.sid)

    @cached_property
    def client(self) -> Client:
        """The SDK with Acme's own credentials, as product hosts need it."""
        return self._client(self.made.sid, self.made.auth_token)

    @cached_property
    def key(self) -> Any:
        return self.acme.new_keys.create(friendly_name="web")

    @cached_property
    def trigger(self) -> Any:
        return self.acme.usage.triggers.create(
            callback_url="https://a.example/u",
            trigger_value="1000",
            usage_category="sms",
            callback_method="POST",
            friendly_name="monthly",
            recurring="monthly",
            trigger_by="count",
        )

    @cached_property
    def sink(self) -> Any:
        return self.new_sink()

    def new_sink(self, sink_type: str = "webhook") -> Any:
        configuration = {"destination": "https://a.example/e"} if sink_type == "webhook" else {"arn": "arn:aws:kinesis"}
        return self.client.events.v1.sinks.create(
            description="errors", sink_type=sink_type, sink_configuration=json.dumps(configuration)
        )

    @cached_property
    def subscription(self) -> Any:
        return self.client.events.v1.subscriptions.create(
            description="errors", sink_sid=self.sink.sid, types=[{"type": ERROR_TYPE}]
        )

    @cached_property
    def alert(self) -> str:
        """The SID of an alert that a webhook caused in Acme."""
        details = {
            "resource_sid": f"CA{'0' * 32}",
            "request_method": "POST",
            "request_url": "https://a.example/voice",
            "request_variables": "Direction=inbound",
            "request_headers": "Host: a.example",
            "response_headers": "Content-Length: 4",
            "response_body": "oops",
        }
        return str(self.control("/errors", {"account": self.made.sid, **details})["alert"])

    @cached_property
    def number(self) -> Any:
        return self.acme.incoming_phone_numbers.create(phone_number="+15005550006")

    @cached_property
    def message(self) -> Any:
        media = ["https://a.example/cat.png"]
        return self.acme.messages.create(CUSTOMER, from_=self.number.phone_number, body="Hello", media_url=media)

    @cached_property
    def phone_call(self) -> Any:
        return self.acme.calls.create(CUSTOMER, self.number.phone_number, url="https://a.example/voice")

    @cached_property
    def conference(self) -> str:
        return self.seed("conference", friendly_name="Standup", status="in-progress")

    @cached_property
    def recording(self) -> str:
        return self.seed("recording", call_sid=self.phone_call.sid, price="-0.0025")

    @cached_property
    def conference_recording(self) -> str:
        return self.seed("recording", call_sid=self.phone_call.sid, conference_sid=self.conference, source="Conference")

    @cached_property
    def transcription(self) -> str:
        return self.seed("transcription", recording_sid=self.recording, price="-0.05")

    @cached_property
    def notification(self) -> str:
        request = {"request_method": "GET", "request_url": "https://a.example/voice"}
        return self.seed("notification", call_sid=self.phone_call.sid, **request)

    def seed(self, kind: str, count: int = 1, **fields: Any) -> str:
        """The SID of the first of some records in Acme that no API makes."""
        order = {"kind": kind, "account": self.made.sid, "count": count, "fields": fields}
        return str(self.control("/seed", order)["sids"][0])

    def passes(self, seconds: int) -> None:
        """Let time pass, so that messages arrive and calls end."""
        self.control("/clock", {"advance_seconds": seconds})

    def get(self, url: str) -> None:
        """What the SDK has no word for."""
        self._http.request("GET", url)

    def token(self) -> str:
        """The access token of the Organization's OAuth app."""
        organization = self._fake.store.part(Organization)
        data = {"client_id": organization.client_id, "client_secret": organization.client_secret}
        answer = self._http.request(
            "POST", "https://oauth.twilio.com/v2/token", data={"grant_type": "client_credentials", **data}
        )
        return str(json.loads(answer.text)["access_token"])

    def get_organization(self, path: str) -> None:
        """A list of the Organization that has one user."""
        sid = change_organization(self._fake.store, {"user": "ana@owl.example"})["sid"]
        headers = {"Authorization": f"Bearer {self.token()}"}
        url = f"https://iam.twilio.com/v2/Organizations/{sid}/{path}"
        self._http.request("GET", url.replace("{OR}", sid), headers=headers)

    @property
    def test_id(self) -> str:
        """What the test event of the kinesis sink carried: its receiver would know it."""
        return str(self._fake.store.table(EventSink).of(self.made.sid)[0].test_id)

    def _client(self, username: str, password: str) -> Client:
        return Client(username, password, http_client=self._http, environment={"TWILIO_ACCOUNT_SID": username})


Call = Callable[[World], object]
