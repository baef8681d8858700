"""What was done about a suspension as lines for people."""

from collections.abc import Iterator

from tenantry.operations.suspensions.values import HeldReason, SuspensionOutcome
from tenantry.text.plain import plain
from tenantry.text.wrapping import PLAIN, Layout, Line, lay_out, sentence


def as_text(outcome: SuspensionOutcome, layout: Layout = PLAIN) -> str:
    """Return what was recorded, which reasons hold, and how the account stands."""
    return lay_out(list(_write_lines(outcome)), layout)


def _write_lines(outcome: SuspensionOutcome) -> Iterator[Line]:
    yield sentence(_describe_record(outcome), "bold")
    for reason in outcome.reasons:
        yield sentence(f"  {_describe_reason(reason)}")
    if outcome.problem is None:
        yield sentence(_describe_account(outcome))
        return
    yield sentence(plain(outcome.problem), "alarm")
    was = "The reason is recorded" if outcome.action == "suspend" else "The reason is lifted"
    yield sentence(f"{was}, and the account has not followed. Run the same command again.")


def _describe_record(outcome: SuspensionOutcome) -> str:
    tenant, reason = outcome.tenant, outcome.reason
    match (outcome.action, outcome.is_new):
        case ("suspend", True):
            return f"{tenant}: suspended for {reason}."
        case ("suspend", False):
            return f"{tenant}: suspended for {reason} already; the ledger was not changed."
        case (_, True):
            return f"{tenant}: {reason} is lifted."
        case _:
            return f"{tenant}: {reason} was lifted before; the ledger was not changed."


def _describe_reason(held: HeldReason) -> str:
    until = f", until {held.until}" if held.until else ""
    return f"{held.reason}  since {held.since:%Y-%m-%d %H:%M} UTC{until}  {plain(held.ref)}, by {plain(held.by)}"


def _describe_account(outcome: SuspensionOutcome) -> str:
    status = plain(outcome.status)
    standing = f"is {status} now" if outcome.is_changed else f"was {status} already"
    account = f"Its account {outcome.account_sid} {standing}."
    if outcome.action == "suspend" or status != "suspended":
        return account
    if outcome.reasons:
        return f"{account} It is made active when no reason is left."
    return f"{account} Its manifest says `state: {outcome.manifest_state}`, which keeps it so."
