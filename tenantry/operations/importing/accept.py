"""Accepting drift: what was found goes into the manifest, or into the layer if all of its tenants agree."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from tenantry.manifest.load import Loaded
from tenantry.manifest.partial import part_of
from tenantry.manifest.write_back import FileText, RemoveValue, SetValue, WriteBackError, read_file
from tenantry.manifest.yaml.reader import read
from tenantry.manifest.yaml.tree import node_at
from tenantry.model.kind import Kind
from tenantry.model.kinds import find_kind
from tenantry.model.url import PLACEHOLDER, has_userinfo, with_placeholder
from tenantry.operations.drift.values import Difference, Finding, Report
from tenantry.operations.errors import StoppedError
from tenantry.operations.importing.accept_objects import wish_for_objects
from tenantry.operations.importing.accepted_values import AcceptedValue, AcceptReport, Wish, Wishes
from tenantry.operations.importing.trial import read_bases
from tenantry.text.masking import HIDDEN
from tenantry.twilio.errors import TwilioError
from tenantry.twilio.session import Session

Edit = SetValue | RemoveValue
COMPARED = frozenset({"changed", "not_applied", "status_not_ours"})
NAMES = frozenset({"friendly_name", "description"})
STATUSES = frozenset({"active", "suspended"})


def choose_findings(report: Report, names: Sequence[str]) -> tuple[Finding, ...]:
    """Return the findings that are named, as `acme`, `acme/usage_trigger/sms` or a SID, notes aside; all without names.

    Raises StoppedError for a name that no finding has.
    """
    found = [item for group in report.groups for item in group.findings if item.severity != "note" and item.tenant]
    for name in names:
        if not any(_is_called(item, name) for item in found):
            raise StoppedError(f"There is no finding '{name}'. Nothing was written. `tenantry drift` lists them.")
    return tuple(item for item in found if not names or any(_is_called(item, name) for name in names))


def accept_findings(root: Path, loaded: Loaded, findings: Sequence[Finding], session: Session) -> AcceptReport:
    """Write what was found into manifests and layers; raises StoppedError, and then no file was changed."""
    wishes = wish_for_values(loaded, findings)
    try:
        wish_for_objects(loaded, session, findings, wishes)
    except TwilioError as error:
        raise StoppedError(f"{error} Nothing was written.") from error
    return write_wishes(root, loaded, wishes)


def wish_for_values(loaded: Loaded, findings: Iterable[Finding]) -> Wishes:
    """Return the values that findings of objects with other settings come to."""
    wishes = Wishes()
    for finding in findings:
        if finding.kind == "missing" or _adopts_nothing(finding):
            _wish_gone(finding, wishes)
        elif finding.kind in COMPARED and finding.differences:
            _wish_for(loaded, finding, wishes)
        elif finding.kind not in ("unmanaged", "duplicate"):
            wishes.refuse(finding, f"nothing was found that a manifest could say: {finding.settle}")
    return wishes


def write_wishes(root: Path, loaded: Loaded, wishes: Wishes) -> AcceptReport:
    """Write values into the files where they belong; raises StoppedError, and then no file was changed."""
    edits: dict[str, list[Edit]] = {}
    accepted: list[AcceptedValue] = []
    for file, tenant, wish in _place(loaded, wishes.wishes):
        is_own = node_at(loaded.origins[wish.tenant], wish.path) is not None and wish.removes and tenant is not None
        value = SetValue(wish.path, wish.value)
        edits.setdefault(file, []).append(_removal(root, loaded, file, wish) if is_own else value)
        accepted.append(AcceptedValue(tenant=tenant, path=".".join(wish.path), file=file))
    try:
        texts: list[FileText] = [read_file(root, root / file).edit(wanted) for file, wanted in edits.items()]
        for text in texts:
            text.write()
    except WriteBackError as error:
        raise StoppedError(str(error)) from error
    return AcceptReport(accepted=tuple(accepted), refused=tuple(wishes.refused))


def _is_called(finding: Finding, name: str) -> bool:
    called = f"{finding.tenant}/{finding.entry}"
    return name in (finding.sid, called) or called.startswith(f"{name}/")


def _wish_for(loaded: Loaded, finding: Finding, wishes: Wishes) -> None:
    tenant, kind_name, key = str(finding.tenant), *_split(finding.entry)
    kind = find_kind(kind_name)
    for difference in finding.differences:
        try:
            path, value = _read(loaded, tenant, kind, key, difference)
        except ValueError as error:
            wishes.refuse(finding, str(error))
        else:
            wishes.wishes.append(Wish(tenant, path, value))


def _split(entry: str) -> tuple[str, str]:
    kind, _, key = entry.partition("/")
    return kind, key


def _read(
    loaded: Loaded, tenant: str, kind: Kind | None, key: str, difference: Difference
) -> tuple[tuple[str, ...], Any]:
    """Return where a manifest has what differs, and what it is to say; raises ValueError with the reason if not."""
    if difference.field == "status":
        if difference.found not in STATUSES:
            raise ValueError(f"no manifest says that an account is {difference.found}")
        return ("state",), difference.found
    if kind is not None and kind.name == "subaccount" and difference.field == "friendly_name":
        if node_at(loaded.origins[tenant], ("account", "adopt")) is None:
            raise ValueError("the name of an account that we made ends in the slug; give it back in the Console")
        return ("account", "friendly_name"), difference.found
    if kind is None or kind.entry is None:
        raise ValueError(f"{difference.field} is nothing that a manifest says")
    if difference.field in NAMES:
        adopts = kind.path(key, *kind.adopts)
        if node_at(loaded.origins[tenant], adopts) is None:
            raise ValueError("an object that we made has the name of its entry; give it back in the Console")
        return kind.path(key, *kind.keeps_name), difference.found
    name = kind.fields.get(difference.field, difference.field)
    if name not in kind.entry.model_fields:
        raise ValueError(f"{difference.field} is nothing that a manifest says")
    path = kind.path(key, name)
    return path, _as_written(loaded, tenant, kind.entry, path, difference.found)


def _as_written(loaded: Loaded, tenant: str, entry: Any, path: tuple[str, ...], found: Any) -> Any:
    """Return what was found as a manifest says it; raises ValueError with the reason where it can't."""
    name = path[-1]
    if found is None:
        default = entry.model_fields[name].get_default()
        if default is None:
            raise ValueError(f"Twilio has no {name}, and a manifest must have one")
        return default
    if isinstance(found, str) and "://" in found:
        if has_userinfo(found) or "?" in found or "#" in found or HIDDEN in found:
            raise ValueError(f"its {name} may hold a secret, and manifests are in git")
        present = node_at(loaded.origins[tenant], path)
        is_template = present is not None and PLACEHOLDER in str(present.value)
        return with_placeholder(found, tenant) if is_template else found
    choices = [found, *([_number(found)] if isinstance(found, str) and re.fullmatch(r"\d+(\.\d+)?", found) else [])]
    for choice in choices:
        try:
            part_of(entry).model_validate({name: choice})
        except ValidationError:
            continue
        return choice
    raise ValueError(f"its {name} is nothing that a manifest can say")


