"""What an `up` did as a value, made from its events: `schemas/up.schema.json` is made from it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from pydantic import Field

from tenantry.engine.events.applied import Applied, Failure, applied_of, is_about_resource, is_failure
from tenantry.engine.events.event import Diagnostic, Event
from tenantry.engine.events.plan import Op, Plan, Step
from tenantry.operations.changes.grouping import count_operations, group_steps, select_shown
from tenantry.operations.changes.messages import gather_messages, sentence_of
from tenantry.operations.changes.values import Group, Message
from tenantry.operations.recovery.orphans import EndedLeftover
from tenantry.operations.reported import Reported
from tenantry.operations.rotation.retirement import KeptKey
from tenantry.operations.rotation.values import SecretsReport
from tenantry.operations.stack.about import About, PoliciesResult
from tenantry.twilio.http.traffic import Traffic

Result = Literal["done", "failed", "interrupted"]


class FailedResource(Reported):
    """A resource that failed, and why."""

    op: Op | None = Field(description="what was tried; null if a check refused it before that")
    resource: str = Field(description="kind and key, such as usage_trigger/monthly-sms")
    reasons: tuple[str, ...] = Field(description="what we did, to what, what came back, what to do next")


class FailedTenant(Reported):
    """What failed for one tenant; what is not named here was done, or is in not_done."""

    tenant: str | None = Field(description="slug; null for what belongs to no tenant, such as the fleet")
    resources: tuple[FailedResource, ...] = Field(description="sorted by resource")


class Outcome(Reported):
    """What an `up` did to the tenants of a stack."""

    format: Literal[1] = Field(description="version of this format; fields are added to it, never changed")
    stack: str = Field(description="name of the stack")
    result: Result = Field(description="done: all of it was done")
    counts: dict[Op, int] = Field(
        description="how many resources each operation was done to; those without are left out"
    )
    tenants: int = Field(description="tenants for which something was done")
    done: tuple[Group, ...] = Field(description="what was done; danger is null, it is too late to warn")
    failed: tuple[FailedTenant, ...] = Field(description="sorted by tenant")
    not_done: tuple[Group, ...] = Field(
        description="planned, and not tried: what it depends on failed, or the run was interrupted"
    )
    cut_off: bool = Field(
        default=False, description="the engine's event log ends before the run did: more may be done than is reported"
    )
    unknown: tuple[Group, ...] = Field(
        default=(), description="planned; the run was cut off, so it is unknown whether they were done"
    )
    leftovers: tuple[EndedLeftover, ...] = Field(
        default=(), description="what an earlier run that did not end well had left, and what became of it"
    )
    messages: tuple[Message, ...] = Field(description="warnings, and errors about no resource")
    parent: str | None = Field(default=None, description="SID of the parent account; null if nobody names it")
    address: str | None = Field(default=None, description="where requests go instead of to Twilio, such as a fake")
    policies: PoliciesResult | None = Field(default=None, description="null in a project without policies")
    secrets: SecretsReport | None = Field(
        default=None, description="what sinks were given of these tenants' keys; null where no key goes to a sink"
    )
    kept_keys: tuple[KeptKey, ...] = Field(
        default=(), description="generations that no manifest names any more, kept until their successor is proven"
    )
    notes: tuple[str, ...] = Field(description="lines about the run, such as what it cost at Twilio's API")


@dataclass(frozen=True)
class Pass:
    """One run of the engine in an `up`, and the plan that was previewed for it."""

    plan: Plan
    events: tuple[Event, ...] = ()
    exit_code: int = 0
    interrupted: bool = False
    is_cut_off: bool = False
    """Whether the engine was killed before the end, or its events are not all: more may be done than they show."""
    leftovers: tuple[EndedLeftover, ...] = ()
    traffic: Traffic = field(default_factory=Traffic)
    """What it cost, with its preview."""
    settles: frozenset[str] = frozenset()
    """Tenants that it looked at anew: of what failed in them before, only what fails again counts."""

    @property
    def applied(self) -> Applied:
        """What it did."""
        return applied_of(self.events, self.traffic.taken)

    def leave_out(self, settled: frozenset[str]) -> "Pass":
        """Return it without what failed, or was not tried, in tenants that a later pass has settled."""
        failed = self.applied.failed
        settled_failures = [failure for failure in failed if failure.slug in settled]
        urns = {failure.urn for failure in settled_failures}
        return replace(
            self,
            plan=replace(self.plan, steps=tuple(step for step in self.plan.steps if step.slug not in settled)),
            events=tuple(event for event in self.events if not (is_failure(event) and event.urn in urns)),
            exit_code=0 if settled_failures and len(settled_failures) == len(failed) else self.exit_code,
        )


def make_outcome(
    passes: Sequence[Pass],
    stack: str,
    notes: Iterable[str] = (),
    about: About | None = None,
    secrets: SecretsReport | None = None,
) -> Outcome:
    """Return the report of an `up` from its passes; `notes` are lines about the run."""
    about = about or About()
    violations = {violation for finished in passes for violation in finished.plan.violations}
    passes = [finished.leave_out(_find_settled(passes[number + 1 :])) for number, finished in enumerate(passes)]
    applied = [finished.applied for finished in passes]
    done = select_shown(step for finished in applied for step in finished.done)
    untold = [
        (finished.is_cut_off, list(_list_not_tried(finished.plan, its)))
        for finished, its in zip(passes, applied, strict=True)
    ]
    return Outcome(
        format=1,
        stack=stack,
        result=_decide_result(passes, applied, secrets),
        counts=count_operations(done),
        tenants=len({step.slug for step in done if step.slug is not None}),
        done=group_steps(done, warn=False),
        failed=tuple(_group_by_tenant(failure for finished in applied for failure in finished.failed)),
        not_done=group_steps((step for cut, steps in untold if not cut for step in steps), warn=False),
        cut_off=any(finished.is_cut_off for finished in passes),
        unknown=group_steps((step for cut, steps in untold if cut for step in steps), warn=False),
        leftovers=tuple(orphan for finished in passes for orphan in finished.leftovers),
        messages=gather_messages(message for finished in passes for message in _select_about_run(finished.events)),
        parent=about.parent,
        address=about.address,
        policies=about.policies(violations),
        secrets=secrets,
        notes=tuple(notes),
    )


def _find_settled(passes: Iterable[Pass]) -> frozenset[str]:
    return frozenset(slug for finished in passes for slug in finished.settles)


def _decide_result(passes: Sequence[Pass], applied: Sequence[Applied], secrets: SecretsReport | None) -> Result:
    if any(finished.interrupted for finished in passes):
        return "interrupted"
    failed = any(
        finished.exit_code or finished.is_cut_off or any(orphan.result == "failed" for orphan in finished.leftovers)
        for finished in passes
    )
    is_undelivered = secrets is not None and bool(secrets.failed)
    return "failed" if failed or is_undelivered or any(its.failed for its in applied) else "done"


def _list_not_tried(plan: Plan, applied: Applied) -> Iterator[Step]:
    tried = {step.urn for step in applied.done} | {failure.urn for failure in applied.failed}
    return (step for step in plan.steps if step.urn not in tried)


def _group_by_tenant(failures: Iterable[Failure]) -> Iterator[FailedTenant]:
    by_slug: dict[str | None, list[FailedResource]] = {}
    for failure in failures:
        by_slug.setdefault(failure.slug, []).append(_make_failed_resource(failure))
    for slug, resources in sorted(by_slug.items(), key=lambda item: item[0] or ""):
        yield FailedTenant(tenant=slug, resources=tuple(sorted(resources, key=lambda failed: failed.resource)))


def _make_failed_resource(failure: Failure) -> FailedResource:
    below = failure.name.partition("/")[2] if failure.slug else failure.name
    reasons = dict.fromkeys(filter(None, map(sentence_of, failure.reasons)))
    return FailedResource(op=failure.op, resource=below or "subaccount", reasons=tuple(reasons))


def _select_about_run(events: Iterable[Event]) -> Iterator[Diagnostic]:
    for event in events:
        if isinstance(event, Diagnostic) and event.severity in ("error", "warning") and not is_about_resource(event):
            yield event
