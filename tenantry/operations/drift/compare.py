"""Three ways to compare an object: what its manifest wants, what was applied, and what Twilio has.

What differs from the manifest and is as it was applied is not applied yet. Only what differs from what was applied too
was changed outside of Tenantry.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tenantry.model.comparison import Bag, find_changes
from tenantry.model.kinds import KINDS
from tenantry.model.resources import Resource
from tenantry.model.retention import RetentionSpec
from tenantry.operations.drift.expected import Expected, ExpectedObject
from tenantry.operations.drift.finding import make_finding
from tenantry.operations.drift.found import Found
from tenantry.operations.drift.values import Difference, Finding, FindingKind
from tenantry.text.masking import mask_secrets
from tenantry.twilio.live import Live

WORKING = "active"
"""The one status of an object that works; some kinds have none."""
ADOPTS_NOTHING = (
    "no such object is there; `tenantry drift --accept` takes the entry out; without `adopt` and the name beside it, "
    "`tenantry up` makes a new one"
)
NEW_SECRET = "the new key has a new secret"  # noqa: S105


def compare_objects(expected: Expected, found: Found, *, with_state: bool) -> Iterator[Finding]:
    """Yield what differs of each object that is expected in an open tenant's active account."""
    in_account = {"account_sid": found.account.sid}
    for item in expected.objects:
        if item.kind in found.listed:
            for compared in _compare_object(expected, item, found, with_state=with_state):
                yield compared.model_copy(update=in_account)
    if with_state:
        yield from _rules(expected, found)


def list_differences(fields: frozenset[str], wanted: Bag, found: Bag) -> tuple[Difference, ...]:
    """Return fields with both values, each field of a mapping on its own, without what may be secret in URLs."""
    pairs = [pair for field in sorted(fields) for pair in _flat(field, wanted.get(field), found.get(field))]
    shown = ((field, *mask_secrets(old, new)) for field, old, new in pairs)
    return tuple(Difference(field=field, wanted=old, found=new) for field, old, new in shown)


def _compare_object(expected: Expected, item: ExpectedObject, found: Found, *, with_state: bool) -> Iterator[Finding]:
    live = found.matched.get(item.name)
    is_applied = item.applied is not None and not item.applied.waiting
    if item.wanted is None:
        if live is not None and is_applied:
            reason = "its entry is gone from the manifest, and it is still there"
            yield make_finding(expected, "not_applied", item.entry, about=item, live=live, reason=reason)
    elif not is_applied:
        yield from _never_applied(expected, item, item.wanted, found, live, with_state=with_state)
    elif live is None:
        secret = NEW_SECRET if KINDS[item.kind].is_credential else None
        yield make_finding(expected, "missing", item.entry, about=item, reason=secret)
    else:
        yield from _three_ways(expected, item, item.wanted, found, live)
    if item.wanted is not None and live is not None:
        yield from _not_working(expected, item, live)


def _never_applied(
    expected: Expected,
    item: ExpectedObject,
    wanted: Resource,
    found: Found,
    live: Live[Any] | None,
    *,
    with_state: bool,
) -> Iterator[Finding]:
    if live is None:
        yield _report_absent(expected, item, wanted, found.unfit.get(item.name))
        return
    bag = _wanted_bag(expected, item, wanted, found)
    has, kept = _without(live.spec.props(), _extras_of(item, live.spec.props(), bag))
    fields = find_changes(type(wanted.spec), has, bag)
    if kept and not fields:
        yield _report_kept(expected, item, live, kept)
    if fields or with_state:
        reason = _there_already(item) if with_state else None
        shown = list_differences(fields, bag, live.spec.props())
        yield make_finding(expected, "not_applied", item.entry, about=item, live=live, differences=shown, reason=reason)


def _there_already(item: ExpectedObject) -> str:
    if item.kind == "api_key":
        return (
            "it is there already; `tenantry up` takes it over without its secret, or makes it anew if a run that was "
            "killed made it"
        )
    return "it is there already; `tenantry up` takes it over"


def _report_absent(expected: Expected, item: ExpectedObject, wanted: Resource, unfit: Live[Any] | None) -> Finding:
    adopted = getattr(wanted.spec, "adopt", None)
    if adopted is None:
        reason = _not_there(item, unfit)
        return make_finding(expected, "not_applied", item.entry, about=item, reason=reason)
    shown = (Difference(field="adopt", wanted=adopted, found=None),)
    return make_finding(expected, "not_applied", item.entry, about=item, differences=shown, reason=ADOPTS_NOTHING)


def _not_there(item: ExpectedObject, unfit: Live[Any] | None) -> str:
    if unfit is None:
        return "it is not there yet"
    other = "is of the other type" if item.kind == "api_key" else "has settings that can't be changed"
    return f"it is not there yet: {unfit.sid} has its name, but {other}, and `tenantry up` makes another"


