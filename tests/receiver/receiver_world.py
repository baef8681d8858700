"""A vendor whose customers have caps: a fake Twilio that calls a real receiver, and an application that gets notices.

Time moves only when a test moves it. The receiver answers in a thread of its own; what it does beside that, a test
does itself, one job after the other.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import requests
from cap_manifest import CAP, ON_FIRE
from fake_receiver import Receiver
from served_receiver import Served
from twilio.request_validator import RequestValidator

from faketwilio.control.console import act
from faketwilio.server import FakeTwilio
from faketwilio.store.behaviour import Behaviour
from faketwilio.store.clock import Clock
from faketwilio.store.store import Store
from tenantry.engine.state.deployment import StateResource
from tenantry.ledger.address import Address, SqliteAddress
from tenantry.ledger.cap_events import CapEvent, find_events
from tenantry.ledger.check import find_problems
from tenantry.ledger.connection import Ledger
from tenantry.ledger.notices import notices_of
from tenantry.ledger.suspensions import Suspension, open_suspensions, suspensions_of
from tenantry.ledger.values import StackRef
from tenantry.manifest.load import load_or_refuse
from tenantry.model.resources import resources_of
from tenantry.operations.caps.duty import Duty
from tenantry.operations.caps.sweep import Swept, sweep_caps
from tenantry.operations.caps.sync import sync_standing
from tenantry.operations.ledger.opening import Place
from tenantry.operations.notices.send import Target
from tenantry.receiver.jobs import Jobs
from tenantry.receiver.metrics import Metrics
from tenantry.receiver.settings import ReceiverSettings

MARCH = datetime(2026, 3, 15, 12, tzinfo=UTC)
HOST = "hooks.owl.example"
PREFIX = "/twilio"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


class ReceiverWorld:
    """One stack with its ledger, its Twilio, its receiver and its application."""

    def __init__(self, folder: Path, address: Address, *, behaviour: Behaviour | None = None) -> None:
        self.folder = folder / "owl"
        self.address = address
        self.instant = MARCH
        self.application = Receiver()
        self.fake = FakeTwilio(Store(clock=Clock(self._now), behaviour=behaviour))
        self.sids: dict[str, str] = {}
        self.triggers: dict[str, dict[str, str]] = {}
        self.server: Served | None = None
        self.shadow = False
        (self.folder / "tenants").mkdir(parents=True)
        where = str(address) if isinstance(address, SqliteAddress) else "postgresql:"
        project = {
            "format": 1,
            "webhooks": f"https://{HOST}{PREFIX}",
            "ledger": where,
            "notices": {"url": self.application.url, "secret_from": "NOTICES_SECRET"},
        }
        (self.folder / "tenantry.yaml").write_text(json.dumps(project))
        self.fake.start()

    def close(self) -> None:
        """Stop everything."""
        self.stop()
        self.fake.stop()
        self.application.stop()

    def _now(self) -> float:
        return self.instant.timestamp()

    # --- what people and Twilio have

    @property
    def parent(self) -> str:
        return self.fake.account_sid

    @property
    def environ(self) -> Mapping[str, str]:
        return {
            "TWILIO_ACCOUNT_SID": self.fake.account_sid,
            "TWILIO_AUTH_TOKEN": self.fake.auth_token,
            "TENANTRY_TWILIO_URL": self.fake.url,
            "TENANTRY_LEDGER_URL": getattr(self.address, "url", ""),
            "NOTICES_SECRET": SECRET,
        }

    def write(self, slug: str = "acme", more: str = f"    on_fire: {ON_FIRE}\n") -> None:
        """Write a tenant's manifest, whose cap has these lines too."""
        text = CAP.format(slug=slug, name=f"{slug.title()} Dental") + more
        (self.folder / "tenants" / f"{slug}.yaml").write_text(text)

    def up(self) -> None:
        """Make at Twilio what manifests say and is not there yet, and tell the receiver."""
        loaded = load_or_refuse(self.folder)
        session = self.duty.open_session()
        for slug, tenant in loaded.tenants.items():
            if slug not in self.sids:
                self.sids[slug] = session.subaccounts.create(f"{tenant.name} ({slug})").sid
            sids = self.triggers.setdefault(slug, {})
            for resource in resources_of(tenant, self.instant.date()):
                key = resource.entry.partition("/")[2]
                if resource.kind == "usage_trigger" and key not in sids:
                    sids[key] = session.usage_triggers.create(self.sids[slug], resource.spec).sid
        self.sync()

    def sync(self) -> None:
        """Tell the receiver how tenants stand."""
        loaded = load_or_refuse(self.folder)
        state = [_resource("subaccount", slug, sid) for slug, sid in self.sids.items()]
        state += [
            _resource("usage_trigger", f"{slug}/usage_trigger/{key}", sid)
            for slug, sids in self.triggers.items()
            for key, sid in sids.items()
        ]
        with self.ledger() as ledger:
            sync_standing(ledger, self.stack, loaded, state, "abc")

    def use(self, count: int, slug: str = "acme", category: str = "sms") -> None:
        """Let a tenant use something."""
        amounts = {"count": count, "usage": count, "price": "0.05"}
        self.control("/usage", {"account": self.sids[slug], "category": category, **amounts})

    def move(self, to: datetime | timedelta) -> None:
        """Let it be later; what Twilio is to do until then is done."""
        self.instant = self.instant + to if isinstance(to, timedelta) else to
        self.control("/deliveries/run")

    def fire(self, count: int = 1000, slug: str = "acme") -> None:
        """Let a tenant use so many SMS, and Twilio notice."""
        self.use(count, slug)
        self.move(timedelta(seconds=61))

    def control(self, path: str, order: Any = None) -> Any:
        answer = requests.post(f"{self.fake.url}/_fake{path}", json=order, timeout=120)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def read(self, path: str) -> Any:
        """Read something of Twilio as the parent account."""
        who = (self.fake.account_sid, self.fake.auth_token)
        return requests.get(self.fake.url + path, auth=who, headers={"Host": "api.twilio.com"}, timeout=120).json()

    def in_console(self, status: str, slug: str = "acme") -> None:
        """Let a person set an account's status."""
        act(self.fake.store, {"set": self.sids[slug], "fields": {"status": status}})

    def status(self, slug: str = "acme") -> str:
        return self.fake.store.accounts.get(self.sids[slug]).status

    def writes(self) -> list[tuple[str, str]]:
        """Every write that Twilio was asked for since this was asked last."""
        found = [(method, path) for method, _, path, *_ in self.fake.store.request_log.log if method != "GET"]
        self.fake.store.request_log.clear()
        return [(method, path) for method, path in found if not path.startswith("/_fake")]

    # --- the receiver

    @property
    def stack(self) -> StackRef:
        return StackRef(self.parent)

    @property
    def duty(self) -> Duty:
        stack = load_or_refuse(self.folder).stack
        return Duty(Place(self.folder, stack, self.environ), self.parent, clock=lambda: self.instant)

    @property
    def settings(self) -> ReceiverSettings:
        target = Target(self.application.url, (SECRET,))
        return ReceiverSettings(self.duty, target, shadow=self.shadow, runs_jobs=False, body_seconds=0.3)

    def serve(self, root_path: str = "") -> None:
        """Let the receiver answer, at the host that manifests name."""
        self.server = Served(self.settings, root_path)
        self.control("/deliveries/routes", {HOST: self.server.url})
        requests.get(f"{self.server.url}/healthz", timeout=120)  # answered once it has read what there is

    def send(
        self,
        fields: Mapping[str, str] | None = None,
        *,
        url: str = f"https://{HOST}{PREFIX}/usage",
        signed: str | None = None,
        token: str | None = None,
        body: bytes | None = None,
        more: Mapping[str, str] | None = None,
        to: str | None = None,
    ) -> int:
        """Send a form as Twilio does, signed by its SDK, and return the status.

        `signed` is the URL that is signed, where it is another than the configured one; `to` the path that is asked
        for, `more` are headers, and `body` is what is sent in place of the fields.
        """
        fields = self.callback() if fields is None else fields
        key = self.token() if token is None else token
        headers = {"X-Twilio-Signature": RequestValidator(key).compute_signature(signed or url, dict(fields))}
        headers |= {"Content-Type": "application/x-www-form-urlencoded", **(more or {})}
        path = to if to is not None else url.removeprefix(f"https://{HOST}")
        kept = {name: value for name, value in headers.items() if value}
        form = urlencode(fields).encode() if body is None else body
        return requests.post(self.server.url + path, data=form, headers=kept, timeout=120).status_code

    def sign(self, url: str) -> str:
        """Return acme's signature of a URL alone."""
        return RequestValidator(self.token()).compute_signature(url, {})

    def get(self, path: str, signature: str) -> int:
        """Ask the receiver with GET, and return the status."""
        headers = {"X-Twilio-Signature": signature}
        return requests.get(self.server.url + path, headers=headers, timeout=120).status_code

    def callback(self, slug: str = "acme", **other: str) -> dict[str, str]:
        """Return the fields of a callback of a tenant's cap, as Twilio sends them."""
        return {
            "AccountSid": self.sids[slug],
            "UsageTriggerSid": self.triggers[slug]["monthly-sms"],
            "DateFired": format_datetime(self.instant),
            "Recurring": "monthly",
            "UsageCategory": "sms",
            "TriggerBy": "count",
            "TriggerValue": "1000.000000",
            "CurrentValue": "1000.000000",
            "IdempotencyToken": "token",
            **other,
        }

    def token(self, slug: str = "acme") -> str:
        """Return an account's primary auth token."""
        return self.fake.store.accounts.get(self.sids[slug]).auth_token

    def stop(self) -> None:
        """Stop the receiver, if it runs."""
        if self.server is not None:
            self.server.stop()
            self.server = None

    def ledger(self) -> Ledger:
        return self.duty.open_ledger()

    def work(self) -> None:
        """Let the receiver do what is to be done: decide, let accounts follow, send notices."""
        jobs = Jobs(self.settings, Metrics())
        with self.ledger() as ledger:
            while jobs.decide(ledger):
                pass
            jobs.follow(ledger)
            while jobs.notify(ledger):
                pass
        self.instant += timedelta(seconds=1)  # what comes next is later

    def sweep(self) -> Swept:
        """Sweep, and do what follows from it."""
        with self.ledger() as ledger:
            session = self.duty.open_session()
            self.duty.agree_on_time(ledger, session)
            swept = sweep_caps(ledger, session, self.parent)
        self.work()
        return swept

    # --- what can be seen

    def list_notices(self) -> list[str]:
        """The types of notices in the ledger, the oldest first."""
        with self.ledger() as ledger:
            return [notice.type for notice in notices_of(ledger, self.parent)]

    def reasons(self, slug: str = "acme") -> list[str]:
        with self.ledger() as ledger:
            assert find_problems(ledger) == ()
            return [row.reason for row in open_suspensions(ledger, self.parent, slug)]

    def suspensions(self, slug: str = "acme") -> tuple[Suspension, ...]:
        with self.ledger() as ledger:
            return suspensions_of(ledger, self.parent, slug)

    def events(self) -> list[CapEvent]:
        with self.ledger() as ledger:
            found = [find_events(ledger, self.parent, status) for status in ("waiting", "awaiting", "holding", "done")]
        return sorted((event for events in found for event in events), key=lambda event: event.id)


def _resource(kind: Any, name: str, sid: str) -> StateResource:
    return StateResource("", "", kind, name, sid, {}, {})
