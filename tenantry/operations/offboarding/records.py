"""All records of an account that leaves: counted, and deleted with the work and the audit of retention."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from tenantry.model.record_kind import RECORD_KINDS, RecordKind
from tenantry.operations.retention.apply import apply_rule, settle_intents
from tenantry.operations.retention.due import Rule
from tenantry.operations.retention.evidence import keep_evidence
from tenantry.operations.retention.page import Job, Work
from tenantry.operations.retention.survey import Scope, survey_rule
from tenantry.twilio.aging_records import AgingRecords
from tenantry.twilio.errors import TwilioError

REASON: Final = "offboarding"
EVERYTHING: Final = tuple(Rule(kind, keep_days=-1) for kind in RECORD_KINDS)
"""Rules under which a record of today is due too."""


@dataclass(frozen=True)
class RecordsSurvey:
    """How many records there are, by kind, those too that are not at their end yet."""

    counts: Mapping[RecordKind, int]
    failure: str | None = None


def survey_everything(records: AgingRecords, account_sid: str, today: date) -> RecordsSurvey:
    """Count every record that Twilio's API shows; a failure is a value."""
    counts: dict[RecordKind, int] = {}
    try:
        for rule in EVERYTHING:
            counts[rule.kind] = survey_rule(records, account_sid, rule, today, Scope(None)).tally.seen
    except TwilioError as error:
        return RecordsSurvey(counts, str(error))
    return RecordsSurvey(counts)


def delete_everything(job: Job, tenant: str, account_sid: str, today: date) -> str | None:
    """Delete every record that may be deleted now; return what failed, None where nothing did."""
    work = Work(job, tenant, account_sid, REASON)
    try:
        settle_intents(work)
        for rule in EVERYTHING:
            if job.stop.is_set():
                break
            survey = survey_rule(job.records, account_sid, rule, today, Scope(None))
            keep_evidence(work, survey, today)
            progress = apply_rule(work, survey, today)
            if progress.hold is not None:
                return progress.hold
            if progress.failed or progress.is_fatal:
                return progress.problem
    except TwilioError as error:
        return str(error)
    return None
