"""One record's acts at Twilio, in their order, and what came of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tenantry.ledger.retention_audit import Outcome
from tenantry.model.record_kind import RecordAction, RecordKind
from tenantry.twilio.aging_records import AgingRecord, AgingRecords, is_unfinished
from tenantry.twilio.errors import LostAnswer, NotFound, Refused, TwilioError, Unauthorized

MEDIA = "media"
SETTLED: frozenset[Outcome | None] = frozenset({"done", "gone"})


@dataclass(frozen=True)
class Act:
    """One call: `kind` is that of the record, or `media`, whose SID has the message's before it."""

    kind: str
    action: RecordAction
    sid: str


@dataclass(frozen=True)
class RecordPlan:
    """What is to be done about one record, its media first: without a text nobody would look for them again."""

    kind: RecordKind
    record: AgingRecord
    acts: tuple[Act, ...]


@dataclass(frozen=True)
class ActResult:
    """What came of one act. Without an outcome nobody knows: the intent stays open, and the next run looks."""

    outcome: Outcome | None
    code: int | None = None
    problem: str | None = None
    is_fatal: bool = False
    """Whether nothing more can be done in this account now."""


NOT_SENT = ActResult("not_sent")
AGAIN = "The next run tries it again."


def plan_record(
    records: AgingRecords, account_sid: str, kind: RecordKind, action: RecordAction, record: AgingRecord
) -> RecordPlan:
    """Return the acts for a record; raises TwilioError where its media can't be listed."""
    if action == "delete":
        return RecordPlan(kind, record, (Act(kind, action, record.sid),))
    media = records.media(account_sid, record.sid) if record.media else ()
    acts = [Act(MEDIA, "delete", f"{record.sid}/{sid}") for sid in media]
    if not record.is_empty:
        acts.append(Act(kind, action, record.sid))
    return RecordPlan(kind, record, tuple(acts))


def perform(
    records: AgingRecords, account_sid: str, acts: Sequence[Act], may_go_on: Callable[[], bool]
) -> tuple[ActResult, ...]:
    """Do a record's acts one after the other; after one that did not succeed, the rest is not sent."""
    return tuple(_perform_each(records, account_sid, acts, may_go_on))


def look_again(records: AgingRecords, account_sid: str, act: Act) -> Outcome:
    """Return what became of an act of which nobody knows; raises TwilioError where Twilio does not answer."""
    message, _, medium = act.sid.partition("/")
    if act.kind == MEDIA:
        try:
            return "still_there" if medium in records.media(account_sid, message) else "gone"
        except NotFound:
            return "gone"
    found = records.find(account_sid, _kind_of(act), act.sid)
    if found is None:
        return "gone"
    return "done" if act.action == "redact" and found.is_empty else "still_there"


def _perform_each(
    records: AgingRecords, account_sid: str, acts: Sequence[Act], may_go_on: Callable[[], bool]
) -> Iterator[ActResult]:
    is_stopped = False
    for act in acts:
        if is_stopped or not may_go_on():
            yield NOT_SENT
            continue
        result = _perform_one(records, account_sid, act)
        is_stopped = result.outcome not in SETTLED
        yield result


def _perform_one(records: AgingRecords, account_sid: str, act: Act) -> ActResult:
    try:
        _send(records, account_sid, act)
    except NotFound:
        return ActResult("gone")
    except LostAnswer as error:
        return _after_lost_answer(records, account_sid, act, error)
    except Unauthorized as error:
        return ActResult("refused", error.code, str(error), is_fatal=True)
    except Refused as error:
        if error.next_step == Refused.NEXT_STEP:  # which is about manifests, and this is about a record
            error.next_step = AGAIN
        return ActResult("unfinished" if is_unfinished(error) else "refused", error.code, str(error))
    except TwilioError as error:  # nothing was done: too many requests, or no connection
        return ActResult("not_sent", error.code, str(error), is_fatal=True)
    return ActResult("done")


def _send(records: AgingRecords, account_sid: str, act: Act) -> None:
    if act.kind == MEDIA:
        message, _, medium = act.sid.partition("/")
        records.delete_medium(account_sid, message, medium)
    elif act.action == "redact":
        records.redact(account_sid, act.sid)
    else:
        records.delete(account_sid, _kind_of(act), act.sid)


def _after_lost_answer(records: AgingRecords, account_sid: str, act: Act, lost: LostAnswer) -> ActResult:
    try:
        outcome = look_again(records, account_sid, act)
    except TwilioError:
        return ActResult(None, lost.code, str(lost), is_fatal=True)
    if outcome in SETTLED:
        return ActResult(outcome)
    # What is there now may be gone in a moment, where the call may still be on its way: then nobody knows yet.
    return ActResult(outcome if lost.is_over else None, lost.code, str(lost))


def _kind_of(act: Act) -> RecordKind:
    match act.kind:
        case "messages" | "calls" | "recordings" | "transcriptions":
            return act.kind
        case _:
            raise ValueError(f"{act.kind} is no kind of record")
