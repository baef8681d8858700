"""What is wrong with purchases: every problem of every row at once, each at its cell."""

from collections.abc import Iterable, Iterator, Sequence

from tenantry.ledger.statements import list_closed_months
from tenantry.model.charge import Credits
from tenantry.operations.billing.credits.purchases import (
    Asked,
    AskedRow,
    Desk,
    PurchaseError,
    PurchaseProblem,
    find_last_day,
)
from tenantry.text.spelling import closest

Fault = tuple[str, str]
"""A column, and what is wrong with it."""


def check_purchases(desk: Desk, rows: Sequence[AskedRow]) -> None:
    """Raise PurchaseError with all that is wrong with these purchases."""
    faults = [(row, fault) for row in rows for fault in (*row.faults, *_check(desk, row.asked))]
    faults += _find_repeated_refs(rows)
    if faults:
        raise PurchaseError(_locate_problem(row, column, sentence) for row, (column, sentence) in faults)


def _locate_problem(row: AskedRow, column: str, sentence: str) -> PurchaseProblem:
    return PurchaseProblem(row.locate(column), row.places.get(column, (0, 0)), sentence)


def _check(desk: Desk, asked: Asked) -> Iterator[Fault]:
    """Yield what is wrong with one purchase; of what could not be read, nothing is said again."""
    if asked.on is not None and asked.on > desk.today:
        yield "on", f"{asked.on} is in the future; record a purchase from its first day on"
    if asked.on is not None and asked.expires is not None and asked.expires < asked.on:
        yield "expires", f"it expires on {asked.expires}, before its first day, {asked.on}"
    if not asked.tenant:
        return
    if asked.tenant not in desk.tenants:
        yield "tenant", f"there is no tenant '{asked.tenant}'{_suggest(asked.tenant, desk.tenants)}"
        return
    yield from _check_charge(desk, asked)


def _check_charge(desk: Desk, asked: Asked) -> Iterator[Fault]:
    charges = desk.find_charges(asked.tenant)
    charge = charges.get(asked.charge)
    if charge is None and asked.charge:
        hint = _suggest(asked.charge, charges)
        yield "charge", f"'{asked.tenant}' has no charge '{asked.charge}' of strategy credits{hint}"
    elif charge is not None and asked.pack not in charge.packs:
        if asked.pack:
            yield "pack", f"the charge '{asked.charge}' has no pack '{asked.pack}'{_suggest(asked.pack, charge.packs)}"
    elif charge is not None:
        yield from _check_last_day(desk, asked, charge)


def _check_last_day(desk: Desk, asked: Asked, charge: Credits) -> Iterator[Fault]:
    """Yield that no statement can use a purchase any more, for all its months are closed."""
    if asked.on is None or (asked.expires is not None and asked.expires < asked.on):
        return
    last_day = find_last_day(asked.on, asked.expires, charge.packs[asked.pack].days)
    closed = list_closed_months(desk.ledger, desk.stack, asked.tenant)
    if closed and f"{last_day:%Y-%m}" <= closed[-1]:
        sentence = f"it expired on {last_day}, and {closed[-1]} is closed: no statement can use it any more"
        yield "expires" if asked.expires else "on", sentence


def _find_repeated_refs(rows: Sequence[AskedRow]) -> Iterator[tuple[AskedRow, Fault]]:
    first: dict[str, AskedRow] = {}
    for row in rows:
        earlier = first.setdefault(row.asked.ref, row)
        if row.asked.ref and earlier.asked != row.asked:
            place = earlier.locate("ref")
            yield row, ("ref", f"the ref '{row.asked.ref}' stands at {place} too, for another purchase")


def _suggest(word: str, choices: Iterable[str]) -> str:
    names = sorted(choices)
    close = closest(word, names)
    if close:
        return f"; did you mean '{close}'?"
    return f"; there are {', '.join(names[:5])}" if names else ""
