"""How long a tenant's records are kept is decided explicitly."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from tenantry.model.record_kind import RecordKind
from tenantry.policies.rule import Example, Finding, Parameters, TenantRule
from tenantry.policies.subject import Subject


class RecordKinds(Parameters):
    """The kinds of records that need a decision."""

    kinds: Annotated[tuple[RecordKind, ...], Field(strict=False)] = Field(
        default=("messages", "calls", "recordings"), description="kinds of records that need a rule"
    )


def _find_undecided(subject: Subject, parameters: RecordKinds) -> Iterator[Finding]:
    retention = subject.tenant.retention
    for kind in parameters.kinds:
        if retention is None or getattr(retention, kind) is None:
            yield Finding(("retention", kind), f"nothing says how long {kind} are kept")


RETENTION_SET = TenantRule(
    id="retention-set",
    title="Retention is set for every kind of record.",
    level="advisory",
    why="No API sets how long an account keeps its records, so what nobody decides is kept, and leaks one day.",
    mend="write keep_days for it in the manifest, its plan or defaults.yaml",
    source=(
        "https://www.twilio.com/en-us/blog/new-data-controls-twilio-messaging",
        "https://help.twilio.com/articles/223181008",
    ),
    example=Example(
        breaks="retention:\n  recordings: null\n",
        keeps="retention:\n  recordings: {keep_days: 30}\n",
    ),
    parameters=RecordKinds,
    check=_find_undecided,
)
