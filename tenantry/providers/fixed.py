"""Differences that Twilio can't change on a live object, in words: field by field, with both values."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from tenantry.model.spec import decimal_text
from tenantry.text.masking import mask_secrets


def describe_differences(wanted: Mapping[str, object], found: Mapping[str, object]) -> str:
    """Return the fields that differ, with secrets in URLs masked; empty without a difference."""
    pairs = (pair for field in sorted(wanted) for pair in _flatten(field, wanted[field], found.get(field)))
    shown = ((field, *mask_secrets(_format(wants), _format(has))) for field, wants, has in pairs)
    return "; ".join(f"{field} is {has} at Twilio and {wants} in the manifest" for field, wants, has in shown)


def _flatten(field: str, wanted: Any, found: Any) -> Iterator[tuple[str, Any, Any]]:
    if wanted == found:
        return
    if isinstance(wanted, BaseModel) and isinstance(found, BaseModel):
        for inner in sorted(type(wanted).model_fields):
            yield from _flatten(f"{field}.{inner}", getattr(wanted, inner), getattr(found, inner, None))
    else:
        yield field, wanted, found


def _format(value: Any) -> str:
    match value:
        case None:
            return "not set"
        case bool():
            return str(value).lower()
        case Decimal():
            return decimal_text(value)
        case _:
            return str(value)
