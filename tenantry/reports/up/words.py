"""What an `up` did in words, and the orphans that it deletes."""

from collections.abc import Collection, Iterable, Iterator
from typing import Final

from tenantry.model.kinds import KINDS
from tenantry.operations.recovery.orphans import EndedLeftover, Orphan, OrphanSearch
from tenantry.operations.rotation.retirement import KeptKey
from tenantry.operations.up.outcome import Outcome
from tenantry.reports.alike import FEW, NAMED, group_alike
from tenantry.reports.changes.lines import DONE, counted_ops, many, some
from tenantry.text.own_names import leave_out_names
from tenantry.text.plain import plain
from tenantry.text.some import first_of

NOT_DONE = "Not done, because what it needs failed or the run was interrupted"
FAILED = "Failed"
ALIKE = "in {}, and in the others alike:"
UNKNOWN = "Planned, and unknown whether it was done, because the run was cut off"


WAIVER = "Who knows better runs `tenantry up --retire-unproven {}`."
THAWING = (
    "Made active: {}. What is in their accounts can't be seen before: when they are active, this run looks at it and "
    "goes on, within the same limits."
)


def thawing_text(slugs: Collection[str]) -> str:
    """Return what a run does for tenants whose accounts it makes active."""
    return THAWING.format(some(sorted(slugs)))


def kept_lines(outcome: Outcome) -> Iterator[str]:
    """Yield a line for each generation that was kept, though no manifest names it any more."""
    for same in group_alike(outcome.kept_keys, _find_cause):
        kept, more = same[0], [f"{key.tenant}/{key.key}" for key in same[1:]]
        name = f"{kept.tenant}/{kept.key}"
        alike = f" The same of {first_of(more, NAMED)}." if more else ""
        yield f"Kept: API key {kept.key}#{kept.generation} of {kept.tenant}. {kept.reason} {WAIVER.format(name)}{alike}"


def _find_cause(kept: KeptKey) -> tuple[object, ...]:
    return (kept.key, kept.generation, leave_out_names([kept.reason], kept.tenant))


def summary(outcome: Outcome) -> str:
    """Return how the run ended, what was done, and what to do next."""
    done = _describe_done(outcome) or "nothing was changed"
    if outcome.cut_off:
        return _describe_unknown(outcome)
    match outcome.result:
        case "done":
            return f"Done: {done}."
        case "interrupted":
            return f"Interrupted: {done}. What had begun was finished and is in the state; run again to go on."
        case _:
            return f"Failed: {_list_failed(outcome)}. Done: {done}. Run again when the reasons are gone."


def _describe_unknown(outcome: Outcome) -> str:
    """Return what is known of a run that was cut off: what its events show is the least that was done."""
    word = "Interrupted" if outcome.result == "interrupted" else "Failed"
    least = _describe_done(outcome)
    return (
        f"{word}: the run was cut off, and how far it came is unknown. "
        f"{f'At least done: {least}' if least else 'Its events show nothing that was done'}; more may be. "
        "Run again, which looks at what is there."
    )


def _describe_done(outcome: Outcome) -> str:
    done = counted_ops(outcome.counts, DONE)
    gone = sum(orphan.result == "deleted" for orphan in outcome.leftovers)
    parts = [f"{done}; {many(outcome.tenants, 'tenant')}"] if done else []
    return "; ".join([*parts, *([f"{many(gone, 'orphan')} deleted"] if gone else [])])


def _list_failed(outcome: Outcome) -> str:
    tenants = [failed.tenant or "the stack itself" for failed in outcome.failed]
    of_orphans = [orphan.tenant for orphan in outcome.leftovers if orphan.result == "failed"]
    undelivered = [delivery.tenant for delivery in outcome.secrets.failed] if outcome.secrets else []
    return some(list(dict.fromkeys([*tenants, *of_orphans, *undelivered]))) or "the run"


HEADING: Final = "Orphans of an earlier run, in no manifest"


def search_lines(search: OrphanSearch) -> Iterator[str]:
    """Yield what will be deleted: `acme: API key sender#1 (SK…), made since the run of 2026-11-22 17:40 UTC: …`."""
    if not search.orphans:
        yield "An earlier run was cut off, or is still in progress: no orphan of it was found."
    for orphan in search.orphans:
        yield f"{_describe_object(orphan)}, made since the run of {orphan.run:%Y-%m-%d %H:%M} UTC: will be deleted"
    if search.unseen:
        yield f"Not looked at, because the account is not active or can't be read: {some(sorted(search.unseen))}."


def list_ended(orphans: Iterable[EndedLeftover]) -> Iterator[str]:
    """Yield what became of orphans; of those that are alike, the first and how many more there are."""
    for same in group_alike(orphans, lambda orphan: leave_out_names(ended_lines(orphan), orphan.tenant)):
        shown = same if len(same) <= FEW else same[:1]
        yield from (line for orphan in shown for line in ended_lines(orphan))
        if len(shown) < len(same):
            yield plain(f"    The same in {first_of([orphan.tenant for orphan in same[1:]], NAMED)}.")


def ended_lines(orphan: EndedLeftover) -> Iterator[str]:
    """Yield what became of an orphan, and why it is not deleted."""
    yield f"{_describe_object(orphan)}: {'not deleted' if orphan.result == 'failed' else orphan.result}"
    if orphan.reason:
        yield f"    {plain(orphan.reason)}"


def _describe_object(orphan: Orphan) -> str:
    return plain(f"{orphan.tenant}: {KINDS[orphan.kind].title} {orphan.name} ({orphan.sid})")
