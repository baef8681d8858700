"""A world of tenants whose messages and errors a test sets, and a look at their health without an engine."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from faketwilio.control.console import act
from faketwilio.control.seed import seed
from faketwilio.hosts.api.archives import MESSAGES
from faketwilio.hosts.monitor.records import Alert
from faketwilio.server import FakeTwilio
from faketwilio.store.archive import Where
from tenantry.ledger.connection import Ledger
from tenantry.manifest.load import load_or_refuse
from tenantry.operations.health.story import HealthRequest, Listener, TwilioStatus, look_at_health, make_report
from tenantry.operations.health.values import HealthReport, TenantHealth
from tenantry.twilio.session import Session

NOW = datetime(2026, 4, 4, 12, tzinfo=UTC)
SLO = "slo: {delivered_percent: 98, errors_percent: 2, window_days: 30}\n"


class HealthWorld:
    """Manifests and a fake that holds what came of their messages."""

    def __init__(self, folder: Path, fake: FakeTwilio) -> None:
        self.folder = folder
        self.fake = fake
        self.our_time = NOW
        """What this machine's clock says."""
        (folder / "tenants").mkdir()
        (folder / "tenantry.yaml").write_text("format: 1\n")

    def tenant(self, slug: str, text: str = SLO, status: str = "active") -> str:
        """Write a manifest and make its account; return the SID."""
        self.tenant_text(slug, text)
        fields = {"friendly_name": f"{slug.title()} ({slug})", "status": status}
        return str(
            act(self.fake.store, {"create": "subaccount", "account": self.fake.account_sid, "fields": fields})["sid"]
        )

    def tenant_text(self, slug: str, text: str) -> None:
        """Write a manifest anew."""
        (self.folder / "tenants" / f"{slug}.yaml").write_text(f"tenant: {slug}\nname: {slug.title()}\n{text}")

    def key(self, sid: str, name: str) -> str:
        """Make a key in an account; return its SID."""
        order = {"create": "api_key", "account": sid, "fields": {"friendly_name": name}}
        return str(act(self.fake.store, order)["sid"])

    def send(
        self, sid: str, moment: str, status: str = "delivered", count: int = 1, error_code: int | None = None
    ) -> None:
        """Let an account have sent so many messages at a moment, such as 2026-04-04T11:58:00Z."""
        fields = {"status": status, "date_created": moment, "date_updated": moment}
        fields |= {"error_code": error_code} if error_code else {}
        seed(self.fake.store, {"kind": "message", "account": sid, "count": count, "fields": fields})

    def delete_messages(self, sid: str) -> None:
        """Let all messages of an account be gone, as after retention."""
        archive = self.fake.store.archive(MESSAGES)
        for message in archive.find(sid, Where({})).all():
            archive.remove(message.sid)

    def log_error(self, sid: str, moment: datetime, code: str = "11200") -> None:
        """Let the Debugger of an account have an error."""
        table = self.fake.store.table(Alert)
        table.put(Alert(self.fake.store.sids.sid("NO"), sid, "error", code, "text of a person", moment))

    def session(self) -> Session:
        return Session.from_env(
            {
                "TWILIO_ACCOUNT_SID": self.fake.account_sid,
                "TWILIO_AUTH_TOKEN": self.fake.auth_token,
                "TENANTRY_TWILIO_URL": self.fake.url,
            },
            clock=lambda: self.our_time,
        )

    def look(self, ledger: Ledger | None = None, now: datetime = NOW, **options: Any) -> HealthReport:
        """Return the report, and forget nothing."""
        request = HealthRequest(load_or_refuse(self.folder, "dev"), None, None, now, 1000)
        request = replace(request, **options)
        session = self.session()
        return make_report(request, session, look_at_health(request, session, ledger, Listener()), TwilioStatus())

    def look_at(self, slug: str, ledger: Ledger | None = None, **options: Any) -> TenantHealth:
        """Return how one tenant fares."""
        return next(tenant for tenant in self.look(ledger, **options).tenants if tenant.tenant == slug)
