"""Retention: how long a tenant's records are kept. `tenantry retain` enforces it; Twilio has no setting for it."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from tenantry.model.kind import Kind
from tenantry.model.record_kind import RECORD_KINDS, RecordAction
from tenantry.model.recorded import TOKENS
from tenantry.model.spec import Amount, ChildSpec
from tenantry.model.written import Written

KeepDays = Annotated[int, Field(ge=1, le=36_500)]


class KeepMessages(Written):
    """How long messages are kept, and what then happens to them."""

    keep_days: KeepDays = Field(description="days after which a message is too old")
    action: RecordAction = Field(
        default="delete", description="delete the message, or empty its body and delete its media"
    )


class Keep(Written):
    """How long records of one sort are kept."""

    keep_days: KeepDays = Field(description="days after which a record is deleted")


class PerRequest(Written):
    """Flags that the tenant's application must send with each message: exported, not settable."""

    content_retention: Literal["retain", "discard"] | None = Field(default=None, description="ContentRetention")
    address_retention: Literal["retain", "obfuscate"] | None = Field(default=None, description="AddressRetention")


class RetentionEntry(Written):
    """The retention rules of a tenant."""

    messages: KeepMessages | None = Field(default=None, description="messages and their media")
    calls: Keep | None = Field(default=None, description="call records")
    recordings: Keep | None = Field(default=None, description="call recordings")
    transcriptions: Keep | None = Field(default=None, description="transcriptions of recordings")
    after_reconciliation: bool | None = Field(
        default=None, description="delete nothing of a month whose statement is not closed in the ledger"
    )
    per_request: PerRequest | None = Field(default=None, description="flags that the tenant's application sends")


class _Bag(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)


class KeepProps(_Bag):
    """A rule as the state holds it."""

    keep_days: Amount
    action: RecordAction = "delete"


class PerRequestProps(_Bag):
    """The per-request flags as the state holds them."""

    content_retention: str | None = None
    address_retention: str | None = None


class RetentionSpec(ChildSpec):
    """The inputs of the retention record."""

    messages: KeepProps | None = None
    calls: KeepProps | None = None
    recordings: KeepProps | None = None
    transcriptions: KeepProps | None = None
    after_reconciliation: bool | None = None
    per_request: PerRequestProps | None = None


def expand_retention(_key: str, entry: RetentionEntry) -> Iterator[tuple[None, RetentionSpec]]:
    """Yield the inputs of the record."""
    yield None, RetentionSpec.of(entry.model_dump(exclude_none=True))


def retention_entry(spec: RetentionSpec) -> RetentionEntry:
    """Return the entry of a record: its days, which is what rules look at."""
    rules = {kind: getattr(spec, kind) for kind in RECORD_KINDS}
    days = {kind: {"keep_days": int(rule.keep_days)} for kind, rule in rules.items() if rule is not None}
    return RetentionEntry.model_validate(days)


KIND = Kind(
    name="retention",
    title="retention rules",
    token=f"{TOKENS}Retention",
    spec=RetentionSpec,
    written="retention",
    entry=RetentionEntry,
    expand=expand_retention,
    entry_of=retention_entry,
    only_key="",
)
