"""How severe each kind of finding is, and what settles it: two tables to read."""

from collections.abc import Collection, Mapping
from typing import Final

from tenantry.model.kinds import KINDS
from tenantry.operations.drift.values import FindingKind, Severity

SEVERITY: Final[Mapping[FindingKind, Severity]] = {
    "suspended_by_twilio": "high",
    "closed_outside": "high",
    "not_working": "high",
    "unreadable": "high",  # what was not seen may be anything
    "duplicate": "high",
    "missing": "high",
    "changed": "high",
    "overdue": "high",
    "unmanaged": "low",
    "status_not_ours": "high",  # the account is suspended: nothing of the customer's works
    "not_applied": "low",
    "attested": "note",
    "ignored": "note",
    "ignores_nothing": "note",
    "kept": "note",
}
"""By kind, in the order of the report."""

HIGH_WHEN_UNMANAGED: Final = frozenset(name for name, kind in KINDS.items() if kind.is_credential)
"""A key that no manifest names reaches the tenant's data for as long as nobody notices it."""

_AGAIN = "`tenantry drift{names}` looks again"
_TELLS = "`tenantry drift{names}` reports it as a finding"
OBSERVED = (
    "it is only observed, and no run changes it: `tenantry drift --accept` writes what was found into the manifest"
)
HELD = (
    "`tenantry resume TENANT --reason REASON` lifts what somebody recorded; a cap ends with its period, or by "
    "`tenantry caps override`"
)
SAME_FOR_ALL: Final = frozenset({OBSERVED, HELD})
"""What settles a finding whatever its kind is, and names no tenant."""
SETTLE: Final[Mapping[str, str]] = {
    "suspended_by_twilio": "ask Twilio's support; `tenantry drift` looks again",
    "closed_outside": "closing can't be undone: set state: closed with close_after in the manifest, or take a new "
    "slug; then `tenantry up{names}`",
    "not_working": "see that its URL answers with 2xx; then delete it in the Console, a sink's subscription before it, "
    "and `tenantry up{names} --refresh` makes it again",
    "unreadable": f"when the reason is gone, {_AGAIN}",
    "duplicate": f"delete in the Console what nobody uses, then {_AGAIN}",
    "duplicate subaccount": "rename or close all but one in the Console, then `tenantry up{names}`",
    "missing": "`tenantry up{names} --refresh` makes it again",
    "missing subaccount": "it can't come back: set state: closed with close_after in the manifest, or take a new slug; "
    "then `tenantry up{names}`",
    "changed": "`tenantry up{names} --refresh` puts it back; `tenantry drift{names} --accept` keeps it, and writes it "
    "into the manifest",
    "overdue": "`tenantry retain{names} --apply` deletes them; then `tenantry drift{names} --retention`",
    "unmanaged": "`tenantry drift{names} --accept` writes it into the manifest, with `adopt` and its SID; "
    "`tenantry drift --delete SID` deletes it; or name it in `ignore`, by its name or SID, as in `api_key/SK…`",
    "unmanaged subaccount": "bring the manifest back from git and run `tenantry up`; if the customer has left, with "
    "state: closed and close_after in it",
    "unmanaged account": "`tenantry new SLUG --name NAME` and `account: {{adopt: SID}}` take it over, with "
    "state: released to leave it alone; or name its SID in `known_accounts` of tenantry.yaml; or close it in "
    "the Console",
    "status_not_ours": "`state: active` in the manifest and `tenantry up{names} --refresh` bring it back; "
    "`state: suspended` accepts it",
    "not_applied": "`tenantry up{names}`",
    "attested": "look in the Console, and write the value and the day into the manifest; `tenantry validate` checks it",
    "ignored": "no action is needed; without its `ignore`, `tenantry up{names} --refresh` puts it back",
    "ignored missing": "no action is needed; without its `ignore`, `tenantry up{names} --refresh` makes it again",
    "ignored not_applied": "no action is needed; without its `ignore`, `tenantry up{names}` applies it",
    "ignored status_not_ours": f"no action is needed; without its `ignore`, {_TELLS}",
    "ignored not_working": f"no action is needed; without its `ignore`, {_TELLS}",
    "ignored unmanaged": f"no action is needed; no command changes it, and without its `ignore`, {_TELLS}",
    "ignored duplicate": f"no action is needed; no command changes it, and without its `ignore`, {_TELLS}",
    "ignored account": "no action is needed; without its entry in `known_accounts`, `tenantry drift` reports it as "
    "unmanaged",
    "ignores_nothing": f"remove it, or correct its name; then {_AGAIN}",
    "kept": "no action is needed: they were there before it was taken over, and stay; to remove them, delete them by "
    "Twilio's API, and `tenantry drift{names}` no longer lists them",
}
"""What settles a finding, by its kind, or by its kind and the kind of object where that makes a difference."""

WHAT: Final[Mapping[FindingKind, str]] = {
    "suspended_by_twilio": "suspended by Twilio",
    "closed_outside": "closed outside",
    "not_working": "does not work",
    "unreadable": "can't be read",
    "duplicate": "duplicate",
    "missing": "missing",
    "changed": "changed outside of Tenantry",
    "overdue": "overdue records",
    "unmanaged": "unmanaged",
    "status_not_ours": "status not ours",
    "not_applied": "not applied yet",
    "attested": "attested",
    "ignored": "ignored",
    "ignores_nothing": "ignores nothing",
    "kept": "kept as it was",
}
"""The kinds in words."""

NAMED = 5


def rate_severity(kind: FindingKind, object_kind: str) -> Severity:
    """Return how severe a finding of this kind about this kind of object is."""
    if kind == "unmanaged" and object_kind in HIGH_WHEN_UNMANAGED:
        return "high"
    return SEVERITY[kind]


def settle(kind: FindingKind, object_kind: str, tenants: Collection[str], meant: FindingKind | None = None) -> str:
    """Return what settles such findings of these tenants; more than a few are settled by a run over all.

    An account of no tenant is an "account"; one that is or was a tenant's is its "subaccount". `meant` is what an
    ignored finding would be.
    """
    object_kind = object_kind if tenants else "account"
    names = "".join(f" {slug}" for slug in sorted(tenants)) if len(tenants) <= NAMED else ""
    sentence = SETTLE.get(f"{kind} {object_kind}") or SETTLE.get(f"{kind} {meant}") or SETTLE[kind]
    return sentence.format(names=names)
