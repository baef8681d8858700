"""Planning one pass of an `up`: what earlier runs left at Twilio, and what the engine would do."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tenantry.engine.events.event import Diagnostic
from tenantry.engine.events.plan import Plan, Step, plan_of
from tenantry.engine.run.command import Project, export_state
from tenantry.engine.run.limits import Limits
from tenantry.engine.run.safety import refusal
from tenantry.engine.run.shown import SHOWN_VARIABLE
from tenantry.engine.state.deployment import list_held_ids, read_state
from tenantry.engine.state.handed import HANDED_VARIABLE, hand_state
from tenantry.engine.state.record import StackRecord
from tenantry.engine.state.unfinished import Marks, Record, is_about_all, is_marked, read_record
from tenantry.model.kinds import BY_TOKEN
from tenantry.operations.changes.messages import WAY_OUT
from tenantry.operations.ledger.held import Held
from tenantry.operations.listener import Listener
from tenantry.operations.preview.resting import Resting, find_held, find_resting
from tenantry.operations.preview.run import Previewed, run_preview
from tenantry.operations.preview.takeovers import FindExisting, Takeovers
from tenantry.operations.recovery.marks import settle_tenants
from tenantry.operations.recovery.orphans import OrphanSearch, find_orphans
from tenantry.operations.stack.about import About
from tenantry.operations.stack.focus import Focus
from tenantry.operations.stack.open import Opened
from tenantry.operations.stack.policies import Policies
from tenantry.operations.stack.run import CountedRun, stop_on_errors
from tenantry.operations.up.closing import ClockComparison
from tenantry.operations.up.inputs import Inputs, digest_inputs, digest_packages
from tenantry.twilio.http.traffic import Traffic
from tenantry.twilio.session import Session

MARKS_MAY_BE_LOST = (
    "stack {} has resources, but no record of how its last run ended: it was renamed, brought here from another "
    "backend, or made by plain `pulumi up`. If a `tenantry up` of it was killed before, what it left is not looked "
    "for; `tenantry drift` names it."
)
REFRESHES = (
    "An earlier `tenantry up` of this stack was killed, or failed for many tenants, so the state may have objects that "
    "are gone. This run compares the state with Twilio first, as with --refresh."
)


@dataclass(frozen=True)
class Request:
    """What an `up` was asked for, and what a front door lends it."""

    opened: Opened
    limits: Limits
    refresh: bool
    policies: Policies
    clock: Callable[[], datetime]
    find_existing: FindExisting
    compare_clocks: Callable[[], ClockComparison] = ClockComparison
    """Asks Twilio for its time; raises TwilioError."""
    about: About = field(default_factory=About)

    @property
    def project(self) -> Project:
        """The project that it is about."""
        return self.opened.project

    @property
    def shown(self) -> Path:
        """The folder in which a run finds what its preview showed."""
        return Path(self.project.environ[SHOWN_VARIABLE])


@dataclass(frozen=True)
class PassPlan:
    """What a pass would do: what the engine would, and what it would delete of what earlier runs left."""

    focus: Focus
    previewed: CountedRun
    plan: Plan
    record: Record
    inputs: Inputs
    """What it was made from: nothing is begun where that has changed."""
    search: OrphanSearch
    session: Session | None
    """None where there was nothing to look for."""
    refresh: bool
    """Whether it compares with Twilio: asked for, or because the last run was killed."""
    unread: tuple[Diagnostic, ...] = ()
    """Why some tenants could not be read, and are left out."""
    resting: Resting = field(default_factory=Resting)
    """The tenants that are left as they are, because somebody suspended their account."""
    asking: Traffic = field(default_factory=Traffic)
    """What it has cost to ask Twilio for its time."""

    @property
    def marks(self) -> Marks:
        """The marks of earlier runs."""
        return self.record.marks

    @property
    def left_out(self) -> tuple[Diagnostic, ...]:
        """Why a run is not for some tenants."""
        return (*self.unread, *self.resting.warnings)

    @property
    def traffic(self) -> Traffic:
        """What it has cost up to now."""
        traffic = self.previewed.traffic.then(self.asking)
        return traffic.then(self.session.traffic) if self.session else traffic

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change, neither in Twilio nor of the marks."""
        remaining = settle_tenants(self.marks, self.focus, self.search.unseen)
        return self.plan.is_empty and not self.search.orphans and remaining == self.marks

    @property
    def thawing(self) -> frozenset[str]:
        """The tenants whose account it makes active, so that what is in there was not seen."""
        return frozenset(step.slug for step in self.plan.steps if step.slug is not None and self._is_thawing(step))

    @property
    def messages(self) -> Plan:
        """The plan with all that was said in its preview."""
        return replace(self.plan, errors=(*self.unread, *self.plan.errors))

    def refusal(self, limits: Limits) -> str | None:
        """Return why it may not be applied; None if it may."""
        if self.plan.errors or self.previewed.exit_code or not self.previewed.is_whole:
            is_broken = any(found.level == "mandatory" for found in self.plan.violations)
            return f"Nothing was changed. {WAY_OUT}; then run it again." if is_broken else "Nothing was changed."
        return refusal(self.plan, limits, [f"{orphan.tenant}: {orphan.name}" for orphan in self.search.orphans])

    def _is_thawing(self, step: Step) -> bool:
        if BY_TOKEN.get(step.type) != "subaccount":
            return False
        if step.op in ("create", "adopt"):
            return step.slug in self.search.unseen
        return any(change.path == "active" and change.new is True for change in step.changes)


