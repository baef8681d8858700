"""Models of files that are only a part of a manifest: a layer, and a tenant's own file before its layers are merged.

They are made from the model of the effective manifest, so that each key is described once. In both nothing is required
that a layer may bring, and an entry of a mapping may be null, which removes what is inherited.
"""

from collections.abc import Iterator
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, create_model
from pydantic.fields import FieldInfo

from tenantry.model.tenant import ADOPTING, TENANT_ONLY, Tenant
from tenantry.model.written import Text, Written, refusal
from tenantry.text.spelling import closest

PLAN, PROFILES = "plan", "profiles"
LOCKED = "locked"
ANY = "*"
"""Stands for every name of a mapping in a locked path: `api_keys.*.access`."""


class Partial(BaseModel):
    """The base of the models of parts."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)


@cache
def tenant_file() -> type[BaseModel]:
    """Return the model of tenants/<slug>.yaml: only `tenant` and `name` are required."""
    return _file("TenantFile", required=("tenant", "name"))


@cache
def layer_file(*also_refused: str) -> type[BaseModel]:
    """Return the model of a layer; it has no keys that only tenants may have, and only it has `locked`."""
    file = _file("Layer", drop=frozenset({*TENANT_ONLY, *ADOPTING}), refused=frozenset(also_refused))
    meaning = "paths that no later layer and no tenant may set, such as retention or api_keys.*.access"
    return create_model("Layer", __base__=file, __doc__=file.__doc__, locked=(_Locked, Field((), description=meaning)))


def part_of(model: type[BaseModel]) -> type[BaseModel]:
    """Return the model of a part of a mapping: nothing is required, and an entry of it may be null."""
    return _partial(model, frozenset())


def fields_at(model: type[BaseModel], path: tuple[str | int, ...]) -> dict[str, FieldInfo]:
    """Return the keys that a mapping at a path may have, of every alternative; empty where any key may stand."""
    annotation: Any = model
    for part in path:
        annotation = _below(annotation, part)
    return {
        field.alias or name: field
        for found in alternatives(annotation)
        if _is_model(found)
        for name, field in found.model_fields.items()
    }


def tags_at(model: type[BaseModel], path: tuple[str | int, ...], tag: str) -> list[str]:
    """Return what a tag may say: one value for each of the mappings that may stand at a path."""
    return [value for value, _ in _tagged_at(model, path, tag)]


def tags_with(model: type[BaseModel], path: tuple[str | int, ...], tag: str, key: str) -> list[str]:
    """Return the values of a tag whose mapping has a key."""
    return [value for value, found in _tagged_at(model, path, tag) if key in found.model_fields]


def _tagged_at(model: type[BaseModel], path: tuple[str | int, ...], tag: str) -> Iterator[tuple[str, type[BaseModel]]]:
    annotation: Any = model
    for part in path:
        annotation = _below(annotation, part)
    for found in alternatives(annotation):
        if _is_model(found) and tag in found.model_fields:
            yield from ((str(value), found) for value in get_args(found.model_fields[tag].annotation))


def parts_of(locked: str) -> tuple[str, ...]:
    """Return the parts of a locked path; a label is one part, dots and all."""
    first, dot, rest = locked.partition(".")
    return (first, rest) if dot and first == "labels" else tuple(locked.split("."))


def is_of_tenants_alone(path: tuple[str, ...]) -> bool:
    """Return whether a path is one that only tenants may have."""
    return path[0] in TENANT_ONLY or (path[0] != "labels" and any(part in ADOPTING for part in path[1:]))


def _lockable(locked: str) -> str:
    annotation: Any = Tenant
    path = parts_of(locked)
    for end, part in enumerate(path):
        annotation = _below(annotation, part)
        if annotation is None:
            close = closest(part, fields_at(Tenant, path[:end]))
            hint = f"; did you mean '{close}'?" if close else ""
            raise refusal(f"locks '{locked}', and no manifest has such a key{hint}")
    if is_of_tenants_alone(path):
        raise refusal(f"locks '{locked}', which only tenants may have")
    return locked


_Locked = Annotated[tuple[Annotated[Text, AfterValidator(_lockable)], ...], Field(strict=False)]


def _below(annotation: Any, part: str | int) -> Any:
    for found in alternatives(annotation):
        if _is_model(found) and part in found.model_fields:
            return found.model_fields[part].annotation
        if get_origin(found) is dict:
            return get_args(found)[1]
        if get_origin(found) is tuple and isinstance(part, int):
            return get_args(found)[0]
    return None


def alternatives(annotation: Any) -> Iterator[Any]:
    """Yield what a value may be, without the wrappings of the type system."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from alternatives(get_args(annotation)[0])
    elif origin in (Union, UnionType):
        for argument in get_args(annotation):
            yield from alternatives(argument)
    else:
        yield annotation


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _file(
    title: str,
    *,
    drop: frozenset[str] = frozenset(),
    refused: frozenset[str] = frozenset(),
    required: tuple[str, ...] = (),
) -> type[BaseModel]:
    """Return the model of a file: `drop` are keys that it has nowhere, `refused` those that it has not at its top."""
    parts = _parts(Tenant, drop, required)
    kept = {name: part for name, part in parts.items() if name not in refused}
    return create_model(title, __base__=Partial, __doc__=Tenant.__doc__, **kept)


@cache
def _partial(model: type[BaseModel], drop: frozenset[str]) -> type[BaseModel]:
    return create_model(model.__name__, __base__=Partial, __doc__=model.__doc__, **_parts(model, drop))


@cache
def _make_tagged(models: tuple[type[BaseModel], ...], drop: frozenset[str]) -> type[BaseModel]:
    """Return the model of a part of any of several mappings: a layer may leave the tag to the layer below it."""
    fields: dict[str, list[tuple[Any, FieldInfo]]] = {}
    for model in models:
        for name, part in _parts(model, drop).items():
            fields.setdefault(name, []).append(part)
    merged: dict[str, Any] = {
        name: (Union[tuple(kind for kind, _ in parts)], parts[0][1])  # noqa: UP007
        for name, parts in fields.items()
    }
    shared = models[0].__mro__[1]
    return create_model(shared.__name__, __base__=Partial, __doc__=shared.__doc__, **merged)


def _parts(model: type[BaseModel], drop: frozenset[str], required: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        name: (field.rebuild_annotation(), field) if name in required else _part(name, field, drop)
        for name, field in model.model_fields.items()
        if name not in drop
    }


def _part(name: str, field: FieldInfo, drop: frozenset[str]) -> tuple[Any, FieldInfo]:
    annotation = field.rebuild_annotation()
    if name in TENANT_ONLY or name in ADOPTING:
        return annotation, field
    optional = FieldInfo(default=None, description=field.description) if field.is_required() else field
    return _nullable(annotation, drop), optional


def _nullable(annotation: Any, drop: frozenset[str]) -> Any:
    return Union[_open(annotation, drop), None]  # noqa: UP007


def _open(annotation: Any, drop: frozenset[str]) -> Any:
    """Return an annotation in which every mapping may be a part."""
    if _is_model(annotation) and issubclass(annotation, Written):
        return _partial(annotation, drop)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated and len(models := [found for found in alternatives(annotation) if _is_model(found)]) > 1:
        return _make_tagged(tuple(models), drop)
    if origin is dict:
        return dict.__class_getitem__((arguments[0], _nullable(arguments[1], drop)))
    if origin in (Union, UnionType):
        return Union[tuple(_open(argument, drop) for argument in arguments if argument is not NoneType)]  # noqa: UP007
    return annotation
