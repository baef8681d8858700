"""Delivery: each sink holds the current generation of each key that goes to it.

A function of the stack's state and of what stands beside the values in the sinks. No value is read.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from tenantry.model.rotation import due_on
from tenantry.operations.key_secrets import StoredKey
from tenantry.operations.rotation.keys import DeliveredKey
from tenantry.operations.rotation.sinks import OpenSink
from tenantry.operations.rotation.values import Delivery, Status, sort_deliveries
from tenantry.secret_sinks.errors import ConflictError, ForeignError, SinkError
from tenantry.secret_sinks.secret import KeySecret, Version, refuse_foreign

IN_FLIGHT = 16
ATTEMPTS = 2
NEWER = (
    "The sink has generation {}, later than any whose secret the state knows, and it may be the only copy. It was "
    "left. Add a generation to go on."
)
UNKNOWN = (
    "No generation's secret is known: Twilio shows it only to who makes a key, and these were adopted or taken over. "
    "Add a generation to get a key with a secret."
)
NOT_MADE = "The key does not exist yet: `tenantry up` makes it, once its tenant is active."
LACKING = "The sink has nothing under this name."
OLDER = "The sink has generation {}."
SPOILED = "What the sink has was changed by hand, or was not written to its end."


@dataclass(frozen=True)
class Outcome:
    """What became of one delivery."""

    status: Status
    held: Version | None = None
    reason: str | None = None


def deliver(
    keys: Sequence[DeliveredKey],
    sinks: Mapping[str, OpenSink],
    now: datetime,
    *,
    check: bool = False,
    on_delivery: Callable[[int], None] = lambda _: None,
) -> tuple[Delivery, ...]:
    """Put the current generation of each key into those of its sinks that lack it; with `check`, only look.

    `on_delivery` is called with the number of deliveries that are settled. A sink that is down stops no other.
    """
    pairs = [(key, sinks[name]) for key in keys for name in key.sinks if name in sinks]
    deliveries: list[Delivery] = []
    pool = ThreadPoolExecutor(IN_FLIGHT)
    try:
        for delivery in pool.map(lambda pair: _deliver_pair(pair[0], pair[1], now, check=check), pairs):
            deliveries.append(delivery)
            on_delivery(len(deliveries))
    finally:
        pool.shutdown(cancel_futures=True)  # or Ctrl-C would wait for a thousand keys
    return sort_deliveries(deliveries)


def _deliver_pair(key: DeliveredKey, sink: OpenSink, now: datetime, *, check: bool) -> Delivery:
    outcome = _settle(key, sink, check=check)
    target, current = sink.target(key), key.current
    since = current.held_since if current else None
    return Delivery(
        tenant=key.tenant,
        key=key.name,
        generation=current.key.generation if current else None,
        sid=current.sid if current else None,
        held_since=since,
        age_days=max((now - since).days, 0) if since else None,
        due_on=due_on(key.tenant, key.name, key.rotation, since) if since and key.rotation else None,
        sink=sink.name,
        store=target.store,
        name=target.name,
        status=outcome.status,
        sink_generation=outcome.held.generation if outcome.held else None,
        reason=outcome.reason,
    )


def _settle(key: DeliveredKey, sink: OpenSink, *, check: bool) -> Outcome:
    current = key.current
    if not key.generations:
        return Outcome("not_made", reason=NOT_MADE)
    if current is None:
        return Outcome("unknown_secret", reason=UNKNOWN)
    for attempt in range(ATTEMPTS):
        try:
            return _look_and_put(key, current, sink, check=check)
        except ForeignError as error:
            return Outcome("refused", reason=str(error))
        except ConflictError as error:
            if attempt == ATTEMPTS - 1:
                return Outcome("failed", reason=str(error))
        except SinkError as error:
            return Outcome("failed", reason=str(error))
    raise AssertionError("the last attempt returns")


def _look_and_put(key: DeliveredKey, current: StoredKey, sink: OpenSink, *, check: bool) -> Outcome:
    held, secret = sink.version(key), make_secret(current, sink.stack)
    refuse_foreign(held, secret.owner, f"'{sink.target(key).name}' in {sink.target(key).store}")
    number = current.key.generation
    if held is not None and held.holds(current.sid, number):
        return Outcome("current", held)
    if held is not None and held.generation > number and key.may_exist(held.sid, held.generation):
        return Outcome("newer", held, NEWER.format(held.generation))
    if check:
        return Outcome("missing", held, _describe_lack(held))
    sink.put(key, secret)
    return Outcome("delivered", Version(key.tenant, key.name, number, current.account_sid, current.sid))


def make_secret(stored: StoredKey, stack: str) -> KeySecret:
    """Return a generation as a sink is given it; the state must have been read with its secrets to put it."""
    return KeySecret(
        stack=stack,
        tenant=stored.tenant,
        key=stored.key.name,
        generation=stored.key.generation,
        account_sid=stored.account_sid,
        sid=stored.sid,
        secret=stored.secret or "",
        validation_url=stored.validation_url,
    )


def _describe_lack(held: Version | None) -> str:
    if held is None:
        return LACKING
    return OLDER.format(held.generation) if held.is_whole else SPOILED
