"""Random histories of tenants with records, and a model of what may be deleted that shares nothing with the product."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from retention_world import ARCHIVES, RetentionWorld

from faketwilio.control.console import act
from tenantry.ledger.holds import HeldTenant, record_hold

KINDS = {"messages": "message", "calls": "call", "recordings": "recording", "transcriptions": "transcription"}
UNFINISHED = {"message": "queued", "call": "in-progress", "recording": "processing", "transcription": "in-progress"}
SINCE = date(2026, 11, 1)
LOST_DELETE: dict[str, Any] = {"mode": "drop-after-commit", "method": "DELETE", "times": 3}
FAULTS: tuple[dict[str, Any], ...] = (
    {"mode": "429", "times": 5},
    {"mode": "503", "method": "DELETE", "times": 3},
    {"mode": "503", "method": "POST", "times": 3},
    {"mode": "drop", "method": "DELETE", "times": 3},
    LOST_DELETE,
    {"mode": "drop-after-commit", "method": "POST", "times": 2},
    {"mode": "503-after-commit", "method": "POST", "times": 2},
    {"mode": "drop", "times": None, "skip": 12},
    {"mode": "error", "method": "DELETE", "status": 409, "code": 20009, "times": 4},
    {"mode": "error", "method": "DELETE", "status": 400, "code": 20001, "times": 2},
)


@dataclass
class ModelRecord:
    """One record as the model knows it."""

    kind: str
    sid: str
    moment: datetime
    is_finished: bool
    body: str = ""
    media: list[str] = field(default_factory=list)


@dataclass
class ModelTenant:
    """One tenant: its rules by kind, its hold, and its records."""

    slug: str
    rules: dict[str, tuple[int, str]]
    hold: str
    """none, held, released, ledger (vanished from the manifest, the ledger knows it) or state."""
    records: list[ModelRecord] = field(default_factory=list)

    @property
    def is_held(self) -> bool:
        return self.hold in ("held", "ledger", "state")

    def may_go(self, record: ModelRecord, now: datetime) -> bool:
        """Return whether a record may be deleted or redacted: its last day is over, everywhere in UTC."""
        written = next((name for name, kind in KINDS.items() if kind == record.kind), "")
        if self.is_held or not record.is_finished or written not in self.rules:
            return False
        last_day = record.moment.date() + timedelta(days=self.rules[written][0])
        return now >= datetime.combine(last_day, time(), UTC) + timedelta(days=1)

    @property
    def manifest(self) -> str:
        rules = ", ".join(
            f"{kind}: {{keep_days: {days}{_action(action)}}}" for kind, (days, action) in self.rules.items()
        )
        text = f"retention: {{{rules}}}\n" if rules else ""
        if self.hold in ("held", "released"):
            end = ', released: {by: ben, on: "2026-11-20"}' if self.hold == "released" else ""
            text += f'hold: {{reason: claim, since: "{SINCE}", by: ana{end}}}\n'
        return text


def _action(action: str) -> str:
    return ", action: redact" if action == "redact" else ""


class History:
    """Tenants whose records come and age, and a job that runs in good and bad weather."""

    def __init__(self, world: RetentionWorld, seed: int, tenants: int) -> None:
        self.world = world
        self.random = random.Random(seed)
        self.tenants = [self._tenant(f"t{number}") for number in range(tenants)]

    def play(self) -> None:
        """Let records come, the job run, and days go by; nothing wrong may be deleted at any time."""
        for _ in range(self.random.randint(1, 3)):
            self._add_records()
            self._worsen_weather()
            self.world.retain(is_whole=self.random.random() < 0.3)
            self.world.fake.store.faults.clear()
            self.check_no_wrong_deletion()
            self.world.time.now += timedelta(hours=self.random.choice([1, 13, 24, 60]))
        self.world.switch(date_filters=self.random.choice(["day", "ignored"]))
        for _ in range(2):
            self.world.time.now += timedelta(minutes=11)
            self.world.retain(is_whole=True)
        self.check_no_wrong_deletion()

    def check_no_wrong_deletion(self) -> None:
        for tenant in self.tenants:
            for record in tenant.records:
                if not tenant.may_go(record, self.world.time.now):
                    assert not self._is_touched(record), f"{tenant.slug}: {record} was touched"

    def check_nothing_is_missed(self) -> None:
        for tenant in self.tenants:
            for record in tenant.records:
                if tenant.may_go(record, self.world.time.now):
                    assert self._is_settled(tenant, record), f"{tenant.slug}: {record} is still there"

    def check_audit(self) -> None:
        """Every act that the fake saw has an intent, every intent a result, and the results say what is there."""
        lines = self.world.audit()
        by_tenant = {(line.owner.tenant, line.number): line.entry for line in lines if line.entry.event == "intent"}
        settled = {(line.owner.tenant, line.entry.intent) for line in lines if line.entry.event == "result"}
        assert settled == by_tenant.keys(), "an intent has no result"
        assert self._acted_paths() <= {entry.sid for entry in by_tenant.values()}
        gone = {line.entry.sid for line in lines if line.entry.outcome in ("done", "gone")}
        touched = {record.sid for tenant in self.tenants for record in tenant.records if self._is_touched(record)}
        assert {sid for sid in gone if "/" not in sid} == touched

    def _acted_paths(self) -> set[str]:
        parts = [path.removesuffix(".json").split("/") for path in self.world.deletions()]
        return {f"{part[-3]}/{part[-1]}" if "Media" in part else part[-1] for part in parts}

    def _tenant(self, slug: str) -> ModelTenant:
        draw = self.random
        kinds = draw.sample(list(KINDS), draw.randint(0, 4))
        rules = {kind: (draw.choice([1, 7, 30]), "delete") for kind in sorted(kinds)}
        if "messages" in rules and draw.random() < 0.4:
            rules["messages"] = (rules["messages"][0], "redact")
        hold = draw.choices(["none", "held", "released", "ledger", "state"], [14, 2, 2, 1, 1])[0]
        tenant = ModelTenant(slug, rules, hold)
        self.world.tenant(slug, tenant.manifest)
        if hold == "ledger":
            with self.world.open() as ledger:
                record_hold(ledger, self.world.fake.account_sid, HeldTenant(slug, "claim", SINCE, "ana"))
        if hold == "state":
            self.world.held = {**(self.world.held or {}), slug: "held"}
        if draw.random() < 0.1:
            act(self.world.fake.store, {"set": self.world.sids[slug], "fields": {"status": "suspended"}})
            rules.pop("messages", None) if rules.get("messages", (0, ""))[1] == "redact" else None
            self.world.tenant(slug, tenant.manifest)
        return tenant

    def _add_records(self) -> None:
        for tenant in self.tenants:
            for _ in range(self.random.randint(0, 4)):
                tenant.records.append(self._record(tenant))

    def _record(self, tenant: ModelTenant) -> ModelRecord:
        draw, world = self.random, self.world
        kind = draw.choice(list(KINDS.values()))
        days = draw.choice([1, 7, 30]) + draw.choice([-1, 0, 0.4, 0.6, 1, 1.5, 2, 9])
        moment = (world.time.now - timedelta(days=max(days, 0))).replace(microsecond=0)
        is_finished = draw.random() > 0.1
        fields: dict[str, Any] = {} if is_finished else {"status": UNFINISHED[kind]}
        if kind == "transcription":
            fields["recording_sid"] = "RE" + "0" * 32
        if kind == "message" and (not is_finished or draw.random() < 0.2):
            fields |= {"date_sent": None, **({"status": "failed"} if is_finished else {})}
        if kind == "call" and not is_finished:
            fields["end_time"] = None
        body, media = draw.choice(["", "a secret"]), draw.choice([0, 0, 0, 1, 2])
        if kind == "message":
            fields |= {"body": body, "num_media": media}
        [sid] = world.put(tenant.slug, kind, (world.time.now - moment) / timedelta(days=1), **fields)
        media_sids = world.put(tenant.slug, "media", 0, media, parent_sid=sid) if kind == "message" and media else []
        return ModelRecord(kind, sid, moment, is_finished, body, media_sids)

    def _worsen_weather(self) -> None:
        self.world.switch(date_filters=self.random.choice(["day", "moment", "ignored"]))
        faults = self.random.sample(FAULTS, self.random.choice([0, 1, 1, 2]))
        for fault in faults:
            if fault["mode"] == "error" and LOST_DELETE in faults:
                continue  # of a record that is gone Twilio says 404, and never that it is unfinished
            self.world.fail(path="*/Accounts/*/*.json", **fault)

    def _is_touched(self, record: ModelRecord) -> bool:
        if not self.world.has(record.kind, record.sid):
            return True
        if record.kind != "message":
            return False
        found = self.world.fake.store.archive(ARCHIVES["message"]).get(record.sid)
        return found.body != record.body

    def _is_settled(self, tenant: ModelTenant, record: ModelRecord) -> bool:
        if not self.world.has(record.kind, record.sid):
            return True
        if record.kind != "message" or tenant.rules["messages"][1] != "redact":
            return False
        found = self.world.fake.store.archive(ARCHIVES["message"]).get(record.sid)
        return found.body == "" and not any(self.world.has("media", sid) for sid in record.media)
