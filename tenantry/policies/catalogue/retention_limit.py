"""Records are not kept for longer than the organisation has promised."""

from collections.abc import Iterator

from pydantic import Field

from tenantry.model.record_kind import RECORD_KINDS
from tenantry.model.retention import KeepDays
from tenantry.policies.rule import Example, Finding, Parameters, TenantRule
from tenantry.policies.subject import Subject


class MostDays(Parameters):
    """The organisation's maximum."""

    messages: KeepDays = Field(default=400, description="most days that messages may be kept")
    calls: KeepDays = Field(default=400, description="most days that calls may be kept")
    recordings: KeepDays = Field(default=400, description="most days that recordings may be kept")
    transcriptions: KeepDays = Field(default=400, description="most days that transcriptions may be kept")


def _find_long(subject: Subject, parameters: MostDays) -> Iterator[Finding]:
    for kind in RECORD_KINDS:
        keep = getattr(subject.tenant.retention, kind, None)
        most = getattr(parameters, kind)
        if keep is not None and keep.keep_days > most:
            yield Finding(
                ("retention", kind, "keep_days"),
                f"keeps {kind} for {keep.keep_days} days, and {most} days are the limit",
            )


RETENTION_LIMIT = TenantRule(
    id="retention-limit",
    title="Nothing is kept for longer than the organisation's maximum.",
    level="mandatory",
    why="What has been deleted can't leak. 400 days is the longest that Twilio itself shows messages.",
    mend="lower keep_days",
    source=("https://www.twilio.com/en-us/blog/new-data-controls-twilio-messaging",),
    example=Example(
        breaks="retention:\n  recordings: {keep_days: 3650}\n",
        keeps="retention:\n  recordings: {keep_days: 365}\n",
    ),
    parameters=MostDays,
    check=_find_long,
)
