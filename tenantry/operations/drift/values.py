"""What a drift report says, as values: the published schema is made from them, so names are a promise to scripts.

It holds no secret: a user and password in a URL are left out, and tokens and secrets of keys are never asked for.
"""

from datetime import date
from typing import Any, Literal

from pydantic import Field

from tenantry.operations.reported import Reported

FindingKind = Literal[
    "suspended_by_twilio",
    "closed_outside",
    "not_working",
    "unreadable",
    "duplicate",
    "missing",
    "changed",
    "overdue",
    "unmanaged",
    "status_not_ours",
    "not_applied",
    "attested",
    "ignored",
    "ignores_nothing",
    "kept",
]
Severity = Literal["high", "low", "note"]


class Difference(Reported):
    """One field of an object."""

    field: str = Field(description="Twilio's name in snake case; a dot leads into a mapping")
    wanted: Any = Field(description="what the manifest says; null where it says nothing")
    found: Any = Field(description="what Twilio has; null where it has nothing, or nothing was made yet")


class Finding(Reported):
    """One thing that differs, or that a person should know of."""

    kind: FindingKind = Field(description="what it is")
    severity: Severity = Field(description="a note is shown and never makes the command exit with 2")
    tenant: str | None = Field(
        default=None, description="the slug; null for an account without a manifest, and for the parent"
    )
    entry: str = Field(description="kind/name as in `ignore`; of an unmanaged object, the name that it has in Twilio")
    name: str | None = Field(default=None, description="name of the resource in the stack; null for what is not in it")
    account_sid: str | None = Field(
        default=None, description="the account that it is about or in; null when there is none yet"
    )
    sid: str | None = Field(
        default=None,
        description="the object in Twilio; of a missing one, the SID that it had; null when it has none yet",
    )
    differences: tuple[Difference, ...] = Field(default=(), description="the fields that differ, by name")
    reason: str | None = Field(default=None, description="more about it in a sentence")
    since: date | None = Field(default=None, description="day on which an attestation was given")
    age_days: int | None = Field(default=None, description="days since then")
    meant: FindingKind | None = Field(
        default=None, description="of an ignored one, what it would be without its ignore; null else"
    )
    until: date | None = Field(default=None, description="last day of an ignore; null where there is none")
    file: str | None = Field(default=None, description="the manifest or layer that says what is wanted")
    line: int | None = Field(default=None, description="line in that file, from 1")
    settle: str = Field(description="what settles it, with the command")


class Group(Reported):
    """Findings of one cause: the same fields, changed to the same values, in any number of tenants."""

    kind: FindingKind
    severity: Severity
    entry: str = Field(description="the entry that all share")
    cause: str = Field(description="what happened, in a sentence")
    settle: str = Field(description="what settles all of it")
    findings: tuple[Finding, ...] = Field(description="sorted by tenant and name")


class Counts(Reported):
    """How many findings of each severity there are."""

    high: int
    low: int
    note: int


class Report(Reported):
    """The drift of one stack. It holds no time of day: equal states of affairs give equal bytes on one day."""

    format: Literal[1] = Field(description="version of this format; fields are added to it, never changed")
    stack: str | None = Field(description="name of the stack; null where none was named and no state was read")
    parent: str = Field(description="SID of the parent account")
    state: Literal["read", "none"] = Field(
        description="none: no state was read. Tenantry found accounts and objects by `adopt`, otherwise by name, and "
        "can't tell what was changed from what is not applied yet: it calls both not_applied"
    )
    tenants: int = Field(description="tenants that the report is about")
    resting: int = Field(description="those of them without an active account: their objects are not looked at")
    counts: Counts
    groups: tuple[Group, ...] = Field(description="the most severe first")
