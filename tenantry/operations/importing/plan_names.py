"""Names of plans that a person would choose: after what they set, `sms-1000`, and not `plan-1`."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from tenantry.model.kinds import KINDS, OBJECTS
from tenantry.operations.importing.slugs import LONGEST, cut, first_free, slug_from

Layer = Mapping[tuple[str, ...], Mapping[str, Any] | None]


def name_plans(plans: Sequence[Layer]) -> tuple[str, ...]:
    """Return a name for each plan: the fewest words that tell it from the other_plans, with a number if they can't."""
    amounts = _amounts(plans)
    words = [tuple(_words(plan, amounts)) for plan in plans]
    common = Counter(word for own_words in words for word in set(own_words))
    sets = [frozenset(own_words) for own_words in words]
    names: dict[str, None] = {}
    for number, own_words in enumerate(words):
        telling = sorted(own_words, key=lambda word: (common[word], own_words.index(word)))
        other_plans = [*sets[:number], *sets[number + 1 :]]
        names[first_free(_name(telling, other_plans), names)] = None
    return tuple(names)


def _name(telling: Sequence[str], other_plans: Sequence[frozenset[str]]) -> str:
    """Return words, as many as no other plan has together, as far as they fit."""
    name: list[str] = []
    for word in telling:
        if name and len("-".join([*name, word])) > LONGEST:
            break
        name.append(word)
        if not any(frozenset(name) <= other for other in other_plans):
            break
    return cut("-".join(name)) or "plan"


def _amounts(plans: Sequence[Layer]) -> Mapping[tuple[str, ...], Decimal]:
    """Return the sum of the numbers that an entry is set to: people call a plan after what there is most of."""
    amounts: dict[tuple[str, ...], Decimal] = {}
    for plan in plans:
        for path, settings in plan.items():
            numbers = [value for value in (settings or {}).values() if type(value) in (int, Decimal)]
            amounts[path] = amounts.get(path, Decimal(0)) + sum(numbers, Decimal(0))
    return amounts


def _words(plan: Layer, amounts: Mapping[tuple[str, ...], Decimal]) -> Iterator[str]:
    """Yield what each entry is set to, in few words, what says most first."""
    for path in sorted(plan, key=lambda path: (plan[path] is None, not _is_described(path), -amounts[path], path)):
        settings = plan[path]
        noun = path[-1].replace("_", "-")
        yield f"no-{noun}" if settings is None else slug_from(_describe(path, settings) or noun, prefix="plan")


def _is_described(path: tuple[str, ...]) -> bool:
    return any(KINDS[name].describe is not None for name in OBJECTS if KINDS[name].written == path[0])


def _describe(path: tuple[str, ...], settings: Mapping[str, Any]) -> str:
    for name in OBJECTS:
        kind = KINDS[name]
        if kind.written == path[0] and kind.describe is not None and kind.entry is not None and kind.expand is not None:
            entry = kind.entry.model_validate(dict(settings))
            return kind.describe(next(kind.expand(path[-1], entry))[1])
    return ""
