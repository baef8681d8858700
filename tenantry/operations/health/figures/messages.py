"""Figures of messages: how many arrive, how many errors there are, how much Twilio refuses for being too much."""

from tenantry.model.error_titles import ERROR_TITLES
from tenantry.operations.health.facts import Facts, Recent
from tenantry.operations.health.figures.figure import Figure, Reading, percent_text, unknown
from tenantry.text.some import first_of

FEW = 100
"""Messages below which a share says nothing, and counts are told alone."""
MANY_UNDELIVERED_PERCENT = 10
FEW_DELIVERED_PERCENT = 50
"""So many percent not delivered make somebody look, without any objective: of few messages, half of them."""
MANY_THROTTLED_PERCENT = 1
NAMED = 3
"""So many error codes are named."""


def read_delivered(facts: Facts) -> Reading:
    """Return the share of messages that were delivered, of those with a final outcome."""
    if not facts.days:
        return unknown(facts, "messages")
    days = tuple(facts.days_since(facts.window_first))
    delivered, undelivered = sum(day.delivered for day in days), sum(day.undelivered for day in days)
    excluded = sum(day.excluded for day in days)
    own = f", {excluded} for the recipient's own reasons" if excluded else ""
    total = delivered + undelivered
    if not total:
        return Reading("good", f"no message{own}")
    counts = f"{delivered} of {total} delivered{own}"
    counts = f"{counts}{_tell_codes(facts.recent)}"
    text = counts if total < FEW else f"{percent_text(delivered, total)}, {counts}"
    is_low = undelivered * 100 > total * (FEW_DELIVERED_PERCENT if total < FEW else MANY_UNDELIVERED_PERCENT)
    return Reading("attention" if is_low else "good", text)


def _tell_codes(recent: Recent | None) -> str:
    """Return which error codes the messages failed with that were read one by one, the most frequent first."""
    found = sorted((recent.codes if recent else {}).items(), key=lambda pair: (-pair[1], pair[0]))
    if recent is None or not found:
        return ""
    texts = [f"{_describe_code(code)} × {number}" for code, number in found]
    return f"; failed since {recent.since:%Y-%m-%d} with {first_of(texts, NAMED)}"


def _describe_code(code: str) -> str:
    title = ERROR_TITLES.get(code)
    return f"{code} ({title})" if title else code or "no code"


def read_errors(facts: Facts) -> Reading:
    """Return how many errors the Debugger has for so many messages."""
    days = [day for day in facts.days_since(facts.window_first) if day.errors is not None]
    if not days:
        return unknown(facts, "alerts")
    errors, messages = sum(day.errors or 0 for day in days), sum(day.messages for day in days)
    counts = f"{errors} for {messages} messages"
    if not errors:
        return Reading("good", counts)
    text = counts if messages < FEW else f"{percent_text(errors, messages)}, {counts}"
    return Reading("attention" if errors * 10 > messages else "good", text)


def read_throttled(facts: Facts) -> Reading:
    """Return how often the Debugger says 429."""
    days = [day for day in facts.days_since(facts.window_first) if day.throttled is not None]
    if not days:
        return unknown(facts, "alerts")
    throttled, messages = sum(day.throttled or 0 for day in days), sum(day.messages for day in days)
    is_much = throttled * 100 > messages * MANY_THROTTLED_PERCENT
    return Reading("attention" if is_much and throttled else "good", f"{throttled} for {messages} messages")


DELIVERED = Figure(
    name="delivered",
    title="Delivered",
    source="Twilio's message log, or the ledger's days: delivered of delivered, undelivered and failed",
    remedy="Look at the error codes: `twilio api:core:messages:list`; 30007 is a carrier's filter, 30008 unknown.",
    compute=read_delivered,
)
ERRORS = Figure(
    name="errors",
    title="Errors",
    source="alerts of level error in the Debugger (30 days), or the ledger's days",
    remedy="Open the Debugger of the account; 11200 is your own webhook that does not answer.",
    compute=read_errors,
)
THROTTLED = Figure(
    name="throttled",
    title="429s",
    source="alerts with code 20429 in the Debugger",
    remedy="Send fewer requests at once with this account's credentials, and wait where Twilio answers 429.",
    compute=read_throttled,
)
