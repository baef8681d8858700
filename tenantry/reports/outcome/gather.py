"""From the events of an `up` to the report of it."""

from collections.abc import Iterable, Iterator

from tenantry.engine.applied import Failure, applied_of, is_about_resource
from tenantry.engine.events import Diagnostic, Event
from tenantry.engine.plan import Plan
from tenantry.reports.changes.grouping import counts_of, groups_of, told
from tenantry.reports.changes.messages import messages_of, sentence_of
from tenantry.reports.outcome.values import FailedResource, FailedTenant, Outcome


def outcome_of(
    plan: Plan,
    events: Iterable[Event],
    stack: str,
    *,
    exit_code: int = 0,
    interrupted: bool = False,
    notes: Iterable[str] = (),
) -> Outcome:
    """Return the report of an `up` from its events and the plan that was previewed; `notes` are lines about the run."""
    kept = tuple(events)
    applied = applied_of(kept)
    done = told(applied.done)
    tried = {step.urn for step in applied.done} | {failure.urn for failure in applied.failed}
    return Outcome(
        format=1,
        stack=stack,
        result="interrupted" if interrupted else "failed" if applied.failed or exit_code else "done",
        counts=counts_of(done),
        tenants=len({step.slug for step in done if step.slug is not None}),
        done=groups_of(done, warn=False),
        failed=tuple(_by_tenant(applied.failed)),
        not_done=groups_of((step for step in plan.steps if step.urn not in tried), warn=False),
        messages=messages_of(_about_the_run(kept)),
        notes=tuple(notes),
    )


def _by_tenant(failures: Iterable[Failure]) -> Iterator[FailedTenant]:
    by_slug: dict[str | None, list[FailedResource]] = {}
    for failure in failures:
        by_slug.setdefault(failure.slug, []).append(_failed(failure))
    for slug, resources in sorted(by_slug.items(), key=lambda item: item[0] or ""):
        yield FailedTenant(tenant=slug, resources=tuple(sorted(resources, key=lambda failed: failed.resource)))


def _failed(failure: Failure) -> FailedResource:
    below = failure.name.partition("/")[2] if failure.slug else failure.name
    reasons = dict.fromkeys(filter(None, map(sentence_of, failure.reasons)))
    return FailedResource(op=failure.op, resource=below or "subaccount", reasons=tuple(reasons))


def _about_the_run(events: Iterable[Event]) -> Iterator[Diagnostic]:
    for event in events:
        if isinstance(event, Diagnostic) and event.severity in ("error", "warning") and not is_about_resource(event):
            yield event
