"""Tenants with records at a fake Twilio and a ledger, in which the retention job runs; no engine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ledger_databases import write_new_ledger

from faketwilio.control.console import act
from faketwilio.control.seed import seed
from faketwilio.control.settings import switch
from faketwilio.hosts.api.archives import CALLS, MEDIA, MESSAGES, RECORDINGS, TRANSCRIPTIONS
from faketwilio.server import FakeTwilio
from faketwilio.store.fault import Fault
from tenantry.engine.state.deployment import StateResource
from tenantry.ledger.audit_check import audit_problems
from tenantry.ledger.connection import Ledger
from tenantry.ledger.opening import open_ledger
from tenantry.ledger.retention_audit import AuditLine, each_line
from tenantry.manifest.load import Loaded, load_or_refuse
from tenantry.model.resources import FLEET
from tenantry.operations.retention.guards import Limits
from tenantry.operations.retention.ledger_thread import open_in_thread
from tenantry.operations.retention.story import Asked, Desk, look_at_records, retain_records
from tenantry.operations.retention.values import RetentionReport, TenantReport
from tenantry.twilio.http.retry_policy import RetryPolicy
from tenantry.twilio.session import Session

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
ALL = Limits(deletes=1_000_000, percent=100)
ARCHIVES = {
    "message": MESSAGES,
    "call": CALLS,
    "recording": RECORDINGS,
    "transcription": TRANSCRIPTIONS,
    "media": MEDIA,
}
DATES = {"message": "date_sent", "call": "end_time"}


@dataclass
class Time:
    """The one time of Twilio, of the ledger and of this machine, and a clock for waits that never really wait."""

    now: datetime = NOW
    slept: float = 0.0

    def timestamp(self) -> float:
        return self.now.timestamp()

    def sleep(self, seconds: float) -> None:
        self.slept += seconds


@dataclass
class RetentionWorld:
    """A project, its fake and its ledger."""

    folder: Path
    fake: FakeTwilio
    time: Time
    sids: dict[str, str] = field(default_factory=dict)
    held: Mapping[str, str] | None = None
    """What the fleet's record in the state has of holds."""

    def __post_init__(self) -> None:
        (self.folder / "tenants").mkdir()
        self.address = write_new_ledger(self.folder / "ledger.db")
        (self.folder / "tenantry.yaml").write_text(f"format: 1\nledger: {self.address}\n")

    def tenant(self, slug: str, text: str, *, account: bool = True) -> str:
        """Write a manifest, and make its account if there is none; return the SID."""
        (self.folder / "tenants" / f"{slug}.yaml").write_text(f"tenant: {slug}\nname: {slug.title()}\n{text}")
        if account and slug not in self.sids:
            fields = {"friendly_name": f"{slug.title()} ({slug})"}
            order = {"create": "subaccount", "account": self.fake.account_sid, "fields": fields}
            self.sids[slug] = act(self.fake.store, order)["sid"]
        return self.sids.get(slug, "")

    def put(self, slug: str, kind: str, days: float, count: int = 1, **fields: Any) -> list[str]:
        """Make records that are so many days old; those with a date of their own have it, unless it is None."""
        moment = (self.time.now - timedelta(days=days)).isoformat()
        dates = {"date_created": moment, **({DATES[kind]: moment} if kind in DATES else {})}
        values = {name: value for name, value in {**dates, **fields}.items() if value is not None}
        order = {"kind": kind, "account": self.sids[slug], "count": count, "fields": values}
        return list(seed(self.fake.store, order)["sids"])

    def has(self, kind: str, sid: str) -> bool:
        record = self.fake.store.archive(ARCHIVES[kind]).get(sid)
        return record is not None and getattr(record, "date_deleted", None) is None

    def number(self, kind: str, slug: str) -> int:
        return int(self.fake.store.archive(ARCHIVES[kind]).count(self.sids[slug]))

    def switch(self, **values: Any) -> None:
        switch(self.fake.store, values)

    def fail(self, mode: str, path: str, **options: Any) -> None:
        self.fake.store.faults.append(Fault(mode, path=path, **options))

    def session(self, **options: Any) -> Session:
        environ = {
            "TWILIO_ACCOUNT_SID": self.fake.account_sid,
            "TWILIO_AUTH_TOKEN": self.fake.auth_token,
            "TENANTRY_TWILIO_URL": self.fake.url,
        }
        policy = RetryPolicy(sleep=self.time.sleep, monotonic=lambda: self.time.slept, random=lambda: 0.5)
        return Session.from_env(
            environ, clock=options.get("clock", lambda: self.time.now), retry_policy=options.get("policy", policy)
        )

    @property
    def loaded(self) -> Loaded:
        return load_or_refuse(self.folder, "dev")

    @property
    def state(self) -> tuple[StateResource, ...]:
        fleet = StateResource("urn:fleet", "", "fleet", FLEET, "fleet", {}, {"held": self.held} if self.held else {})
        accounts = (
            StateResource(f"urn:{slug}", "", "subaccount", slug, sid, {}, {}) for slug, sid in self.sids.items()
        )
        return (fleet, *accounts)

    def open(self) -> Ledger:
        return open_ledger(self.address, clock=lambda: self.time.now)

    @contextmanager
    def desk(self, **options: Any) -> Iterator[Desk]:
        with open_in_thread(self.open) as ledger:
            yield Desk(self.folder, self.loaded, self.state, self.session(**options), ledger)

    def look(self, *slugs: str, **asked: Any) -> RetentionReport:
        with self.desk() as desk:
            return look_at_records(desk, Asked(frozenset(slugs) or None, **asked))

    def retain(
        self, *slugs: str, limits: Limits = ALL, options: Mapping[str, Any] | None = None, **asked: Any
    ) -> RetentionReport:
        with self.desk(**options or {}) as desk:
            return retain_records(desk, Asked(frozenset(slugs) or None, limits=limits, **asked))

    def report_of(self, report: RetentionReport, slug: str = "acme") -> TenantReport:
        [tenant] = [tenant for tenant in report.tenants if tenant.tenant == slug]
        return tenant

    def audit(self) -> list[AuditLine]:
        """The lines of all chains, which must be whole."""
        with self.open() as ledger:
            assert audit_problems(ledger) == ()
            return list(each_line(ledger, self.fake.account_sid))

    def deletions(self) -> list[str]:
        """Return the paths of the DELETE and POST requests that the fake answered with success, below the account."""
        log = self.fake.store.request_log.log
        return [
            path.split("/", 4)[4]
            for method, _, path, status, _ in log
            if method in ("DELETE", "POST") and status in (200, 204)
        ]
