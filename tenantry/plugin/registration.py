"""Registering a resource of ours in the few steps that it needs; the message is the very one that the SDK sends.

The SDK (3.272) waits for each answer in a thread of its own, asks for thirty options that none of ours has, and reads
all outputs of the answer, of which ours tell one. What has other options, and what is not ours, is left to the SDK.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

import pulumi
from google.protobuf.struct_pb2 import Struct  # type: ignore[import-untyped]
from pulumi.resource_hooks import ResourceHookBinding
from pulumi.runtime import resource as sdk
from pulumi.runtime import rpc, settings
from pulumi.runtime.proto import resource_pb2

from tenantry.plugin.economy import Function, OutputNames
from tenantry.plugin.monitor import Register, find_register

REGISTER = "register resource"
KNOWN_OPTIONS = frozenset(
    {"parent", "protect", "retain_on_delete", "deleted_with", "ignore_changes", "additional_secret_outputs"}
)
"""The options that this registers; a resource with any other is left to the SDK."""
_PLAIN = (str, bool, int, float, type(None))
_NEEDED = "_get_stack_trace", "_get_source_position", "resource_output"


def register_directly(stock: Function) -> Function:
    """Return a `register_resource` that needs a third of the SDK's time for ours."""
    if not _has_what_is_needed():
        return stock

    @wraps(stock)
    def register_resource(
        res: Any,
        ty: str,
        name: str,
        custom: bool,
        remote: bool,
        new_dependency: Any,
        props: Any,
        opts: Any,
        typ: Any = None,
        package_ref: Any = None,
    ) -> None:
        ours = isinstance(res, OutputNames) if custom else not props
        send = find_register()
        if send and ours and not remote and typ is None and package_ref is None and _can_register(opts):
            trace = sdk._get_stack_trace()  # here: it counts the constructors above it
            registration = _Registration(res, ty, name, new_dependency, props, opts, trace, custom=custom)
            begin = settings._get_rpc_manager().do_rpc(REGISTER, registration.register)
            asyncio.ensure_future(begin(send))  # noqa: RUF006 - the SDK waits for all that were begun
        else:
            stock(res, ty, name, custom, remote, new_dependency, props, opts, typ, package_ref)

    return register_resource


def _has_what_is_needed() -> bool:
    needed = (*((sdk, name) for name in _NEEDED), (rpc, "_expand_dependencies"), (pulumi.Output, "_from_data"))
    return all(hasattr(place, name) for place, name in needed)


def _can_register(opts: Any) -> bool:
    options = vars(opts).items()
    return all(key in KNOWN_OPTIONS or _is_unset(value) for key, value in options if value is not None)


def _is_unset(value: Any) -> bool:
    """Return whether an option says nothing; merged options have hooks, none of which is set."""
    return value in ({}, []) or (isinstance(value, ResourceHookBinding) and not any(vars(value).values()))


