"""The story of `tenantry secrets`, and of the end of an `up`: read the state, look into the sinks, put what lacks."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from tenantry.manifest.sentence import did_you_mean
from tenantry.model.stack_name import short_name
from tenantry.operations.errors import StoppedError
from tenantry.operations.key_secrets import StoredKey
from tenantry.operations.rotation.delivery import deliver
from tenantry.operations.rotation.keys import find_delivered_keys, find_tenants_with_sinks
from tenantry.operations.rotation.notices import queue_key_notices
from tenantry.operations.rotation.sinks import open_sinks
from tenantry.operations.rotation.values import SecretsReport, UnknownSecret
from tenantry.operations.stack.open import Opened, read_state_of

UNDONE = "No secret was delivered."
OTHERWISE = "`tenantry doctor` says what is missing."


@dataclass(frozen=True)
class SecretsRequest:
    """Which deliveries are asked for; None is all tenants, or all sinks."""

    opened: Opened
    slugs: Collection[str] | None = None
    sink: str | None = None
    check: bool = False


def deliver_secrets(
    request: SecretsRequest, clock: Callable[[], datetime], on_delivery: Callable[[int], None] = lambda _: None
) -> SecretsReport:
    """Deliver what sinks lack, or look at what they lack; raises StoppedError where that can't begin."""
    stack = request.opened.loaded.stack
    if request.sink is not None and request.sink not in stack.secret_sinks:
        hint = did_you_mean(request.sink, list(stack.secret_sinks)) or _list_sinks(stack.secret_sinks)
        raise StoppedError(f"--sink {request.sink}: tenantry.yaml has no such sink{hint}")
    state = read_state_of(request.opened, UNDONE, OTHERWISE, show_secrets=not request.check)
    keys = find_delivered_keys(request.opened.loaded.tenants, state, request.slugs)
    wanted = {name for key in keys for name in key.sinks if request.sink in (None, name)}
    name = short_name(request.opened.project.stack)
    sinks = open_sinks(stack, wanted, name, clock)
    deliveries = deliver(keys, sinks, clock(), check=request.check, on_delivery=on_delivery)
    warning = queue_key_notices(request.opened, deliveries, ())
    return SecretsReport(
        format=1,
        stack=request.opened.project.stack,
        check=request.check,
        deliveries=deliveries,
        notes=(warning,) if warning else (),
        unknown_secrets=tuple(_describe_unknown(stored) for key in keys for stored in key.unknown),
    )


def deliver_after_up(
    opened: Opened, slugs: Collection[str] | None, clock: Callable[[], datetime]
) -> SecretsReport | None:
    """Deliver the keys of the tenants of an `up`; None where none of them goes to a sink. Raises StoppedError."""
    chosen = frozenset(find_tenants_with_sinks(opened.loaded.tenants, slugs))
    return deliver_secrets(SecretsRequest(opened, chosen), clock) if chosen else None


def _describe_unknown(stored: StoredKey) -> UnknownSecret:
    return UnknownSecret(tenant=stored.tenant, key=stored.key.name, generation=stored.key.generation, sid=stored.sid)


def _list_sinks(sinks: Collection[str]) -> str:
    return f"; it has {', '.join(sinks)}" if sinks else "; write some under secret_sinks, see docs/secrets.md"