def _three_ways(
    expected: Expected, item: ExpectedObject, wanted: Resource, found: Found, live: Live[Any]
) -> Iterator[Finding]:
    spec = type(wanted.spec)
    wants = _wanted_bag(expected, item, wanted, found)
    applied = item.applied.outputs if item.applied else {}
    has, kept = _without(live.spec.props(), {"types": frozenset(applied.get("kept_types", ()))})
    if kept:
        yield _report_kept(expected, item, live, kept)
    differs = find_changes(spec, has, wants)
    behind_our_back = differs & find_changes(spec, has, applied) if differs else differs
    kinds: Mapping[FindingKind, frozenset[str]] = {"changed": behind_our_back, "not_applied": differs - behind_our_back}
    for kind, fields in kinds.items():
        if fields:
            fixed = sorted(fields & spec.REPLACES)
            reason = f"`tenantry up` makes a new one: Twilio can't change {', '.join(fixed)}" if fixed else None
            shown = list_differences(fields, wants, has)
            yield make_finding(expected, kind, item.entry, about=item, live=live, differences=shown, reason=reason)
    if wants.get("adopt") not in (None, live.sid):
        shown = (Difference(field="adopt", wanted=wants["adopt"], found=live.sid),)
        yield make_finding(expected, "not_applied", item.entry, about=item, live=live, differences=shown)


def _not_working(expected: Expected, item: ExpectedObject, live: Live[Any]) -> Iterator[Finding]:
    """Yield an object that is there and as it should be, and that Twilio says does not work."""
    if live.status not in (None, WORKING):
        shown = (Difference(field="status", wanted=WORKING, found=live.status),)
        reason = KINDS[item.kind].out_of_order
        yield make_finding(expected, "not_working", item.entry, about=item, live=live, differences=shown, reason=reason)


def _extras_of(item: ExpectedObject, has: Bag, wants: Bag) -> Mapping[str, frozenset[str]]:
    """Return what an object has beside what is wanted, and keeps when a run takes it over."""
    return {field: frozenset(has.get(field, ())) - frozenset(wants.get(field, ())) for field in KINDS[item.kind].extras}


def _without(has: Bag, staying: Mapping[str, frozenset[str]]) -> tuple[Bag, Sequence[str]]:
    """Return what an object has without items of its lists that are no difference, and those items."""
    kept = [item for field, items in staying.items() for item in has.get(field, ()) if item in items]
    rest = {field: [item for item in has.get(field, ()) if item not in items] for field, items in staying.items()}
    return ({**has, **rest} if kept else has), kept


def _report_kept(expected: Expected, item: ExpectedObject, live: Live[Any], kept: Sequence[str]) -> Finding:
    return make_finding(
        expected, "kept", item.entry, about=item, live=live, reason=f"its event types {', '.join(kept)}"
    )


def _rules(expected: Expected, found: Found) -> Iterator[Finding]:
    """Yield retention rules that are not recorded yet; Twilio has none, so nobody can change them there."""
    name = f"{expected.slug}/retention"
    wanted, applied = expected.wanted.get(name), expected.applied.get(name)
    if wanted is None and applied is None:
        return
    wants = {**wanted.spec.props(), "account_sid": found.account.sid} if wanted else {}
    if fields := find_changes(RetentionSpec, applied.outputs if applied else {}, wants):
        shown = list_differences(fields - {"account_sid"}, wants, applied.outputs if applied else {})
        reason = "Twilio has no such setting; the stack's state records the rules"
        yield make_finding(
            expected, "not_applied", "retention", about=expected.object(name), differences=shown, reason=reason
        )


def _wanted_bag(expected: Expected, item: ExpectedObject, wanted: Resource, found: Found) -> Mapping[str, Any]:
    """Return the inputs as the program completes them: with the account, and with the ids that it is linked to."""
    links = {"account_sid": found.account.sid}
    for field, name in KINDS[item.kind].linked_names(item.name).items():
        applied, live = expected.applied.get(name), found.matched.get(name)
        sid = applied.sid if applied is not None and applied.sid else live.sid if live else None
        links |= {field: sid} if sid else {}
    return {**wanted.spec.props(), **links}


def _flat(field: str, wanted: Any, found: Any) -> Iterator[tuple[str, Any, Any]]:
    if not (isinstance(wanted, Mapping) and isinstance(found, Mapping)):
        yield field, wanted, found
        return
    for key in sorted(wanted.keys() | found.keys()):
        if wanted.get(key) != found.get(key):
            yield from _flat(f"{field}.{key}", wanted.get(key), found.get(key))
