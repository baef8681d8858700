"""What an import reports, as values: the published schema is made from them. No URL and no secret is in them."""

from collections.abc import Mapping
from typing import Final, Literal

from pydantic import Field

from tenantry.operations.reported import Reported

RowKind = Literal[
    "closed",
    "unreadable",
    "in_doubt",
    "gone",
    "renamed",
    "url",
    "not_writable",
    "no_entry",
    "observed",
    "refused_by_policy",
    "secret_unknown",
    "console_only",
]
NOTES: Final[Mapping[RowKind, str]] = {
    "closed": "Twilio deletes the account 30 days after it was closed, and nothing is to be done",
    "observed": "it is written with `manage: observe`, and read only",
    "refused_by_policy": "rules of the project, which `--waive` waives",
    "secret_unknown": "Twilio tells the secret of a key once, when it is made",
    "console_only": "no API shows it, of any account",
}
"""The rows that leave nothing out which a program could bring in: they never make the command exit with 2."""


class Row(Reported):
    """One thing that could not be brought in, or that a person should know of."""

    kind: RowKind = Field(description="what it is")
    severity: Literal["left_out", "note"] = Field(description="a note never makes the command exit with 2")
    tenant: str | None = Field(default=None, description="slug; null for an account that is no tenant")
    account_sid: str | None = Field(default=None, description="the account that it is about or in")
    sid: str | None = Field(default=None, description="the object in Twilio; of an account its SID")
    name: str | None = Field(default=None, description="its name in Twilio")
    count: int = Field(default=1, description="how many objects it is about")
    reason: str = Field(description="why, in a sentence")
    next_step: str = Field(description="what a person can do")


class ImportedTenant(Reported):
    """A tenant that was written."""

    tenant: str = Field(description="slug")
    account_sid: str
    name: str = Field(description="name of the account in Twilio")
    plan: str | None = Field(description="null where it has none")
    observed: bool = Field(description="written with `manage: observe`: nothing of it is ever changed")
    objects: int = Field(description="objects that its manifest takes over")
    lines: int = Field(description="lines of its manifest, comments aside")
    file: str = Field(description="from the project's folder")


class WrittenLayer(Reported):
    """A layer that was derived."""

    file: str = Field(description="from the project's folder")
    tenants: int = Field(description="how many of the imported tenants have it")
    entries: tuple[str, ...] = Field(description="what it says, such as usage_triggers.monthly-sms")


class ImportReport(Reported):
    """What an import found and wrote."""

    format: Literal[1] = Field(description="version of this format; fields are added to it, never changed")
    stack: str | None
    parent: str = Field(description="SID of the parent account")
    dry_run: bool = Field(description="true: nothing was written")
    accounts: int = Field(description="subaccounts of the parent, closed ones too")
    already: int = Field(description="those of them that are a tenant's, or in known_accounts")
    imported: tuple[ImportedTenant, ...]
    layers: tuple[WrittenLayer, ...]
    rows: tuple[Row, ...] = Field(description="what was left out, and notes; sorted")
    files: tuple[str, ...] = Field(description="files that were written, from the project's folder; sorted")

    @property
    def exit_code(self) -> int:
        """The exit code of the command: 2 where anything was left out."""
        return 2 if any(row.severity == "left_out" for row in self.rows) else 0


def make_row(kind: RowKind, reason: str, next_step: str, **about: str | int | None) -> Row:
    """Return a row; its severity follows from its kind."""
    severity = "note" if kind in NOTES else "left_out"
    return Row.model_validate({"kind": kind, "severity": severity, "reason": reason, "next_step": next_step, **about})
