"""What was done with a ledger as lines for people."""

from collections.abc import Iterator

from tenantry.operations.ledger.values import LedgerOutcome
from tenantry.text.counts import format_count
from tenantry.text.plain import plain
from tenantry.text.wrapping import PLAIN, Layout, Line, lay_out, sentence

_OWN = frozenset({"migrations", "identity"})
"""Tables about the ledger itself."""


def as_text(outcome: LedgerOutcome, layout: Layout = PLAIN) -> str:
    """Return what was done, what is wrong, what the ledger holds, and the head to note down."""
    return lay_out(list(_write_lines(outcome)), layout)


def _write_lines(outcome: LedgerOutcome) -> Iterator[Line]:
    yield sentence(plain(_describe_done(outcome)), "bold")
    for problem in outcome.problems:
        yield sentence(plain(problem), "alarm")
    for warning in outcome.warnings:
        yield sentence(plain(f"warning: {warning}"), "yellow")
    held = {table: number for table, number in outcome.rows.items() if number and table not in _OWN}
    width = max(map(len, held), default=0)
    for table, number in held.items():
        yield sentence(f"  {table:{width}}  {number:,}")
    if not held:
        yield sentence("It is empty.")
        return
    command = f"`tenantry ledger check --head {outcome.head}`"
    yield sentence(f"Its head is {outcome.head}. Note it down: {command} notices an older copy.")


def _describe_done(outcome: LedgerOutcome) -> str:
    version = f"version {outcome.version}"
    match outcome.action:
        case "init":
            return _describe_made(outcome, version)
        case "check":
            found = format_count(len(outcome.problems), "problem") if outcome.problems else "nothing is wrong"
            return f"The ledger {outcome.ledger}, {version}: {found}."
        case "backup":
            return f"The ledger {outcome.ledger} was backed up to {outcome.target}, and the backup was checked."
        case "copy":
            return f"The ledger {outcome.ledger} was copied to {outcome.target}, and every row was compared."


def _describe_made(outcome: LedgerOutcome, version: str) -> str:
    if not outcome.migrations:
        return f"The ledger {outcome.ledger} is there already, {version}; nothing was changed."
    if len(outcome.migrations) == outcome.version:
        return f"The ledger {outcome.ledger} was made, {version}."
    return f"The ledger {outcome.ledger} was upgraded to {version} ({', '.join(outcome.migrations)})."