def _number(text: str) -> int | Decimal:
    number = Decimal(text)
    return int(number) if number == number.to_integral_value() else number


def _adopts_nothing(finding: Finding) -> bool:
    """Return whether the object that an entry adopts was deleted before a run took it over."""
    return any(item.field == "adopt" and item.found is None for item in finding.differences)


def _wish_gone(finding: Finding, wishes: Wishes) -> None:
    """Take an entry out of a manifest whose object somebody has deleted."""
    kind_name, key = _split(finding.entry)
    kind = find_kind(kind_name)
    if kind is None or kind.entry is None or kind.has_generations:
        wishes.refuse(finding, f"it can't be taken out of the manifest by itself: {finding.settle}")
        return
    wishes.wishes.append(Wish(str(finding.tenant), kind.path(key), None, removes=True))


def _place(loaded: Loaded, wishes: Sequence[Wish]) -> Iterator[tuple[str, str | None, Wish]]:
    """Yield each wish with the file that it goes to; one that all tenants of a layer share goes there, once."""
    by_path: dict[tuple[str, tuple[str, ...]], list[Wish]] = {}
    for wish in wishes:
        node = node_at(loaded.origins[wish.tenant], wish.path)
        file = node.place.file if node is not None else loaded.files[wish.tenant]
        by_path.setdefault((file, wish.path), []).append(wish)
    manifests = frozenset(loaded.files.values())
    for (file, path), alike in by_path.items():
        if file not in manifests and not alike[0].removes and _is_agreed(loaded, file, path, alike):
            yield file, None, alike[0]
        else:
            yield from ((loaded.files[wish.tenant], wish.tenant, wish) for wish in alike)


def _is_agreed(loaded: Loaded, file: str, path: tuple[str, ...], alike: Sequence[Wish]) -> bool:
    """Return whether all tenants that have a value from a layer have found the same one."""
    users = _users_of(loaded, file, path)
    return {wish.tenant for wish in alike} >= users and all(wish.value == alike[0].value for wish in alike)


def _users_of(loaded: Loaded, file: str, path: tuple[str, ...]) -> set[str]:
    """Return the tenants whose value at a path comes from a file, and that have the object which it is about."""
    found: Mapping[str, Any] = {slug: node_at(origin, path) for slug, origin in loaded.origins.items()}
    users = {slug for slug, node in found.items() if node is not None and node.place.file == file}
    return {slug for slug in users if _has_object(loaded, slug, path)}


def _has_object(loaded: Loaded, slug: str, path: tuple[str, ...]) -> bool:
    """Return False for a tenant that is only observed and adopts nothing here, such as one that can't be read."""
    tenant = loaded.tenants.get(slug)
    is_observed = tenant is not None and tenant.is_observed
    return not is_observed or node_at(loaded.origins[slug], (*path[:-1], "adopt")) is not None


def _removal(root: Path, loaded: Loaded, file: str, wish: Wish) -> Edit:
    """Return the edit that takes an entry out: away if it is the tenant's own alone, else by a null."""
    node = read(root, root / file).node
    is_own = node is not None and node_at(node, wish.path) is not None
    return RemoveValue(wish.path) if is_own and not _is_inherited(root, loaded, wish) else SetValue(wish.path, None)


def _is_inherited(root: Path, loaded: Loaded, wish: Wish) -> bool:
    tenant = loaded.tenants[wish.tenant]
    inherited: Any = read_bases(root, [tenant.plan] if tenant.plan else [])[tenant.plan]
    for part in wish.path:
        inherited = (inherited or {}).get(part)
    return inherited is not None
