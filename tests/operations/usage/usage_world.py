"""Tenants with accounts at a fake Twilio, whose usage a test sets exactly; no engine runs."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from faketwilio.control.console import act
from faketwilio.control.settings import switch
from faketwilio.control.usage import set_records
from faketwilio.server import FakeTwilio
from faketwilio.store.fault import Fault
from tenantry.engine.state.deployment import StateResource
from tenantry.manifest.load import Loaded, load_or_refuse
from tenantry.model.usage_period import UsagePeriod, read_month
from tenantry.operations.usage.fleet import summarise_fleet
from tenantry.operations.usage.gather import Gathered, gather_usage
from tenantry.operations.usage.report import report_usage
from tenantry.operations.usage.values import Fleet, TenantUsage, UsageReport
from tenantry.twilio.session import Session

MARCH = read_month("2026-03")
NOW = datetime(2026, 4, 4, 12, tzinfo=UTC)
Record = tuple[str, str, Any, Any, str]
"""Day, category, count, usage, price."""


class World:
    """Manifests, the state of their accounts, and a fake that holds their usage."""

    def __init__(self, folder: Path, fake: FakeTwilio) -> None:
        self.folder = folder
        self.fake = fake
        self.sids: dict[str, str] = {}
        (folder / "tenants").mkdir()
        (folder / "tenantry.yaml").write_text("format: 1\n")

    def tenant(self, slug: str, text: str = "", *, account: bool = True) -> str | None:
        """Write a manifest and make its account; return the SID."""
        (self.folder / "tenants" / f"{slug}.yaml").write_text(f"tenant: {slug}\nname: {slug.title()}\n{text}")
        if account:
            self.sids[slug] = self.account(f"{slug.title()} ({slug})")
        return self.sids.get(slug)

    def account(self, name: str) -> str:
        """Make an account of the parent; return its SID."""
        order = {"create": "subaccount", "account": self.fake.account_sid, "fields": {"friendly_name": name}}
        return str(act(self.fake.store, order)["sid"])

    def use(self, sid: str, *records: Record) -> None:
        """Let days of an account hold exactly these records."""
        fields = ("day", "category", "count", "usage", "price")
        rows = [dict(zip(fields, record, strict=True)) for record in records]
        set_records(self.fake.store, {"account": sid, "records": rows})

    def switch(self, **values: Any) -> None:
        """Set switches of the fake."""
        switch(self.fake.store, values)

    def fail(self, mode: str, path: str, **options: Any) -> None:
        """Order a fault of the fake."""
        self.fake.store.faults.append(Fault(mode, path=path, **options))

    def session(self) -> Session:
        return Session.from_env(
            {
                "TWILIO_ACCOUNT_SID": self.fake.account_sid,
                "TWILIO_AUTH_TOKEN": self.fake.auth_token,
                "TENANTRY_TWILIO_URL": self.fake.url,
            }
        )

    @property
    def loaded(self) -> Loaded:
        return load_or_refuse(self.folder, "dev")

    @property
    def state(self) -> tuple[StateResource, ...]:
        """The state that an `up` leaves, as far as accounts go."""
        return tuple(
            StateResource(f"urn:{slug}", "", "subaccount", slug, sid, {}, {}) for slug, sid in self.sids.items()
        )

    def gather(self, *slugs: str, period: UsagePeriod = MARCH, session: Session | None = None) -> Gathered:
        return gather_usage(self.loaded, self.state, session or self.session(), period, slugs=slugs or None)

    def fleet(self) -> Fleet:
        session = self.session()
        return summarise_fleet(session, self.gather(session=session))

    def report(self, *slugs: str, now: datetime = NOW, fleet: Fleet | None = None) -> UsageReport:
        parent = self.fake.account_sid
        return report_usage(self.gather(*slugs), stack="dev", parent=parent, now=now, fleet=fleet)

    def usage_of(self, slug: str) -> TenantUsage:
        [usage] = self.report(slug).tenants
        return usage