def plan_pass(request: Request, focus: Focus, listener: Listener) -> PassPlan:
    """Look for what earlier runs left, and preview. Raises StoppedError."""
    held = find_held(request.opened, focus)
    with stop_on_errors(request.project):
        record, exported = read_record(request.project), export_state(request.project)
        if is_about_all(record.marks) and not request.refresh:
            listener.warn(REFRESHES)
            request = replace(request, refresh=True)
        if not record.kept and list_held_ids(exported):
            listener.warn(MARKS_MAY_BE_LOST.format(request.project.stack))
        hand_state(request.project.environ, exported)  # a run begins only where the state is still this one
        inputs = digest_current_inputs(request, exported)
        session, search = _search_orphans(request, record.marks, focus, exported)
        preview, resting = _preview_without_resting(request, focus, listener, held)
    # Pulumi's own language host may bring the environment up to date before it starts the program.
    inputs = replace(inputs, packages=digest_packages(request.project.folder))
    stack, today = StackRecord(request.project, exported, record.marks), request.clock().date()
    takeovers = Takeovers(request.opened, stack, today, request.find_existing)
    plan = resting.hold_apart(plan_of(preview.run.events, preview.focus))
    forecast = takeovers.foresee_likely(plan, refresh=request.refresh)
    run = replace(preview.run, traffic=preview.run.traffic.then(forecast.traffic))
    making = {step.name for step in forecast.plan.steps if step.op in ("create", "adopt", "replace")}
    awaiting = search.awaiting(making)
    return PassPlan(
        *(preview.focus, run, forecast.plan, record, inputs, awaiting, session, request.refresh),
        unread=preview.unread,
        resting=resting,
    )


def _preview_without_resting(
    request: Request, focus: Focus, listener: Listener, held: Held
) -> tuple[Previewed, Resting]:
    """Preview, without the tenants that are to be left as they are; raises CommandError."""
    today = request.clock().date()
    options: dict[str, Any] = {"refresh": request.refresh, "policies": request.policies, "today": today}
    first = run_preview(request.opened, focus, listener, **options)
    resting = find_resting(request.opened, first.run, plan_of(first.run.events, first.focus), held)
    remaining = resting.exclude_from(request.opened, first.focus)
    if remaining == first.focus:
        return replace(first, run=replace(first.run, traffic=resting.traffic.then(first.run.traffic))), resting
    second = run_preview(request.opened, remaining, listener, **options)
    traffic = first.run.traffic.then(resting.traffic).then(second.run.traffic)
    run = replace(second.run, traffic=traffic)
    return replace(second, run=run, unread=(*first.unread, *second.unread)), resting


def digest_current_inputs(request: Request, exported: Mapping[str, Any]) -> Inputs:
    """Return what a run of this moment would be made from."""
    return digest_inputs(request.project, request.policies.packs, exported, request.clock().date())


@contextmanager
def lend_folder(opened: Opened) -> Iterator[Opened]:
    """Give a stack a folder of its own in which its run finds what its preview showed, and the state before it."""
    with TemporaryDirectory(prefix="tenantry-shown-") as folder:
        variables = {SHOWN_VARIABLE: folder, HANDED_VARIABLE: str(Path(folder, "state.json"))}
        environ = {**opened.project.environ, **variables}
        yield replace(opened, project=replace(opened.project, environ=environ))


def _search_orphans(
    request: Request, marks: Marks, focus: Focus, exported: Mapping[str, Any]
) -> tuple[Session | None, OrphanSearch]:
    loaded = request.opened.loaded
    if not any(is_marked(marks, slug) for slug in (loaded.tenants if focus is None else focus)):
        return None, OrphanSearch()
    session, today = Session.from_env(request.project.environ), request.clock().date()
    state, held = read_state(exported), list_held_ids(exported)
    return session, find_orphans(loaded, state, held, marks, session, today, slugs=focus)
