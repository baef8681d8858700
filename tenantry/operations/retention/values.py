"""What is too old and what was done about it, as values: the published schema is made from them."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from tenantry.model.record_kind import RecordAction, RecordKind

Standing = Literal["open", "held", "left_out", "failed"]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RuleReport(_Value):
    """One rule of a tenant: what is due under it, and what was done."""

    kind: RecordKind
    action: RecordAction
    keep_days: int
    before: date = Field(description="day in UTC; records of before it are due")
    due: int = Field(default=0, description="records that were due when the run began")
    oldest: date | None = Field(
        default=None, description="day in UTC of the oldest record that was due; null: none was"
    )
    calls: int = Field(default=0, description="calls that the deletions take; lists come on top, one for 1,000 records")
    unfinished: int = Field(default=0, description="due, and not at their end yet: tried again for 14 days")
    stuck: int = Field(default=0, description="due, and not at their end for more than 14 days: a failure")
    undated: int = Field(default=0, description="without a date that could be compared: left alone")
    foreign: int = Field(
        default=0, description="shown by Twilio in this account's list, and of another one: left alone"
    )
    is_whole: bool = Field(description="whether every record was looked at, those too that were never sent")
    done: int = Field(default=0, description="deleted, or redacted with their media, by this run")
    gone: int = Field(default=0, description="due, and gone already when this run came to them")
    failed: int = Field(default=0, description="refused, or without an answer: the next run tries them again")
    left_out: str | None = Field(
        default=None, description="why nothing was done under this rule; null: it was not left out"
    )
    problem: str | None = Field(default=None, description="what went wrong; null: nothing did")


class TenantReport(_Value):
    """One tenant: its rules, or why it was left out."""

    tenant: str
    account_sid: str | None
    standing: Standing
    is_expected: bool = Field(default=True, description="false where somebody should look why it was left out")
    reason: str | None = Field(default=None, description="why it was left out, or failed; null: it was not")
    rules: tuple[RuleReport, ...] = ()
    audit: str | None = Field(default=None, description="end of the tenant's audit, `lines:digest`: note it down")


class Fact(_Value):
    """What Twilio keeps, or what no API can do, and so this report does not claim."""

    about: str
    gone: str = Field(description="what is gone now")
    later: str = Field(description="what Twilio purges later, by its own words")
    never: str = Field(description="what only the Console or nobody can do")


class RetentionReport(_Value):
    """What is too old in the accounts of tenants, and what was done about it."""

    format: Literal[1] = Field(default=1, description="version of this format; fields are added to it, never changed")
    stack: str | None
    parent: str
    applied: bool = Field(description="false: a dry run, which deletes nothing")
    today: date = Field(description="by Twilio's clock, in UTC")
    shard: str | None = Field(default=None, description="the part of the tenants that this run was for; null: all")
    tenants: tuple[TenantReport, ...]
    facts: tuple[Fact, ...] = Field(default=(), description="what holds for each kind, whatever was done")
    stopped: str | None = Field(default=None, description="why the run ended before its end; null: it did not")
    ledger_head: str | None = Field(default=None, description="end of the ledger's journal; null: no ledger was read")

    @property
    def rules(self) -> tuple[RuleReport, ...]:
        """Every rule of every tenant."""
        return tuple(rule for tenant in self.tenants for rule in tenant.rules)

    @property
    def due(self) -> int:
        """How many records were due."""
        return sum(rule.due for rule in self.rules)

    @property
    def done(self) -> int:
        """How many records this run deleted or redacted."""
        return sum(rule.done for rule in self.rules)

    @property
    def exit_code(self) -> int:
        """1 where something that was tried failed, 2 where something is due or was left out, else 0."""
        is_failed = any(rule.failed or rule.stuck or rule.foreign or rule.problem for rule in self.rules)
        if is_failed or any(tenant.standing == "failed" for tenant in self.tenants):
            return 1
        is_left = any(tenant.standing == "held" or not tenant.is_expected for tenant in self.tenants)
        is_left |= self.stopped is not None or any(rule.unfinished or rule.left_out for rule in self.rules)
        return 2 if is_left or (not self.applied and self.due) else 0


class AuditChain(_Value):
    """The audit of one tenant."""

    tenant: str
    lines: int
    head: str = Field(description="digest of all lines; with their number, the end to note down")


class AuditReport(_Value):
    """Whether the audit is whole."""

    format: Literal[1] = Field(default=1, description="version of this format; fields are added to it, never changed")
    source: str = Field(description="the ledger's address, or the file")
    chains: tuple[AuditChain, ...]
    problems: tuple[str, ...] = Field(description="what is wrong, a sentence each")
    accepted: tuple[str, ...] = Field(
        default=(), description="what was wrong, and somebody has accepted: who, when and by what reference"
    )
    ledger_head: str | None = Field(default=None, description="end of the ledger's journal; null: a file was verified")

    @property
    def exit_code(self) -> int:
        """1 where something is wrong, 2 where something was and is accepted, else 0."""
        return 1 if self.problems else 2 if self.accepted else 0
