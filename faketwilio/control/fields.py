"""Fields of a record as an order gives them in JSON: of their type, or refused before anything is stored."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from types import UnionType
from typing import Any, get_args, get_type_hints

from faketwilio.hosts.api.records import UsageTrigger
from faketwilio.store.records import Account, ApiKey

FIXED = frozenset({"sid", "account_sid", "owner_sid"})
CHOICES: dict[tuple[type[Any], str], tuple[str, ...]] = {
    (Account, "status"): ("active", "suspended", "closed"),
    (Account, "type"): ("Full", "Trial"),
    (ApiKey, "kind"): ("standard", "restricted", "main"),
    (UsageTrigger, "trigger_by"): ("count", "usage", "price"),
    (UsageTrigger, "callback_method"): ("POST", "GET"),
}
"""Where the fake itself decides by the value; elsewhere a word that Twilio may have tomorrow can be set today."""
LARGEST = Decimal(10) ** 15


def read_fields(record_type: type[Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """What the record will hold; raises ValueError for a field or a value that it can't have."""
    settable = {field.name for field in fields(record_type)} - FIXED
    if unknown := set(values) - settable:
        raise ValueError(f"no {', '.join(sorted(unknown))} to set; there are {', '.join(sorted(settable))}")
    hints = get_type_hints(record_type)
    return {name: _read_value(record_type, name, hints[name], value) for name, value in values.items()}


def _read_value(record_type: type[Any], name: str, hint: Any, value: Any) -> Any:
    choices = CHOICES.get((record_type, name))
    if choices is not None and value not in choices:
        raise ValueError(f"{name} is one of {', '.join(choices)}, not {value!r}")
    allowed = get_args(hint) if isinstance(hint, UnionType) else (hint,)
    if value is None and type(None) in allowed:
        return None
    if name in AMOUNTS:
        return _read_amount(name, value)
    read, what = READERS[next(kind for kind in allowed if kind is not type(None))]
    found = read(value)
    if found is None:
        raise ValueError(f"{name} is {what}, not {value!r}")
    return found


def _read_amount(name: str, value: Any) -> str:
    try:
        amount = Decimal(value) if isinstance(value, str | int) and not isinstance(value, bool) else Decimal("NaN")
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not 0 <= amount < LARGEST:
        raise ValueError(f"{name} is an amount such as '5.000000', not {value!r}")
    return f"{amount:.6f}"


def _read_date(value: Any) -> datetime | None:
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment if 1970 <= moment.year < 5000 else None


def _read_texts(value: Any) -> tuple[str, ...] | None:
    is_list = isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)
    return tuple(value) if is_list else None


def _read_versions(value: Any) -> Mapping[str, int] | None:
    is_map = isinstance(value, dict) and all(type(number) is int and number > 0 for number in value.values())
    return value if is_map else None


def _read_configuration(value: Any) -> Mapping[str, Any] | None:
    return value if isinstance(value, dict) and isinstance(value.get("destination"), str) else None


AMOUNTS = frozenset({"trigger_value"})
READERS: dict[Any, tuple[Callable[[Any], Any], str]] = {
    str: (lambda value: value if isinstance(value, str) else None, "text"),
    bool: (lambda value: value if isinstance(value, bool) else None, "true or false"),
    datetime: (_read_date, "a date such as 2027-01-31 or 2027-01-31T12:00:00Z"),
    tuple[str, ...]: (_read_texts, "a list of texts"),
    Mapping[str, int]: (_read_versions, "an object of event types and their schema versions"),
    Mapping[str, Any]: (_read_configuration, 'an object with a "destination"'),
}
"""By the type of a field: how its value is read (None: it can't be), and what it is."""
