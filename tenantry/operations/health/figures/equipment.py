"""Figures of what a tenant has in Twilio: triggers that are late, old keys, sinks that failed, drift."""

from datetime import timedelta

from tenantry.operations.health.facts import Facts
from tenantry.operations.health.figures.figure import Figure, Reading, unknown
from tenantry.text.counts import format_count
from tenantry.text.some import first_of

LATE = timedelta(minutes=5)
"""Twilio looks at triggers about once a minute; a callback that takes longer than this is late."""
NAMED = 3


def read_trigger_lag(facts: Facts) -> Reading:
    """Return how long the slowest callback of a trigger took from firing to the receiver."""
    if facts.lags is None:
        return unknown(facts, "trigger lag")
    if not facts.lags:
        return Reading("good", "no trigger fired")
    slowest = max(facts.lags)
    text = f"{int(slowest.total_seconds())} s at most, of {format_count(len(facts.lags), 'callback')}"
    return Reading("attention" if slowest > LATE else "good", text)


def read_keys(facts: Facts) -> Reading:
    """Return how old the keys are, and which are over the age at which they are to be replaced."""
    if facts.keys is None:
        return unknown(facts, "keys")
    if not facts.keys:
        return Reading("good", "no key")
    old = sorted((key for key in facts.keys if key.days > key.limit), key=lambda key: -key.days)
    if not old:
        return Reading(
            "good", f"{format_count(len(facts.keys), 'key')}, {max(key.days for key in facts.keys)} days at most"
        )
    names = first_of([f"{key.name} ({key.days} days, limit {key.limit})" for key in old], NAMED)
    return Reading("attention", f"{len(old)} too old: {names}")


def read_sinks(facts: Facts) -> Reading:
    """Return which event sinks Twilio gave up: nothing is delivered there any more."""
    if facts.sinks_failed is None:
        return unknown(facts, "sinks")
    if not facts.sinks_failed:
        return Reading("good", "none failed")
    return Reading("alarm", f"{len(facts.sinks_failed)} failed: {first_of(facts.sinks_failed, NAMED)}")


def read_drift(facts: Facts) -> Reading:
    """Return how much differs between manifests and Twilio."""
    if facts.drift is None:
        return unknown(facts, "drift")
    high, low = facts.drift
    if not high and not low:
        return Reading("good", "nothing differs")
    return Reading("alarm" if high else "attention", f"{high} high, {low} low")


TRIGGER_LAG = Figure(
    name="trigger_lag",
    title="Trigger lag",
    source="the receiver's record of each callback: when Twilio fired it, and when it came",
    remedy="Look whether the receiver is up and reachable; its sweep enforces limits meanwhile.",
    compute=read_trigger_lag,
)
KEYS = Figure(
    name="keys",
    title="Keys",
    source="the date on which Twilio made each API key, against `rotation.every_days` of its entry, else 365 days",
    remedy="Add a generation to the key and run `tenantry up`; delete the old one when nobody uses it.",
    compute=read_keys,
)
SINKS = Figure(
    name="sinks",
    title="Sinks",
    source="the status of each event sink",
    remedy="Make the webhook answer again, then `tenantry drift` and `tenantry up` make the sink anew.",
    compute=read_sinks,
)
DRIFT = Figure(
    name="drift",
    title="Drift",
    source="`tenantry drift` (with --drift)",
    remedy="See it with `tenantry drift`, which says of each finding what settles it.",
    compute=read_drift,
)
