"""What a preview showed, kept for the run that follows it: that run may do nothing else.

`tenantry up` names a folder of its own in SHOWN_VARIABLE. The program writes into it in a preview what it has read, and
compares with it in the run (tenantry/providers/reading.py). The plugin finds there every operation that was shown, and
refuses each other one before a provider hears of it: so nothing that changes after the last comparison, another run's
state or a manifest, makes the engine delete what nobody saw. A plain `pulumi up` has no such folder.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tenantry.engine.events.urn import name_of

if TYPE_CHECKING:
    import grpc

    from tenantry.engine.events.event import Event

SHOWN_VARIABLE = "TENANTRY_SHOWN"
_OPERATIONS = "operations.json"
_READING = "reading.json"
SERVICE = "/pulumirpc.ResourceProvider/"
"""The prefix of the gRPC methods of a provider."""
_METHODS: Mapping[str, str] = {
    "create": "Create",
    "create-replacement": "Create",
    "update": "Update",
    "delete": "Delete",
    "delete-replaced": "Delete",
}
"""The call that the engine (CLI 3.259) makes for a step. Its other operations ask no provider to change anything."""
_DOING: Mapping[str, str] = {"Create": "Making", "Update": "Changing", "Delete": "Deleting"}

Operation = tuple[str, str, str]
"""A call, the URN of a resource, and the id that it has; of a create none."""


def operations_of(events: Iterable[Event]) -> frozenset[Operation]:
    """Return the calls that a run may make after a preview with these events."""
    from tenantry.engine.events.event import ResourcePre  # not above: the plugin reads no events

    pre = (event for event in events if isinstance(event, ResourcePre) and event.op in _METHODS)
    return frozenset(_build_operation(_METHODS[event.op], event.urn, event.id) for event in pre)


def allow(folder: Path, events: Iterable[Event]) -> None:
    """Let the run that follows do what these events of its preview showed."""
    Path(folder, _OPERATIONS).write_text(json.dumps(sorted(operations_of(events))), encoding="utf-8")


def find_unshown(previewed: Iterable[Event], ran: Iterable[Event]) -> tuple[str, ...]:
    """Return the names of the resources that a run changed otherwise than its preview showed, sorted."""
    from tenantry.engine.events.event import ResourceOutputs

    shown = {(method, urn) for method, urn, _ in operations_of(previewed)}
    ended = (event for event in ran if isinstance(event, ResourceOutputs) and event.op in _METHODS)
    return tuple(sorted({event.name for event in ended if (_METHODS[event.op], event.urn) not in shown}))


def write_reading(folder: Path, reading: Mapping[str, Any]) -> None:
    """Write what the program of a preview has read."""
    Path(folder, _READING).write_text(json.dumps(reading), encoding="utf-8")


def read_reading(folder: Path) -> Mapping[str, Any]:
    """Return what the program of the preview read; empty where it recorded nothing."""
    try:
        reading: Mapping[str, Any] = json.loads(Path(folder, _READING).read_text(encoding="utf-8"))
    except OSError:
        return {}
    return reading


class OnlyShown:
    """Refuses calls that change something and were not shown; the engine then goes on with other resources.

    A `grpc.ServerInterceptor` by its method, not by its base: `tenantry up` needs the rest of this file, and no gRPC.
    """

    def intercept_service(self, continuation: Callable[[Any], Any], handler_call_details: Any) -> Any:
        """Check Create, Update and Delete of a run whose preview was confirmed; all other calls go on."""
        import grpc

        handler, folder = continuation(handler_call_details), os.environ.get(SHOWN_VARIABLE)
        method = handler_call_details.method.removeprefix(SERVICE)
        if method not in _DOING or not folder:
            return handler

        def call(request: Any, context: grpc.ServicerContext) -> Any:
            asked = _build_operation(method, request.urn, getattr(request, "id", ""))
            if asked not in _read_allowed(folder):
                context.abort(grpc.StatusCode.FAILED_PRECONDITION, _write_refusal(asked))
            return handler.unary_unary(request, context)

        return grpc.unary_unary_rpc_method_handler(call, handler.request_deserializer, handler.response_serializer)


@cache
def _read_allowed(folder: str) -> frozenset[Operation]:
    """Return the operations that were shown; none where the file can't be read, so that nothing is done."""
    try:
        operations = json.loads(Path(folder, _OPERATIONS).read_text(encoding="utf-8"))
    except OSError:
        return frozenset()
    return frozenset((method, urn, id_) for method, urn, id_ in operations)


def _build_operation(method: str, urn: str, id_: str) -> Operation:
    return (method, urn, "" if method == "Create" else id_)


def _write_refusal(asked: Operation) -> str:
    method, urn, id_ = asked
    held = f" ({id_})" if id_ else ""
    return (
        f"{_DOING[method]} {name_of(urn)}{held}: the preview of this run did not show it, so something has changed "
        "since. It was not done. Run again, which shows it first."
    )
