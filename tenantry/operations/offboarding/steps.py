"""The steps of leaving, each a function of what was read: done or not, by what, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from tenantry.ledger.offboarding import DoneStep
from tenantry.model.fleet import is_due
from tenantry.model.record_kind import RecordKind
from tenantry.model.tenant import Tenant
from tenantry.operations.offboarding.sink_secrets import SinkSecret
from tenantry.operations.offboarding.values import Step, StepName
from tenantry.text.counts import format_count
from tenantry.text.some import first_of

NAMED = 5
ENDED = ("suspended", "closed")


@dataclass(frozen=True)
class Seen:
    """What was read of a tenant that leaves."""

    tenant: Tenant
    today: date
    status: str | None
    """Of its account; None where Twilio does not know it any more."""
    done: Mapping[str, DoneStep] = field(default_factory=dict)
    numbers: Sequence[str] = ()
    """SIDs of its phone numbers."""
    closed_months: Sequence[str] = ()
    lots: int = 0
    """Purchases of credits of which something is left."""
    secrets: Sequence[SinkSecret] = ()
    undeleted: Sequence[str] = ()
    """Why secrets could not be deleted, a sentence each."""
    broken_audit: str | None = None
    """Why nothing may be deleted, and the way on."""
    records: Mapping[RecordKind, int] = field(default_factory=dict)
    failure: str | None = None

    @property
    def is_closed(self) -> bool:
        return self.status in ("closed", None)

    @property
    def record_count(self) -> int:
        return sum(self.records.values())


def steps_of(seen: Seen) -> Iterator[Step]:
    """Yield the steps in their order."""
    yield _check_notice(seen)
    yield _by_hand(seen, "export", "give the customer what it wants to keep of statements and records")
    yield _check_numbers(seen)
    yield _check_suspended(seen)
    yield _check_statement(seen)
    yield _check_credits(seen)
    yield _check_secrets(seen)
    yield _check_records(seen)
    yield _check_read_again(seen)
    yield _check_close_after(seen)
    yield _check_closed(seen)


def _check_notice(seen: Seen) -> Step:
    tenant, missing = seen.tenant, []
    if tenant.state != "closed":
        missing.append("`state: closed` and `close_after`, the first day on which it may be closed")
    if tenant.terms is not None and tenant.billed_until is None:
        missing.append("`billed_until`, the last day that is billed")
    if missing:
        return _make_open(
            "notice", "the manifest does not say that it leaves", f"write {' and '.join(missing)}, merge, `tenantry up`"
        )
    until = f", billed until {tenant.billed_until}" if tenant.billed_until else ""
    return _make_done("notice", f"may be closed from {tenant.close_after} on{until}")


def _check_numbers(seen: Seen) -> Step:
    if seen.is_closed or not seen.numbers:
        return _make_done("numbers", "the account has no phone number")
    if (done := seen.done.get("numbers")) is not None:
        return _make_done(
            "numbers", f"{_confirm_text(done)}; {format_count(len(seen.numbers), 'number')} go with the account"
        )
    names = first_of(list(seen.numbers), NAMED)
    following = (
        "port them out, move them to another account or release them; those that may go with it: `--confirm numbers`"
    )
    return _make_open("numbers", f"{format_count(len(seen.numbers), 'phone number')}: {names}", following)


def _check_suspended(seen: Seen) -> Step:
    if seen.is_closed or seen.status in ENDED:
        return _make_done("suspended", f"the account is {seen.status or 'gone'}")
    return _make_open("suspended", f"the account is {seen.status}", "`tenantry up` suspends it")


def _check_statement(seen: Seen) -> Step:
    tenant = seen.tenant
    if tenant.terms is None:
        return _make_done("statement", "it has no terms, so no statement")
    if tenant.billed_until is None:
        return _make_open("statement", "nobody said until when it is billed", "write `billed_until`")
    month = f"{tenant.billed_until:%Y-%m}"
    if month in seen.closed_months:
        return _make_done("statement", f"{month} is closed")
    return _make_open(
        "statement", f"the statement of {month} is not closed", f"`tenantry bill --month {month} --close`"
    )


def _check_credits(seen: Seen) -> Step:
    if not seen.lots:
        return _make_done("credits", "no credits are left")
    rest = f"something is left of {format_count(seen.lots, 'purchase')} of credits"
    if (done := seen.done.get("credits")) is not None:
        return _make_done("credits", f"{rest}; {_confirm_text(done)}")
    return _make_open("credits", rest, "refund them, or agree that they lapse; then `--confirm credits`")


def _check_secrets(seen: Seen) -> Step:
    slug, done = seen.tenant.tenant, seen.done.get("secrets")
    if not seen.secrets:
        return _make_done("secrets", "its keys go to no sink, and end with the account")
    if seen.undeleted:
        detail = f"could not be deleted: {' '.join(seen.undeleted[:NAMED])}"
        return Step(name="secrets", state="failed", detail=detail, next="put that right, and run it again")
    if held := [secret.name for secret in seen.secrets if secret.held is not None]:
        detail = f"{format_count(len(held), 'secret')} in sinks: {first_of(held, NAMED)}"
        following = f"`tenantry offboard {slug} --apply` deletes what is there, once the account is suspended"
        return _make_open("secrets", detail, following)
    problems = [f"{secret.name}: {secret.problem}" for secret in seen.secrets if secret.problem is not None]
    if problems and done is None:
        following = "put that right and run it again; of what is deleted there, `--confirm secrets`"
        return Step(name="secrets", state="failed", detail=first_of(problems, NAMED), next=following)
    kept = [f"{secret.name} until {secret.until}" for secret in seen.secrets if secret.until is not None]
    rest = f"; deleted, and the store can restore it: {first_of(kept, NAMED)}" if kept else ""
    confirmation = f"; {_confirm_text(done)}" if done and problems else ""
    return _make_done("secrets", f"its sinks hold none{rest}{confirmation}; its keys end with the account")


def _check_records(seen: Seen) -> Step:
    if seen.broken_audit is not None:
        return Step(name="records", state="failed", detail=seen.broken_audit, next="settle the break of the audit")
    if seen.failure is not None:
        return Step(name="records", state="failed", detail=seen.failure, next="run it again")
    if seen.is_closed or not seen.record_count:
        return _make_done("records", "Twilio's API shows none")
    parts = ", ".join(f"{number} {kind}" for kind, number in seen.records.items() if number)
    return _make_open(
        "records",
        parts,
        f"`tenantry offboard {seen.tenant.tenant} --apply` deletes them, once the account is suspended",
    )


def _check_read_again(seen: Seen) -> Step:
    done = seen.done.get("read_again")
    if seen.is_closed:
        return _make_done("read_again", _confirm_text(done) if done else "the account is closed")
    if done is not None and not seen.record_count and seen.failure is None:
        return _make_done("read_again", f"on {done.at:%Y-%m-%d %H:%M} UTC, and now")
    return _make_open(
        "read_again",
        "nobody has read it after the deletion",
        f"`tenantry offboard {seen.tenant.tenant} --apply` reads it",
    )


def _check_close_after(seen: Seen) -> Step:
    if seen.is_closed or is_due(seen.tenant, seen.today):
        return _make_done("close_after", "its day has come")
    return _make_open("close_after", f"not before {seen.tenant.close_after or 'a day that nobody wrote'}", "wait")


def _check_closed(seen: Seen) -> Step:
    if seen.is_closed:
        return _make_done("closed", "Twilio deletes what is left with it 30 days after that")
    return _make_open(
        "closed", f"the account is {seen.status}", f"when all else is done: `tenantry up --close {seen.tenant.tenant}`"
    )


def _by_hand(seen: Seen, name: StepName, what: str) -> Step:
    done = seen.done.get(name)
    return (
        _make_done(name, _confirm_text(done))
        if done
        else _make_open(name, "nobody has confirmed it", f"{what}; then `--confirm {name}`")
    )


def _confirm_text(done: DoneStep) -> str:
    return f"{done.by} confirmed it on {done.at:%Y-%m-%d}: {done.ref}"


def _make_done(name: StepName, detail: str) -> Step:
    return Step(name=name, state="done", detail=detail)


def _make_open(name: StepName, detail: str, following: str) -> Step:
    return Step(name=name, state="open", detail=detail, next=following)
