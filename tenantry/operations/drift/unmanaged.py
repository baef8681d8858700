"""What is in a managed account and in no manifest: a second object of one of our names, or anything else.

And what is there under the name of an object that is wanted and was never applied: the next run may take it over.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from tenantry.model.kinds import OBJECTS, KindName
from tenantry.operations.drift.expected import Expected, names_of
from tenantry.operations.drift.finding import make_finding, make_unfit_ignore
from tenantry.operations.drift.found import Found, twilio_name
from tenantry.operations.drift.values import Finding
from tenantry.twilio.live import Live


@dataclass(frozen=True)
class Stranger:
    """An object that is neither wanted nor was ever applied."""

    kind: KindName
    live: Live[Any]
    finding: Finding


def find_strangers(expected: Expected, found: Found) -> Iterator[Stranger]:
    """Yield the objects of an account that are neither wanted nor were ever applied."""
    objects = expected.objects
    ours = {live.sid for live in found.matched.values()} | {item.sid for item in objects}
    for kind in OBJECTS:
        unknown = [live for live in found.listed.get(kind, {}).values() if live.sid not in ours]
        present = (item for item in objects if item.name in found.matched or item.applied is not None)
        taken = set(names_of(present, kind)) if unknown else set()
        for live in unknown:
            about_it = _make_finding(expected, found, kind, live, is_second=twilio_name(live) in taken)
            yield Stranger(kind, live, about_it)


def find_unfit_ignores(expected: Expected, found: Found, strangers: Iterable[Stranger]) -> Iterator[Finding]:
    """Yield the entries of `ignore` that hold today and fit nothing there is; none where not all could be read."""
    if found.unreadable or not expected.ignored:
        return
    fitting = {"subaccount", *(resource.entry for resource in expected.wanted.values())}
    fitting |= {item.entry for item in expected.objects}
    for stranger in strangers:
        fitting |= {f"{stranger.kind}/{twilio_name(stranger.live)}", f"{stranger.kind}/{stranger.live.sid}"}
    kinds = {entry.partition("/")[0] for entry in fitting}
    for entry in expected.ignored:
        if expected.find_ignore(entry) and entry not in fitting | kinds and not entry.startswith("subaccount/"):
            yield make_unfit_ignore(expected, entry)


def find_by_name(expected: Expected, found: Found) -> Iterator[Stranger]:
    """Yield the objects that a run would take over by their name, if they are as it wants them."""
    for item in expected.objects:
        live = found.matched.get(item.name)
        if live is not None and item.sid is None:
            yield Stranger(item.kind, live, _make_finding(expected, found, item.kind, live, is_second=False))


def _make_finding(expected: Expected, found: Found, kind: KindName, live: Live[Any], *, is_second: bool) -> Finding:
    return make_finding(
        expected,
        "duplicate" if is_second else "unmanaged",
        f"{kind}/{twilio_name(live)}",
        live=live,
        account_sid=found.account.sid,
        reason="another object has this name and is ours" if is_second else None,
    )
