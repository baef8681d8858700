"""Which steps a reviewer must not miss: what stops, ends or replaces something that a customer uses."""

from collections.abc import Mapping
from typing import Literal

from tenantry.engine.events.plan import Step
from tenantry.engine.state.deployment import KINDS
from tenantry.model.resources import Kind
from tenantry.model.subaccount import GONE

Danger = Literal[
    "gone",
    "close",
    "suspend",
    "recover",
    "delete_key",
    "replace_key",
    "cut_key",
    "delete",
    "replace",
    "delete_webhook",
    "replace_webhook",
    "delete_trigger",
    "replace_trigger",
]

DANGERS: Mapping[Danger, str] = {
    "gone": "the account is closed in Twilio, or unknown there; an `up` fails for the tenant until its manifest says "
    "state: closed, or it takes a new slug",
    "close": "the account is closed for good and its phone numbers are given up; nobody can undo that",
    "suspend": "the account stops: no calls and no messages until the tenant is active again",
    "recover": "the account is taken over by its name alone, as --recover says; see that it is the tenant's",
    "delete_key": "whoever still uses the key is refused at once",
    "replace_key": "a new key with another SID and another secret; whoever still uses the old one is refused at once",
    "cut_key": "requests that need a permission which the key loses are refused at once",
    "delete": "the object is gone, with what it holds",
    "replace": "another object takes its place, with another id, and the old one is gone",
    "delete_webhook": "errors of the tenant are not sent any more",
    "replace_webhook": "another sink takes its place; errors of these minutes may be sent twice",
    "delete_trigger": "nobody is told any more when usage reaches the value",
    "replace_trigger": "another trigger takes its place; it may fire again in the same period",
}
"""What each danger means for the customer, the worst first."""

_ENDINGS: Mapping[tuple[Kind | None, str], Danger] = {
    ("api_key", "delete"): "delete_key",
    ("api_key", "finish"): "delete_key",
    ("api_key", "replace"): "replace_key",
    ("event_sink", "delete"): "delete_webhook",
    ("event_sink", "replace"): "replace_webhook",
    ("event_subscription", "delete"): "delete_webhook",
    ("event_subscription", "replace"): "replace_webhook",
    ("usage_trigger", "delete"): "delete_trigger",
    ("usage_trigger", "replace"): "replace_trigger",
    (None, "finish"): "delete",  # a project's own: nobody knows here what the old object holds
}
RECOVERS = "recovers"
"""The property of a step that says which account it takes over by its name alone."""
_ANY_KIND: Mapping[str, Danger] = {"delete": "delete", "replace": "replace"}
_STATES: Mapping[str, Danger] = {"closed": "close", "suspended": "suspend"}


def danger_of(step: Step) -> Danger | None:
    """Return the danger of a step; None for one that takes nothing away from a customer."""
    kind = KINDS.get(step.type)
    match kind, step.op:
        case "subaccount", "update" if _old_value(step, "status") in GONE:
            return "gone"
        case "subaccount", "create" | "adopt" if _new_value(step, RECOVERS):
            return "recover"
        case "account_state", "create" | "update":
            return _STATES.get(str(_new_value(step, "status")))
        case "api_key", "update":
            return "cut_key" if _loses_permissions(step) else None
        case _, op:
            return _ENDINGS.get((kind, op)) or _ANY_KIND.get(op)


def rank(danger: Danger | None) -> int:
    """Return where a danger stands in a list that begins with the worst; what is no danger comes last."""
    return list(DANGERS).index(danger) if danger else len(DANGERS)


def _new_value(step: Step, path: str) -> object:
    return next((change.new for change in step.changes if change.path == path), None)


def _old_value(step: Step, path: str) -> object:
    return next((change.old for change in step.changes if change.path == path), None)


def _loses_permissions(step: Step) -> bool:
    return any(
        change.path == "policy" and isinstance(change.old, list) and not set(change.old) <= set(change.new or ())
        for change in step.changes
    )
