"""What an access report says, as values: the published schema is made from them, so names are a promise to scripts."""

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from tenantry.operations.reported import Reported

FindingKind = Literal[
    "foreign_user",
    "unexpected_user",
    "unexpected_role",
    "expired_role",
    "unknown_key",
    "expired_key",
    "missing_role",
    "old_attestation",
    "unreadable",
    "attested",
    "allowed_key",
]
Severity = Literal["high", "low", "note"]
SEVERITY: dict[FindingKind, Severity] = {
    "foreign_user": "high",
    "unexpected_user": "high",
    "unexpected_role": "high",
    "expired_role": "high",
    "unknown_key": "low",
    "expired_key": "high",
    "missing_role": "low",
    "old_attestation": "low",
    "unreadable": "note",
    "attested": "note",
    "allowed_key": "note",
}


class AccessFinding(Reported):
    """One thing that differs from access.yaml and the manifests, or that a person should know of."""

    kind: FindingKind
    severity: Severity = Field(description="a note never makes the command exit with 2")
    who: str | None = Field(default=None, description="e-mail address of a person")
    role: str | None = Field(default=None, description="name of the role, as Twilio has it")
    scope: str | None = Field(default=None, description="organization, or the SID of an account")
    tenant: str | None = Field(default=None, description="the tenant whose account it is; null for the parent")
    account_sid: str | None = Field(default=None, description="account of a key")
    key_sid: str | None = None
    name: str | None = Field(default=None, description="name of a key in Twilio")
    created: date | None = Field(default=None, description="day on which a key was made")
    age_days: int | None = Field(default=None, description="age of a key or of an attestation")
    made_by: str | None = Field(
        default=None, description="who made a key, by the audit log; null where it does not say"
    )
    until: date | None = Field(default=None, description="last day of a grant")
    reason: str | None = Field(default=None, description="why it is allowed, or could not be read")
    file: str = Field(description="the file in which it would be settled")
    line: int = Field(description="line in that file, from 1")
    settle: str = Field(description="what settles it")


class Actor(Reported):
    """What one actor did in the accounts, by the audit log."""

    actor_sid: str | None = Field(description="US… is a person in the Console, AC… an account's own credentials")
    actor_type: str
    source: str = Field(description="web: the Console; api")
    events: dict[str, int] = Field(description="how often it did what")
    tenants: tuple[str, ...] = Field(description="in which tenants' accounts")
    last_at: datetime | None


class AccessReport(Reported):
    """Who may do what in Twilio, against what was reviewed."""

    format: Literal[1] = Field(description="version of this format; fields are added to it, never changed")
    stack: str | None
    parent: str
    organization: str | None = Field(description="SID of the Organization; null where its users were not read")
    users: int = Field(description="Console users that were read")
    keys: int = Field(description="API keys that were read, the parent's own too")
    accounts: int = Field(description="accounts whose keys were read")
    findings: tuple[AccessFinding, ...] = Field(description="the most severe first")
    actors: tuple[Actor, ...] = Field(description="with --events: who did what in the last 30 days")
    failed: tuple[str, ...] = Field(description="questions that failed, as sentences")
    is_named: bool = Field(
        default=False, description="whether tenants were named, so that nothing but their keys was read"
    )
    left_out: tuple[str, ...] = Field(
        default=(), description="tenants without an active account, whose keys were not read"
    )

    @property
    def exit_code(self) -> int:
        """1 where a question failed, 2 where anything but notes was found, else 0."""
        if self.failed:
            return 1
        return 2 if any(finding.severity != "note" for finding in self.findings) else 0
