"""Comparing property bags by meaning: one comparison for the providers' diff and for the drift report."""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from tenantry.model.spec import Spec

Bag = Mapping[str, Any]


def make_canonical(spec: type[Spec], bag: Bag) -> Bag:
    """Return a bag in canonical form; one from another version, which the spec can't read, as it is."""
    try:
        return spec.of(bag).props()
    except ValidationError:
        return bag


def find_differences(
    spec: type[Spec], olds: Bag, news: Bag, read: Callable[[type[Spec], Bag], Bag] = make_canonical
) -> frozenset[str]:
    """Return the fields of a spec in which two property bags differ in meaning."""
    if all(olds.get(field) == news.get(field) for field in spec.model_fields):
        return frozenset()  # the common case, without reading both
    old, new = read(spec, olds), read(spec, news)
    return frozenset(field for field in spec.model_fields if old.get(field) != new.get(field))


def find_changes(
    spec: type[Spec], olds: Bag, news: Bag, read: Callable[[type[Spec], Bag], Bag] = make_canonical
) -> frozenset[str]:
    """Return the differing fields that Twilio knows; fields that only steer the provider are never a difference."""
    return find_differences(spec, olds, news, read) - spec.OURS
