"""What is in a managed account and in no manifest: a second object of one of our names, or anything else.

And what is there under the name of an object that is wanted and was never applied: the next run may take it over.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tenantry.model.kinds import OBJECTS, KindName
from tenantry.operations.drift.expected import Expected, names_of
from tenantry.operations.drift.finding import finding, unfit_ignore
from tenantry.operations.drift.found import Found, called
from tenantry.operations.drift.values import Finding
from tenantry.twilio.live import Live


@dataclass(frozen=True)
class Stranger:
    """An object that is neither wanted nor was ever applied."""

    kind: KindName
    live: Live[Any]
    finding: Finding


def unmanaged_findings(expected: Expected, found: Found) -> Iterator[Finding]:
    """Yield what is to be told of the objects that are not ours."""
    return (stranger.finding for stranger in strangers(expected, found))


def strangers(expected: Expected, found: Found) -> Iterator[Stranger]:
    """Yield the objects of an account that are neither wanted nor were ever applied."""
    objects = expected.objects
    ours = {live.sid for live in found.matched.values()} | {one.sid for one in objects}
    for kind in OBJECTS:
        there = (one for one in objects if one.name in found.matched or one.applied is not None)
        taken = set(names_of(there, kind))
        for live in found.listed.get(kind, {}).values():
            if live.sid not in ours:
                told = _told(expected, found, kind, live, is_second=called(live) in taken)
                yield Stranger(kind, live, told)


def unfit_ignores(expected: Expected, found: Found) -> Iterator[Finding]:
    """Yield the entries of `ignore` that hold today and fit nothing there is; none where not all could be read."""
    if found.unreadable:
        return
    fitting = {"subaccount", *(resource.entry for resource in expected.wanted.values())}
    fitting |= {one.entry for one in expected.objects}
    for stranger in strangers(expected, found):
        fitting |= {f"{stranger.kind}/{called(stranger.live)}", f"{stranger.kind}/{stranger.live.sid}"}
    kinds = {entry.partition("/")[0] for entry in fitting}
    for entry in expected.ignored:
        if expected.meant(entry) and entry not in fitting | kinds and not entry.startswith("subaccount/"):
            yield unfit_ignore(expected, entry)


def found_by_name(expected: Expected, found: Found) -> Iterator[Stranger]:
    """Yield the objects that a run would take over by their name, if they are as it wants them."""
    for one in expected.objects:
        live = found.matched.get(one.name)
        if live is not None and one.sid is None:
            yield Stranger(one.kind, live, _told(expected, found, one.kind, live, is_second=False))


def _told(expected: Expected, found: Found, kind: KindName, live: Live[Any], *, is_second: bool) -> Finding:
    return finding(
        expected,
        "duplicate" if is_second else "unmanaged",
        f"{kind}/{called(live)}",
        live=live,
        account_sid=found.account.sid,
        reason="another object has this name and is ours" if is_second else None,
    )
