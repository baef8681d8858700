"""From what is in an account to entries of a manifest, kind by kind, and what no entry can be made of."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tenantry.model.kind import Kind
from tenantry.model.kinds import KINDS, OBJECTS, KindName
from tenantry.operations.importing.read import SeenAccount
from tenantry.operations.importing.settings import find_problem, is_writable, settings_of
from tenantry.operations.importing.slugs import first_free, slug_from
from tenantry.operations.importing.values import RowKind
from tenantry.twilio.live import Live
from tenantry.twilio.matching import name_of

EntryPath = tuple[str, ...]
"""Where a manifest has an entry: `api_keys.web`."""


@dataclass(frozen=True)
class Entry:
    """An entry of one tenant: its settings, which tenants may share, and which objects it takes over."""

    path: EntryPath
    settings: Mapping[str, Any]
    adoption: Mapping[str, Any]
    objects: Mapping[str, KindName]
    """What it takes over, by SID."""

    @property
    def shape(self) -> str:
        """Return its settings as text: equal settings have equal text."""
        return shape_of(self.settings)


@dataclass(frozen=True)
class Unfit:
    """An object that no entry is made of."""

    kind: KindName
    live: Live[Any]
    why: RowKind
    reason: str


@dataclass(frozen=True)
class Written:
    """What an account comes to."""

    entries: tuple[Entry, ...]
    unfit: tuple[Unfit, ...]


@dataclass(frozen=True)
class _Candidate:
    """An object, the objects that are linked to it, and what is against an entry of them."""

    live: Live[Any]
    settings: Mapping[str, Any]
    linked: Mapping[KindName, Live[Any]] = field(default_factory=dict)
    against: tuple[RowKind, str] | None = None


def shape_of(settings: Mapping[str, Any]) -> str:
    """Return settings as text: equal settings have equal text."""
    return json.dumps(settings, sort_keys=True, default=str)


def make_entries(seen: SeenAccount) -> Written:
    """Return the entries of an account, sorted by path, and what no entry is made of."""
    entries: list[Entry] = []
    unfit: list[Unfit] = []
    for name in OBJECTS:
        kind = KINDS[name]
        if kind.entry is not None and kind.entry_of is not None and name in seen.objects:
            candidates = [_candidate(name, live, seen) for live in seen.objects[name]]
            chosen = tuple(_choose(kind, candidates, unfit, name))
            entries += chosen
            used = {sid for entry in chosen for sid in entry.objects}
            unfit += _find_unlinked(name, seen, used)
    return Written(tuple(sorted(entries, key=lambda entry: entry.path)), tuple(unfit))


def _candidate(name: KindName, live: Live[Any], seen: SeenAccount) -> _Candidate:
    kind = KINDS[name]
    entry = kind.entry_of(live.spec) if kind.entry_of else None
    settings = settings_of(kind, entry)
    if against := find_problem(kind, settings):
        return _Candidate(live, settings, against=against)
    linked: dict[KindName, Live[Any]] = {}
    for other in _linked_kinds(name):
        found = [item for item in seen.objects.get(other, ()) if _is_linked(other, name, item, live)]
        fitting = [item for item in found if _fits(KINDS[other], entry, item)]
        if not fitting:
            return _Candidate(live, settings, against=("no_entry", _lacks(other, found)))
        linked[other] = fitting[0]
    if not all(is_writable(name_of(item.spec)) for item in (live, *linked.values())):
        return _Candidate(live, settings, linked, ("not_writable", "its name holds a character that no manifest can"))
    return _Candidate(live, settings, linked)


def _linked_kinds(name: KindName) -> Iterator[KindName]:
    """Yield the kinds that one entry makes together with this one."""
    for other in OBJECTS:
        if other != name and KINDS[other].written == KINDS[name].written and name in KINDS[other].links.values():
            yield other


def _is_linked(other: KindName, name: KindName, item: Live[Any], live: Live[Any]) -> bool:
    fields = [link for link, kind in KINDS[other].links.items() if kind == name]
    return all(getattr(item.spec, link) == live.sid for link in fields)


def _fits(kind: Kind, entry: Any, live: Live[Any]) -> bool:
    """Return whether an object is as the entry wants it, or has more of what stays when it is taken over."""
    specs = kind.expand("", entry) if kind.expand else iter(())
    wanted = next(specs)[1].props()
    has = live.spec.props()
    named = {"friendly_name", "description"}
    return all(
        set(wanted.get(field, ())) <= set(has.get(field, ()))
        if field in kind.extras
        else wanted.get(field) == has.get(field)
        for field in kind.settings
        if field not in named
    )


def _lacks(other: KindName, found: Iterable[Live[Any]]) -> str:
    title = KINDS[other].title
    return f"its {title} sends other events than errors" if list(found) else f"it has no {title}"


def _choose(kind: Kind, candidates: list[_Candidate], unfit: list[Unfit], name: KindName) -> Iterator[Entry]:
    """Yield the entries of candidates; of a kind that has one object an account, the first that fits."""
    fitting = [candidate for candidate in candidates if candidate.against is None]
    unfit += [Unfit(name, found.live, *found.against) for found in candidates if found.against is not None]
    keys: set[str] = set()
    for candidate in sorted(fitting, key=lambda found: _order(kind, found)):
        if kind.only_key is not None and keys:
            reason = f"a manifest has one {kind.title}, and another one of the account is brought in"
            unfit.append(Unfit(name, candidate.live, "no_entry", reason))
            continue
        key = kind.only_key or first_free(_key(kind, candidate), keys)
        keys.add(key)
        yield _entry(name, key, candidate)


def _order(kind: Kind, found: _Candidate) -> tuple[Any, ...]:
    """Return what objects are sorted by: ours first, then equal names by what they are set to, not by their age."""
    created = found.live.created.isoformat() if found.live.created else ""
    is_ours = name_of(found.live.spec) == kind.only_name
    return (not is_ours, _key(kind, found), shape_of(found.settings), created, found.live.sid)


def _key(kind: Kind, found: _Candidate) -> str:
    """Return the key of an entry: its name as a slug, or what it is set to where nobody named it."""
    name = name_of(found.live.spec)
    plain_name = re.sub(r"#\d+$", "", name) if kind.has_generations else name
    is_named = not (kind.generated_name and re.fullmatch(kind.generated_name, name))
    described = kind.describe(found.live.spec) if kind.describe else kind.title
    noun = kind.title.rpartition(" ")[2]
    return (slug_from(plain_name, prefix=noun) if is_named else "") or slug_from(described, prefix=noun) or noun


def _entry(name: KindName, key: str, found: _Candidate) -> Entry:
    adoption: dict[str, Any] = {}
    objects: dict[str, KindName] = {}
    for kind_name, live in {name: found.live, **found.linked}.items():
        kind = KINDS[kind_name]
        _put(adoption, kind.adopts, live.sid)
        called, ours = name_of(live.spec), kind.only_name or (f"{key}#1" if kind.has_generations else key)
        if called != ours:
            _put(adoption, kind.keeps_name, called)
        objects[live.sid] = kind_name
    return Entry(KINDS[name].path(key), found.settings, adoption, objects)


def _put(data: dict[str, Any], path: tuple[str, ...], value: str) -> None:
    for part in path[:-1]:
        data = data.setdefault(part, {})
    data[path[-1]] = value


def _find_unlinked(name: KindName, seen: SeenAccount, used: set[str]) -> Iterator[Unfit]:
    """Yield what is linked to no entry."""
    for other in _linked_kinds(name):
        for live in seen.objects.get(other, ()):
            if live.sid not in used:
                reason = f"the {KINDS[name].title} that it belongs to is not brought in"
                yield Unfit(other, live, "no_entry", reason)
