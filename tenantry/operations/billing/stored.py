"""What a closed statement was rated from, as JSON: exact, so that a correction can rate it again.

Numbers that JSON would round are objects: {"decimal": "0.50"}, {"fraction": "1/3"}.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from tenantry.operations.billing.rating.values.inputs import Adjustment, BilledCustomer, TenantMonth
from tenantry.operations.billing.rating.values.line import Line


@dataclass(frozen=True, slots=True)
class StoredInputs:
    """All that a statement's own lines depend on, and those lines as they were billed."""

    customer: BilledCustomer
    months: tuple[TenantMonth, ...]
    adjustments: tuple[Adjustment, ...]
    lines: tuple[Line, ...]


def store_inputs(inputs: StoredInputs) -> str:
    """Return inputs as JSON: the same values give the same text."""
    dumped = _make_adapter().dump_python(inputs, by_alias=True)
    return _write_text(dumped | {"lines": [line._asdict() for line in inputs.lines]})


def restore_inputs(text: str) -> StoredInputs:
    """Return the inputs that were stored; raises ValueError for another text."""
    return _make_adapter().validate_python(json.loads(text, object_hook=_restore))


def store_lines(lines: tuple[Line, ...]) -> str:
    """Return lines as JSON."""
    return _write_text([line._asdict() for line in lines])


def digest_terms(customer: BilledCustomer, months: tuple[TenantMonth, ...]) -> str:
    """Return a digest of effective terms: of what the customer pays, whatever was used."""
    # Without defaults: a key that a later version adds is no change of the terms.
    dumped = _make_adapter().dump_python(StoredInputs(customer, months, (), ()), by_alias=True, exclude_defaults=True)
    terms = [dumped["customer"], *((month["tenant"], month["terms"]) for month in dumped["months"])]
    return hashlib.sha256(_write_text(terms).encode()).hexdigest()


def _write_text(value: Any) -> str:
    return json.dumps(value, default=_encode, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _encode(value: object) -> object:
    match value:
        case Decimal():
            return {"decimal": str(value)}
        case Fraction():
            return {"fraction": str(value)}
        case date():
            return value.isoformat()
        case frozenset():
            return sorted(value)
    raise TypeError(f"{type(value).__name__} can't be stored")


def _restore(found: dict[str, Any]) -> Any:
    match found:
        case {"decimal": str(text)} if len(found) == 1:
            return Decimal(text)
        case {"fraction": str(text)} if len(found) == 1:
            return Fraction(text)
        case _:
            return found


@cache
def _make_adapter() -> TypeAdapter[StoredInputs]:
    return TypeAdapter(StoredInputs)
