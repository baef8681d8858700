"""Secrets of a tenant that leaves, in sinks: which are there, and deleting them once Twilio takes its keys no more.

Each deletion is in the tenant's audit, as those of records are: an intent before it, a result after it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from tenantry.ledger.connection import Ledger
from tenantry.ledger.holds import open_hold
from tenantry.ledger.retention_audit import AuditEntry, AuditLine, ChainOwner, Outcome, append_audit, open_intents
from tenantry.model.project import Stack
from tenantry.model.tenant import Tenant
from tenantry.operations.offboarding.records import REASON
from tenantry.operations.retention.page import Job
from tenantry.operations.rotation.keys import DeliveredKey, make_key
from tenantry.operations.rotation.sinks import OpenSink, open_sinks
from tenantry.secret_sinks.errors import DeletedError, SinkError, UnreachableError
from tenantry.secret_sinks.secret import KeyOwner, Version, refuse_foreign

KIND: Final = "secrets"
NO_STACK = "its name holds the stack's, and no stack is named; give --stack"


@dataclass(frozen=True)
class SinkSecret:
    """One key of the tenant and one of its sinks, as the sink shows it."""

    key: DeliveredKey
    sink: OpenSink
    held: Version | None = None
    """What is there still."""
    until: date | None = None
    """Of one that is deleted, until when the store can restore it; None where it is gone."""
    problem: str | None = None
    """Why nobody knows, or why what is there is not ours to delete."""

    @property
    def name(self) -> str:
        """Where it is, in words."""
        target = self.sink.target(self.key)
        return f"{target.name} in {target.store}"

    @property
    def reason(self) -> str:
        """What the audit says of it; it has no name of a tenant or a key."""
        return f"{REASON}, sink {self.sink.name}"


def look_into_sinks(
    stack: Stack, tenant: Tenant, account_sid: str, clock: Callable[[], datetime]
) -> tuple[SinkSecret, ...]:
    """Return each key of a tenant in each sink that its manifest names; a sink that is down is a value."""
    keys = [make_key(tenant.tenant, name, entry, ()) for name, entry in sorted(tenant.api_keys.items())]
    sinks = open_sinks(stack, {name for key in keys for name in key.sinks}, stack.name or "{stack}", clock)
    return tuple(_look(SinkSecret(key, sinks[name]), account_sid) for key in keys for name in key.sinks)


def delete_secrets(job: Job, owner: ChainOwner, account_sid: str, found: Sequence[SinkSecret]) -> tuple[str, ...]:
    """Delete what sinks hold of a tenant; return what failed, a sentence each."""
    job.ledger.ask(lambda ledger: _settle(ledger, job.run, owner, found))
    problems = [
        _delete(job, owner, account_sid, secret, secret.held)
        for secret in found
        if secret.held is not None and not job.stop.is_set()
    ]
    return tuple(problem for problem in problems if problem is not None)


def _look(secret: SinkSecret, account_sid: str) -> SinkSecret:
    if "{stack}" in secret.sink.target(secret.key).name:
        return replace(secret, problem=NO_STACK)
    owner = KeyOwner(account_sid, secret.key.tenant, secret.key.name)
    try:
        held = secret.sink.version(secret.key)
        refuse_foreign(held, owner, f"'{secret.sink.target(secret.key).name}'")
    except DeletedError as error:
        return replace(secret, until=error.until)
    except SinkError as error:
        return replace(secret, problem=str(error))
    return replace(secret, held=held)


def _delete(job: Job, owner: ChainOwner, account_sid: str, secret: SinkSecret, held: Version) -> str | None:
    """Write the intent, delete, write the result, and return what failed.

    Where no answer came, the intent stays open, and the next run looks.
    """
    entry = AuditEntry("intent", KIND, "delete", account_sid, held.sid, None, secret.reason)
    line = job.ledger.ask(lambda ledger: _begin(ledger, job.run, owner, entry))
    if line is None:
        return f"{secret.name}: the tenant is held by now."
    outcome: Outcome = "done"
    problem = None
    try:
        secret.sink.delete(secret.key, account_sid)
    except UnreachableError as error:
        return f"{secret.name}: {error}"
    except SinkError as error:
        outcome, problem = "refused", f"{secret.name}: {error}"
    job.ledger.ask(lambda ledger: _write_results(ledger, job.run, owner, [(line, outcome)]))
    return problem


def _begin(ledger: Ledger, run: str, owner: ChainOwner, entry: AuditEntry) -> AuditLine | None:
    """Write an intent; None where the tenant is held by now."""
    with ledger.writing_facts():
        if open_hold(ledger, owner.parent, owner.tenant) is not None:
            return None
        return append_audit(ledger, owner, run, [entry])[0]


def _settle(ledger: Ledger, run: str, owner: ChainOwner, found: Sequence[SinkSecret]) -> None:
    """Write what became of deletions whose run was killed, or whose answer was lost."""
    _write_results(ledger, run, owner, list(_find_outcomes(ledger, owner, found)))


def _find_outcomes(
    ledger: Ledger, owner: ChainOwner, found: Sequence[SinkSecret]
) -> Iterator[tuple[AuditLine, Outcome]]:
    known = {secret.reason for secret in found if secret.problem is None}
    held = {(secret.reason, secret.held.sid) for secret in found if secret.held is not None}
    for line in open_intents(ledger, owner):
        if line.entry.kind == KIND and line.entry.reason in known:
            yield line, "still_there" if (line.entry.reason, line.entry.sid) in held else "gone"


def _write_results(ledger: Ledger, run: str, owner: ChainOwner, results: Sequence[tuple[AuditLine, Outcome]]) -> None:
    entries = [replace(line.entry, event="result", intent=line.number, outcome=outcome) for line, outcome in results]
    with ledger.writing_facts():
        append_audit(ledger, owner, run, entries)
