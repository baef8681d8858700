"""How much a run may delete without an explicit option."""

from collections.abc import Sequence
from dataclasses import dataclass

from tenantry.engine.events.plan import Plan
from tenantry.engine.events.urn import COMPONENT
from tenantry.engine.run.limits import Limits
from tenantry.model.kinds import BY_TOKEN, KindName
from tenantry.text.some import first_of

SMALL_STACK = 10
"""Below this number of resources a percentage is not compared: one of three is 33 %."""
NAMED = 10
CLOSED_FOR_GOOD: frozenset[KindName | None] = frozenset({"subaccount"})
"""A closed account never opens again, so that it was closed is recorded at once."""
SECRET: frozenset[KindName | None] = frozenset({"api_key"})
"""Only the state has the secret of the new one, and the old one is gone soon after."""


def refusal(plan: Plan, limits: Limits, leftovers: Sequence[str] = ()) -> str | None:
    """Return why a plan deletes too much, with the options that allow it; else None. `leftovers` count too."""
    excess = _find_excess(plan, limits, leftovers)
    if excess is None:
        return None
    return f"This run would {excess.deletions}; nothing was changed. If it is meant, run again with {excess.options}."


def stop(plan: Plan, limits: Limits) -> str | None:
    """Return why an `up` of a plan that is only previewed would stop at its limits; None if it would not."""
    excess = _find_excess(plan, limits, ())
    if excess is None:
        return None
    return f"`tenantry up` stops here: it would {excess.deletions}. If it is meant, run it with {excess.options}."


@dataclass(frozen=True)
class _Excess:
    """What a plan deletes beyond the limits, and the options that allow it."""

    deletions: str
    options: str


def _find_excess(plan: Plan, limits: Limits, leftovers: Sequence[str]) -> _Excess | None:
    steps = (*plan.deletes, *plan.replacements)  # in the order in which the engine came to them, which is luck
    doomed = [*sorted(step.name for step in steps), *leftovers]
    total = sum(count for op, count in plan.counts.items() if op != "create")
    share = 100 * len(doomed) / total if total else 0
    too_many = len(doomed) > limits.deletes
    too_much = total >= SMALL_STACK and share > limits.percent
    if not (too_many or too_much):
        return None
    return _Excess(
        f"delete or replace {len(doomed)} of {total} resources ({share:.0f} %): {first_of(doomed, NAMED)}. "
        f"The limits are {limits.deletes} and {limits.percent} %",
        f"--max-deletes {max(len(doomed), limits.deletes)} --max-deletes-percent {max(int(share) + 1, limits.percent)}",
    )


def may_skip_checkpoints(plan: Plan, *, refreshes_next: bool) -> bool:
    """Return whether the state may be written once, at the end: only where the next run makes good what a kill loses.

    `refreshes_next` says that the next `tenantry up` refreshes if this run is killed. With checkpoints the whole state
    is written twice for each change, which took 250 of the 267 s of 1,000 deletes. A killed run without them leaves
    objects that the state does not know, which our creates find again, and a state that has objects which are gone,
    which a refresh finds. What other providers make would be lost, a bucket or a DNS name.
    """
    are_ours = all(step.type in BY_TOKEN or step.type == COMPONENT for step in plan.steps)
    gone = {BY_TOKEN.get(step.type) for step in plan.deletes}
    replaced = {BY_TOKEN.get(step.type) for step in plan.replacements}
    are_found = refreshes_next and gone.isdisjoint(CLOSED_FOR_GOOD) and replaced.isdisjoint(CLOSED_FOR_GOOD | SECRET)
    return are_ours and (are_found or not (gone | replaced))
