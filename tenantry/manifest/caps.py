"""Caps that contradict themselves, or what surrounds them."""

from collections.abc import Iterator
from decimal import Decimal

from tenantry.manifest.problem import Place, Problem, format_path
from tenantry.manifest.yaml.tree import Node, Path, node_at
from tenantry.model.cap import BASE_PERCENT
from tenantry.model.project import Stack
from tenantry.model.tenant import Tenant
from tenantry.model.url import is_below
from tenantry.model.usage_trigger import SMALLEST, UsageTriggerEntry, exact_value, name_at
from tenantry.model.written import SLUG_LENGTH
from tenantry.text.counts import format_count

TRIGGERS = "usage_triggers"


def cap_problems(tenant: Tenant, node: Node, stack: Stack) -> Iterator[Problem]:
    """Yield what is wrong with what a tenant's usage triggers lead to."""
    for key, entry in tenant.usage_triggers.items():
        if not entry.warn_at_percent and entry.suspending is None:
            continue  # nearly all: one trigger with the entry's own name and value, which the model has checked
        yield from _percent_problems(node, key, entry)
        yield from _name_problems(node, key, entry, tenant)
        if entry.suspending is not None:
            yield from _suspend_problems(node, key, entry, tenant, stack)


def _percent_problems(node: Node, key: str, entry: UsageTriggerEntry) -> Iterator[Problem]:
    suspends_at = entry.suspending.at_percent if entry.suspending else None
    for index, percent in enumerate(entry.warn_at_percent):
        path: Path = (TRIGGERS, key, "warn_at_percent", index)
        if percent == BASE_PERCENT:
            yield _at(node, path, "100 is the trigger itself, of which your application is told anyway; remove it")
        elif percent == suspends_at:
            yield _at(node, path, f"the account is suspended at {percent} percent (on_fire); warn at another")
        elif suspends_at is not None and percent > suspends_at:
            sentence = f"the account is suspended at {suspends_at} percent, so {percent} is never reached; remove it"
            yield _at(node, path, sentence, "warning")
    for percent in entry.percents:
        if percent == BASE_PERCENT:
            continue  # the value itself, which the model has checked
        exact = exact_value(entry.trigger_value, percent)
        if exact != entry.value_at(percent) or exact < SMALLEST:
            path = (TRIGGERS, key, "warn_at_percent" if percent in entry.warn_at_percent else "on_fire")
            sentence = f"{percent} percent of {entry.trigger_value} is no value that Twilio keeps; take another percent"
            yield _at(node, path, sentence)


def _name_problems(node: Node, key: str, entry: UsageTriggerEntry, tenant: Tenant) -> Iterator[Problem]:
    for percent in entry.percents:
        name = name_at(key, percent)
        path: Path = (TRIGGERS, key, "warn_at_percent" if percent in entry.warn_at_percent else "on_fire")
        if len(name) > SLUG_LENGTH:
            sentence = f"makes a trigger '{name}', whose name has {format_count(len(name), 'character')}"
            yield _at(node, path, f"{sentence}; {SLUG_LENGTH} are allowed, so give '{key}' a shorter name")
        elif name != key and name in tenant.usage_triggers:
            other = _place(node, (TRIGGERS, name))
            yield _at(node, path, f"makes a trigger '{name}', and {other} has an entry of that name; rename that one")


def _suspend_problems(
    node: Node, key: str, entry: UsageTriggerEntry, tenant: Tenant, stack: Stack
) -> Iterator[Problem]:
    path: Path = (TRIGGERS, key, "on_fire")
    if stack.ledger is None:
        sentence = (
            "action: suspend needs a ledger, which keeps why an account is suspended; set `ledger` in tenantry.yaml"
        )
        yield _at(node, path, sentence)
    if not is_below(entry.callback_url, stack.webhooks):
        sentence = "action: suspend acts on a callback to the receiver; write callback_url as a path below `webhooks`"
        yield _at(node, (TRIGGERS, key, "callback_url"), sentence)
    if entry.recurring not in ("daily", "monthly"):
        sentence = (
            f"action: suspend lasts until the next period, and this trigger is {entry.recurring}; say recurring: "
            "daily or monthly"
        )
        yield _at(node, (TRIGGERS, key, "recurring"), sentence)
    if entry.trigger_value == Decimal(0):
        yield _at(node, (TRIGGERS, key, "trigger_value"), "action: suspend at 0 stops a tenant that has used nothing")
    if tenant.state == "active":
        place = _place(node, ("state",))
        sentence = (
            f"action: suspend and `state: active` ({place}) contradict each other: each `up` would make the account "
            "active again; take `state` out"
        )
        yield _at(node, path, sentence)


def _at(root: Node, path: Path, sentence: str, severity: str = "error") -> Problem:
    return Problem.at(_place(root, path), format_path(path), sentence, "warning" if severity == "warning" else "error")


def _place(root: Node, path: Path) -> Place:
    """Return the place of a value, or of the nearest mapping around it that was written."""
    return next(found.place for end in range(len(path), -1, -1) if (found := node_at(root, path[:end])) is not None)
