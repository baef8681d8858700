"""Writing a tenant over its layers: what it inherits is left out, what differs is said, what it lacks is `null`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tenantry.model.kind import Kind
from tenantry.model.kinds import KINDS, OBJECTS
from tenantry.operations.importing.drafts import TenantDraft
from tenantry.operations.importing.entries import EntryPath, shape_of

Bases = Mapping[str | None, Mapping[str, Any]]
"""What a tenant inherits with each plan, merged, as plain data; None is without one."""
Document = Mapping[str, Any]
"""A manifest as plain data, in the order in which it is written."""
NOT_BROUGHT_IN = "not brought in by tenantry import: {}"


@dataclass(frozen=True)
class Expressed:
    """A tenant's manifest, and the plan that it names."""

    document: Document
    plan: str | None


@dataclass(frozen=True)
class Choices:
    """The plans that a tenant may name, None among them, and which of them says a whole tenant."""

    bases: Bases
    by_shape: Mapping[str, str | None]


def list_choices(bases: Bases) -> Choices:
    """Return the plans that add nothing but entries of objects at Twilio; what a customer pays is for people to choose.

    A fleet may have a thousand plans, and nearly every tenant is exactly like one of them: that one is found at once.
    """
    fitting = {plan: base for plan, base in bases.items() if _says_no_more(base, bases[None])}
    by_shape: dict[str, str | None] = {}
    for plan in sorted(fitting, key=_rank):
        by_shape.setdefault(_shape_of_base(fitting[plan]), plan)
    return Choices(fitting, by_shape)


def express(draft: TenantDraft, choices: Choices) -> Expressed:
    """Return the shortest manifest of a tenant over its layers; no plan where none makes it shorter."""
    if not draft.is_readable:
        return Expressed(_document(draft, {}, None), None)
    wanted = {entry.path: entry.settings for entry in draft.entries}
    shape = shape_of({".".join(path): settings for path, settings in wanted.items()})
    plans = [choices.by_shape[shape]] if shape in choices.by_shape else list(choices.bases)
    overrides = {plan: _say(wanted, choices.bases[plan]) for plan in plans}
    plan = min(overrides, key=lambda name: (_length(overrides[name]), *_rank(name)))
    return Expressed(_document(draft, overrides[plan], plan), plan)


def sections() -> Mapping[str, Kind]:
    """Return the kinds that have entries of their own, by the key of a manifest that these stand below."""
    kinds = (KINDS[name] for name in OBJECTS)
    return {str(kind.written): kind for kind in kinds if kind.entry_of is not None}


def override(kind: Kind, base: Mapping[str, Any], wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what an entry says to be as wanted, over what it inherits; a default that the layers differ from too."""
    overrides = {name: value for name, value in wanted.items() if base.get(name) != value}
    fields = kind.entry.model_fields if kind.entry else {}
    for name in sorted(base.keys() & _fields_of_twilio(kind) - wanted.keys()):
        if base[name] != fields[name].default:
            overrides[name] = None
    return overrides


def _rank(plan: str | None) -> tuple[bool, str]:
    return plan is not None, plan or ""


def _shape_of_base(base: Mapping[str, Any]) -> str:
    """Return all that a plan says, as a tenant says it: without what is the default anyway."""
    entries = {
        ".".join(path): _without_defaults(kind, settings)
        for section, kind in sections().items()
        for path, settings in _entries_in(base.get(section), kind, section).items()
    }
    return shape_of(entries)


def _without_defaults(kind: Kind, settings: Mapping[str, Any]) -> Mapping[str, Any]:
    fields = kind.entry.model_fields if kind.entry else {}
    of_twilio = _fields_of_twilio(kind)
    return {name: value for name, value in settings.items() if name in of_twilio and value != fields[name].default}


def _fields_of_twilio(kind: Kind) -> set[str]:
    fields = kind.entry.model_fields if kind.entry else {}
    return set(kind.fields.values()) | set(fields) - {"deliver_to", "rotation"}


def _says_no_more(base: Mapping[str, Any], without: Mapping[str, Any]) -> bool:
    """Return whether a plan adds nothing but entries of objects at Twilio."""
    twilio = {*sections(), "plan"}
    return {key: base[key] for key in base.keys() - twilio} == {key: without[key] for key in without.keys() - twilio}


def _say(wanted: Mapping[EntryPath, Mapping[str, Any]], base: Mapping[str, Any]) -> dict[EntryPath, Any]:
    """Return what a tenant says of each entry; nothing of one that it inherits as it is."""
    overrides: dict[EntryPath, Any] = {}
    for section, kind in sections().items():
        inherited = _entries_in(base.get(section), kind, section)
        for path in sorted({*inherited, *(path for path in wanted if path[0] == section)}):
            if path not in wanted:
                overrides[path] = None
            elif path not in inherited:
                overrides[path] = wanted[path]
            elif own := override(kind, inherited[path], wanted[path]):
                overrides[path] = own
    return overrides


def _entries_in(data: Any, kind: Kind, section: str) -> Mapping[EntryPath, Mapping[str, Any]]:
    if not data:
        return {}
    return {(section,): data} if kind.only_key is not None else {(section, key): value for key, value in data.items()}


def _length(overrides: Mapping[EntryPath, Any]) -> int:
    """Return how much a tenant has to say; an entry that differs counts once, and each of its values."""
    return sum(1 + len(value or ()) for value in overrides.values())


def _document(draft: TenantDraft, overrides: Mapping[EntryPath, Any], plan: str | None) -> Document:
    document: dict[str, Any] = {"tenant": draft.slug, "name": draft.name}
    if plan:
        document["plan"] = plan
    if draft.observed:
        document["manage"] = "observe"
    document["account"] = {"adopt": draft.account.sid}
    adoptions = {entry.path: entry.adoption for entry in draft.entries}
    for path in sorted({*overrides, *adoptions}, key=place_of):
        settings = overrides.get(path, {})
        _put(document, path, None if settings is None else {**settings, **adoptions.get(path, {})})
    if draft.unfit:
        document["ignore"] = {
            f"{unfit.kind}/{unfit.live.sid}": {"reason": NOT_BROUGHT_IN.format(unfit.reason)} for unfit in draft.unfit
        }
    return document


def place_of(path: EntryPath) -> tuple[int, EntryPath]:
    """Return what entries are sorted by: as their kinds are registered."""
    return (list(sections()).index(path[0]), path)


def _put(document: dict[str, Any], path: EntryPath, value: Any) -> None:
    for part in path[:-1]:
        document = document.setdefault(part, {})
    document[path[-1]] = value