class _Registration:
    """One registration: what the resource has of it at once, and what comes with the answer."""

    def __init__(
        self,
        res: Any,
        ty: str,
        name: str,
        new_dependency: Any,
        props: Mapping[str, Any],
        opts: Any,
        trace: Any,
        *,
        custom: bool,
    ) -> None:
        self._res, self._type, self._name, self._custom = res, ty, name, custom
        self._new_dependency, self._props, self._opts, self._trace = new_dependency, props, opts, trace
        self._resolve_urn, res.__dict__["urn"] = sdk.resource_output(res)
        self._resolve_id: Callable[..., None] = lambda *_: None
        if custom:
            self._resolve_id, res.__dict__["id"] = sdk.resource_output(res)
        self._resolvers = rpc.transfer_properties(res, props, custom)
        self._bag = Struct()

    async def register(self, send: Register) -> None:
        """Send it as soon as what it needs is known, and give the resource what the engine answers."""
        try:
            answer = await send(await self._build())
        except Exception as failure:
            rpc.resolve_outputs_due_to_exception(self._resolvers, failure)
            self._resolve_urn(None, True, False, failure)
            self._resolve_id(None, True, False, failure)
            raise
        self._resolve_urn(answer.urn, True, False, None)
        self._resolve_id(answer.id, bool(answer.id), False, None)
        if self._resolvers:
            self._resolve_outputs(answer)

    async def _build(self) -> resource_pb2.RegisterResourceRequest:
        needs = dict[str, list[str]]()
        for key, value in self._props.items():
            if (plain := await self._serialize(value, key, needs)) is not None:
                self._bag[key] = plain
        opts = self._opts
        parent = opts.parent or settings.get_root_resource()
        with_urn = await opts.deleted_with.urn.future() if opts.deleted_with is not None else ""
        return resource_pb2.RegisterResourceRequest(
            type=self._type,
            name=self._name,
            parent=(await parent.urn.future() if parent is not None else "") or "",
            custom=self._custom,
            object=self._bag,
            protect=opts.protect,
            dependencies={urn for urns in needs.values() for urn in urns},
            propertyDependencies={
                key: resource_pb2.RegisterResourceRequest.PropertyDependencies(urns=urns) for key, urns in needs.items()
            },
            ignoreChanges=opts.ignore_changes,
            acceptSecrets=True,
            acceptResources=os.environ.get("PULUMI_DISABLE_RESOURCE_REFERENCES", "").upper() not in {"TRUE", "1"},
            additionalSecretOutputs=opts.additional_secret_outputs,
            supportsPartialValues=True,
            retainOnDelete=opts.retain_on_delete,
            deletedWith=with_urn or "",
            sourcePosition=sdk._get_source_position(self._trace),
            stackTrace=self._trace,
            supportsResultReporting=True,
            hooks=resource_pb2.RegisterResourceRequest.ResourceHooksBinding(),
        )

    async def _serialize(self, value: Any, key: str, needs: dict[str, list[str]]) -> Any:
        """Return an input as the message has it, and note in `needs` what it depends on; None where it has none."""
        if _is_plain(value):
            if value is not None:
                needs[key] = []
            return value
        if type(value) is pulumi.Output and (link := await _read_link(value)) is not None:
            text, urn = link
            needs[key] = [urn]
            return text
        found: list[pulumi.Resource] = []
        serialized = await rpc.serialize_property(value, found, key, self._res)
        if serialized is not None:
            needs[key] = list(await rpc._expand_dependencies(found, self._res))
        return serialized

    def _resolve_outputs(self, answer: Any) -> None:
        failed = answer.result != resource_pb2.Result.SUCCESS
        needs = {
            key: {self._new_dependency(urn) for urn in found.urns} for key, found in answer.propertyDependencies.items()
        }
        is_unknown = failed or (not settings.is_dry_run() and answer.unknown)
        rpc.resolve_outputs(
            self._res,
            Struct() if failed else self._bag,
            Struct() if failed else answer.object,
            needs,
            self._resolvers,
            self._custom,
            keep_unknowns=not failed,
            resolve_missing_as_unknown=is_unknown,
        )


async def _read_link(output: Any) -> tuple[str, str] | None:
    """Return the text of an output and the URN of the one resource of ours that it is of; None where it is another."""
    data = await output._data
    source = next(iter(data.resources), None)
    if len(data.resources) != 1 or not isinstance(source, OutputNames) or data.is_secret or type(data.value) is not str:
        return None
    urn: str | None = await source.urn.future()  # type: ignore[attr-defined]
    return (data.value if data.is_known else rpc.UNKNOWN, urn) if urn else None


def _is_plain(value: Any) -> bool:
    """Return whether a value is in its message as it is in the program."""
    kind = type(value)
    if kind is dict:
        return all(type(key) is str and _is_plain(part) for key, part in value.items())
    return kind in _PLAIN or (kind is list and all(map(_is_plain, value)))
