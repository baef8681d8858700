"""Opening the ledger that a project names, and refusing places in which facts would be lost."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tenantry.ledger.address import Address, SqliteAddress, address_of
from tenantry.ledger.connection import Ledger
from tenantry.ledger.errors import LedgerError, RefusedError
from tenantry.ledger.opening import Clock, open_ledger
from tenantry.model.project import Stack
from tenantry.twilio.credentials import leads_to_this_machine

CI = "CI"
_NOT_SET = frozenset({"", "0", "false"})


@dataclass(frozen=True)
class Place:
    """Where a project is, and the settings of the stack that is meant."""

    root: Path
    stack: Stack
    environ: Mapping[str, str]


def find_ledger_address(place: Place) -> Address:
    """Return the address of the stack's ledger; raises LedgerError where tenantry.yaml names none."""
    if place.stack.ledger is None:
        of_stack = f" of the stack '{place.stack.name}'" if place.stack.name else ""
        raise LedgerError(
            f"This needs a ledger, and tenantry.yaml names none{of_stack}. Write "
            "`ledger: sqlite:/absolute/path/ledger.db` into it, outside of the checkout, or `ledger: postgresql:`; "
            "then run `tenantry ledger init`."
        )
    return address_of(place.stack.ledger, place.environ)


def open_for_readings(place: Place) -> Ledger:
    """Open the stack's ledger for what can be read again, and for looking; raises LedgerError."""
    return open_ledger(find_ledger_address(place))


def open_for_facts(place: Place, *, clock: Clock | None = None) -> Ledger:
    """Open the stack's ledger for what can't be read again; raises RefusedError where that would be lost.

    `clock` stands for the database's own, as where Twilio is a fake whose clock is moved.
    """
    address = find_ledger_address(place)
    if problem := find_facts_problem(address, place):
        raise RefusedError(f"{problem} Nothing was written.")
    return open_ledger(address, clock=clock)


def find_facts_problem(address: Address, place: Place) -> str | None:
    """Return why facts may not be written to a ledger; None if they may.

    A demo or a test, whose Twilio is a fake on this machine, has nothing to lose.
    """
    if not isinstance(address, SqliteAddress) or leads_to_this_machine(place.environ):
        return None
    checkout = _find_checkout(place.root)
    if Path(os.path.realpath(address.path)).is_relative_to(checkout):
        return (
            f"The ledger {address} lies in the checkout {checkout}, which is cloned and thrown away. "
            "Name a file outside of it in tenantry.yaml, or `postgresql:`."
        )
    if place.environ.get(CI, "").strip().lower() not in _NOT_SET:
        return (
            f"The ledger {address} is a file of this machine, and {CI} is set: a runner is thrown away after its job. "
            "Use `ledger: postgresql:` in CI."
        )
    return None


def _find_checkout(root: Path) -> Path:
    """Return the git work tree that a project lies in; without one, its own folder."""
    folder = Path(os.path.realpath(root))
    return next((above for above in (folder, *folder.parents) if (above / ".git").exists()), folder)
