"""Parent accounts as people have them: made by hand over years, read by an import in a read-only fake."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from faketwilio.control.console import act
from faketwilio.server import FakeTwilio
from tenantry.manifest.load import Loaded, load_or_refuse
from tenantry.operations.drift.story import find_drift
from tenantry.operations.drift.values import Finding
from tenantry.operations.importing.story import Imported, ImportRequest, import_accounts
from tenantry.template import is_executable, read_program
from tenantry.twilio.session import Session

TODAY = date(2026, 11, 22)
READ = ["/twilio/messaging/messages/read"]
SEND = ["/twilio/messaging/messages/create", "/twilio/messaging/messages/read"]
HOOKS = "https://hooks.owl.example"
ERRORS = "com.twilio.error-logs.error.logged"
RECEIPTS = "com.twilio.messaging.message.delivered"


class Fleet:
    """A fake whose objects people made by hand, and a folder that they are imported into."""

    def __init__(self, folder: Path, fake: FakeTwilio) -> None:
        self.folder = folder
        self.fake = fake

    def put(self, kind: str, account: str | None = None, **fields: Any) -> str:
        """Make an object as in the Console; return its SID."""
        order = {"create": kind, "account": account or self.fake.account_sid, "fields": fields}
        return str(act(self.fake.store, order)["sid"])

    def set(self, sid: str, **fields: Any) -> None:
        """Change an object as in the Console."""
        act(self.fake.store, {"set": sid, "fields": fields})

    def delete(self, sid: str) -> None:
        """Delete an object as in the Console."""
        act(self.fake.store, {"delete": sid})

    def account(self, name: str, **fields: Any) -> str:
        """Make a subaccount."""
        return self.put("subaccount", friendly_name=name, **fields)

    def key(self, account: str, name: str, policy: list[str] | None = None) -> str:
        return self.put("api_key", account, friendly_name=name, policy=policy)

    def trigger(self, account: str, name: str, category: str = "sms", value: int = 1000, **fields: Any) -> str:
        settings = {"trigger_by": "count", "recurring": "monthly", "callback_url": f"{HOOKS}/usage", **fields}
        text = f"{value}.000000"
        return self.put(
            "usage_trigger", account, friendly_name=name, usage_category=category, trigger_value=text, **settings
        )

    def webhook(
        self, account: str, url: str, types: tuple[str, ...] = (ERRORS,), name: str = "Errors"
    ) -> tuple[str, str]:
        """Make a sink and its subscription."""
        to = {"destination": url, "method": "post", "batch_events": False}
        sink = self.put("event_sink", account, description=name, sink_configuration=to)
        subscription = self.put(
            "event_subscription", account, description=f"{name} to us", sink_sid=sink, types=dict.fromkeys(types, 1)
        )
        return sink, subscription

    def customer(self, name: str, slug: str, sms: int = 1000) -> str:
        """Make a subaccount as this ISV makes them: two keys, three triggers, a sink, a subscription."""
        account = self.account(name)
        self.key(account, "Web")
        self.key(account, "Sender", SEND)
        self.trigger(account, "Monthly SMS", value=sms)
        self.trigger(account, "Monthly calls", "calls", 300)
        self.trigger(account, "Daily spend", "totalprice", 25, trigger_by="price", recurring="daily")
        self.webhook(account, f"{HOOKS}/errors/{slug}")
        return account

    @property
    def environ(self) -> Mapping[str, str]:
        return {
            "TWILIO_ACCOUNT_SID": self.fake.account_sid,
            "TWILIO_AUTH_TOKEN": self.fake.auth_token,
            "TENANTRY_TWILIO_URL": self.fake.url,
        }

    def run(self, on_account: Callable[[int], None] = lambda _: None, **options: Any) -> Imported:
        """Import, while Twilio refuses every write."""
        self.switch(read_only=True)
        program = read_program(self.folder)
        request = ImportRequest(
            root=self.folder,
            stack=None,
            environ=self.environ,
            today=TODAY,
            starter=program,
            executable=frozenset(filter(is_executable, program)),
            **options,
        )
        try:
            return import_accounts(request, on_account)
        finally:
            self.switch(read_only=False)

    def switch(self, **values: Any) -> None:
        self.fake.store.behaviour = self.fake.store.behaviour.with_values(values)

    @property
    def loaded(self) -> Loaded:
        return load_or_refuse(self.folder, "production")

    def drift(self) -> list[Finding]:
        """Return what drift finds without a state, notes aside."""
        report = find_drift(self.loaded, None, Session.from_env(self.environ), TODAY)
        return [finding for group in report.groups for finding in group.findings if finding.severity != "note"]

    def files(self) -> dict[str, bytes]:
        """Return the project, byte for byte, without what is the same in every one."""
        kept = ("tenantry.yaml", "defaults.yaml", "import.yaml", "plans/", "tenants/", "waivers/")
        paths = (path for path in self.folder.rglob("*") if path.is_file())
        found = {path.relative_to(self.folder).as_posix(): path.read_bytes() for path in paths}
        return {name: content for name, content in sorted(found.items()) if name.startswith(kept)}

    def text(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")


def make_ugly(fleet: Fleet) -> dict[str, str]:
    """Fill a fleet with what goes wrong in real ones; return accounts by what they are about."""
    names = {
        "plain": "Acme Dental",
        "case": "ACME dental",
        "marked": "Birch Dental (birch)",
        "marked twice": "Birch North (cedar)",
        "and again": "Birch South (cedar)",
        "emoji": "🦷🦷",
        "unicode": "Zahnärzte Großmann & Łukasz — Praxis Süd",
        "kanji": "歯科医院",
        "digits": "3M Dental",
        "long": "The very long name of a practice of dentists in the west of town",
        "reserved": "Fleet",
    }
    accounts = {about: fleet.customer(name, "x") for about, name in names.items()}
    plain = accounts["plain"]
    fleet.key(plain, "Web")  # several of one name
    fleet.key(plain, "")
    fleet.trigger(plain, "Trigger for sms at count of 500", value=500)
    fleet.trigger(plain, "Secret", callback_url="https://user:pass@hooks.owl.example/usage")
    fleet.trigger(plain, "Token", callback_url=f"{HOOKS}/usage?token=abc")
    fleet.webhook(plain, f"{HOOKS}/receipts", (RECEIPTS,), "Receipts")
    fleet.webhook(accounts["case"], f"{HOOKS}/more", (ERRORS, RECEIPTS), "tenantry:debugger")
    fleet.put("event_sink", accounts["digits"], description="nobody's")
    accounts["suspended"] = fleet.account("Elm Dental", status="suspended")
    accounts["closed"] = fleet.account("Gone Dental", status="closed")
    accounts["empty"] = fleet.account("Empty Dental")
    return accounts


def make_ten(fleet: Fleet) -> None:
    """Fill a fleet as docs/import.md has it: ten customers of two plans, and what does not fit."""
    for number, name in enumerate(
        ["Acme", "Birch", "Cedar", "Elm", "Fir", "Hazel", "Larch", "Maple", "Oak", "Pine"],
    ):
        fleet.customer(f"{name} Dental", f"{name.lower()}-dental", 1000 if number % 2 else 5000)
    acme = next(
        account.sid
        for account in fleet.fake.store.accounts.of(fleet.fake.account_sid)
        if account.friendly_name == "Acme Dental"
    )
    fleet.trigger(acme, "Old CRM", callback_url="https://crm.example/usage?key=abc")
    fleet.account("Willow Dental", status="suspended")
    fleet.account("Gone Dental", status="closed")
