"""Comparing the manifests with the holds that the ledger remembers, before a run begins.

What the fleet's record in the state remembers, Pulumi compares itself, in each preview and `up`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tenantry.ledger.address import URL
from tenantry.ledger.errors import MissingLedgerError
from tenantry.manifest.load import Loaded
from tenantry.manifest.problem import Place as FilePlace
from tenantry.manifest.problem import Problem
from tenantry.operations.ledger.opening import Place, open_for_facts, open_for_readings
from tenantry.operations.retention.holds import remember_holds, vanished_in_ledger
from tenantry.policies.check import CheckResult
from tenantry.twilio.credentials import SID


def remember_in_ledger(place: Place, loaded: Loaded, today: date) -> None:
    """Write the holds of the manifests into the ledger, so that jobs elsewhere know of them; raises LedgerError."""
    parent = _parent(place, loaded)
    if parent is None or not any(tenant.hold for tenant in loaded.tenants.values()):
        return
    with open_for_facts(place) as ledger:
        remember_holds(ledger, parent, loaded.tenants.values(), today)


def find_vanished_holds(place: Place, loaded: Loaded) -> tuple[str, ...]:
    """Return, a sentence each, which holds of the ledger vanished from the manifests; raises LedgerError.

    Nothing where no ledger is named, none was made yet, or its URL is not in the environment, as in CI of a branch.
    """
    parent = _parent(place, loaded)
    if parent is None:
        return ()
    try:
        with open_for_readings(place) as ledger:
            return vanished_in_ledger(ledger, parent, loaded.tenants.values())
    except MissingLedgerError:
        return ()


def with_vanished_holds(judged: CheckResult, loaded: Loaded, vanished: tuple[str, ...]) -> CheckResult:
    """Return the result of a check with an error for each hold that vanished."""
    problems = []
    for text in vanished:
        slug, _, sentence = text.partition(": ")
        file = loaded.files.get(slug, "tenantry.yaml")
        problems.append(Problem.at(FilePlace(file, 1, 1), "hold", sentence.removesuffix(".")))
    if not problems:
        return judged
    files = replace(judged.files, problems=tuple(sorted({*judged.files.problems, *problems})))
    return replace(judged, files=files)


def _parent(place: Place, loaded: Loaded) -> str | None:
    """Return the parent account whose holds are meant; None where there is no ledger to ask, or nobody says whose."""
    stack = loaded.stack
    if stack.ledger is None or (stack.ledger.startswith("postgresql") and not place.environ.get(URL)):
        return None
    return stack.parent or place.environ.get(SID) or None
