"""Planning one pass of an `up`: what earlier runs left in Twilio, and what the engine would do."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tenantry.cli.focus import Focus
from tenantry.cli.policies import Policies
from tenantry.cli.previewing import Previewed, previewed
from tenantry.cli.record import StackRecord
from tenantry.cli.resting import Resting, resting_in
from tenantry.cli.run import Ran, never_begun
from tenantry.cli.stack import Opened
from tenantry.cli.takeovers import with_likely_takeovers
from tenantry.cli.terminal import tell_lines
from tenantry.cli.twilio_time import Compared
from tenantry.engine.events.event import Diagnostic
from tenantry.engine.events.plan import Plan, Step, plan_of
from tenantry.engine.run.command import CommandError, Project, export_state
from tenantry.engine.run.safety import Limits, refusal
from tenantry.engine.run.shown import SHOWN_VARIABLE
from tenantry.engine.state.deployment import held_ids, read_state
from tenantry.engine.state.handed import HANDED_VARIABLE, hand_state
from tenantry.engine.state.unfinished import Marks, Record, is_marked, read_record, settled
from tenantry.model.kinds import BY_TOKEN
from tenantry.operations.up.find_orphans import Looked, find_leftovers
from tenantry.operations.up.inputs import Inputs, inputs_of, packages_of
from tenantry.reports.about import About
from tenantry.text.wrapped import sentence
from tenantry.twilio.errors import TwilioError
from tenantry.twilio.http.traffic import Traffic
from tenantry.twilio.session import Session

NOT_KEPT = (
    "stack {} has resources, but nothing tells how its last run ended: it was renamed, brought here from another "
    "backend, or made by plain `pulumi up`. If a `tenantry up` of it was killed before, what that left is not looked "
    "for; `tenantry drift` names it."
)


class StoppedError(Exception):
    """Something could not even begin; the text says what, why, and what to do next."""


@dataclass(frozen=True)
class Asked:
    """What an `up` was asked for."""

    opened: Opened
    limits: Limits
    refresh: bool
    policies: Policies
    clock: Callable[[], datetime]
    about: About
    compare_clocks: Callable[[], Compared] = Compared
    """Asks Twilio for its time; raises TwilioError."""

    @property
    def project(self) -> Project:
        """The project that it is about."""
        return self.opened.project

    @property
    def shown(self) -> Path:
        """The folder in which a run finds what its preview showed."""
        return Path(self.project.environ[SHOWN_VARIABLE])

    @property
    def options(self) -> dict[str, Any]:
        """What previews and runs are given."""
        return {"refresh": self.refresh, "policy_packs": self.policies.packs}


@dataclass(frozen=True)
class Planned:
    """What a pass would do: what the engine would, and what it would delete of what earlier runs left."""

    focus: Focus
    previewed: Ran
    plan: Plan
    record: Record
    inputs: Inputs
    """What it was made from: nothing is begun where that has changed."""
    looked: Looked
    session: Session | None
    """None where there was nothing to look for."""
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
        left = settled(self.marks, self.focus, self.looked.unseen)
        return self.plan.is_empty and not self.looked.leftovers and left == self.marks

    @property
    def thawing(self) -> frozenset[str]:
        """The tenants whose account it makes active, so that what is in there was not seen."""
        return frozenset(step.slug for step in self.plan.steps if step.slug is not None and self._thaws(step))

    def refusal(self, limits: Limits) -> str | None:
        """Return why it would delete too much; None if it would not."""
        return refusal(self.plan, limits, [f"{left.tenant}: {left.name}" for left in self.looked.leftovers])

    def _thaws(self, step: Step) -> bool:
        if BY_TOKEN.get(step.type) != "subaccount":
            return False
        if step.op in ("create", "adopt"):
            return step.slug in self.looked.unseen
        return any(change.path == "active" and change.new is True for change in step.changes)


def planned(asked: Asked, focus: Focus) -> Planned:
    """Look for what earlier runs left, and preview. Raises StoppedError."""
    with stopping(asked.project):
        record, exported = read_record(asked.project), export_state(asked.project)
        if not record.kept and held_ids(exported):
            tell_lines([sentence(f"warning: {NOT_KEPT.format(asked.project.stack)}")], err=True)
        hand_state(asked.project.environ, exported)  # a run begins only where the state is still this one
        inputs = current_inputs(asked, exported)
        session, looked = _looked(asked, record.marks, focus, exported)
        told, resting = _previewed(asked, focus)
    # Pulumi's own language host may bring the environment up to date before it starts the program.
    inputs = replace(inputs, packages=packages_of(asked.project.folder))
    plan, today = resting.held_apart(plan_of(told.ran.events, told.focus)), asked.clock().date()
    stack = StackRecord(asked.project, exported, record.marks)
    foreseen = with_likely_takeovers(asked.opened, stack, plan, today, refresh=asked.refresh)
    plan, ran = foreseen.plan, replace(told.ran, traffic=told.ran.traffic.then(foreseen.traffic))
    made = {step.name for step in plan.steps if step.op in ("create", "adopt", "replace")}
    return Planned(told.focus, ran, plan, record, inputs, looked.awaiting(made), session, told.unread, resting)


def _previewed(asked: Asked, focus: Focus) -> tuple[Previewed, Resting]:
    """Preview, without the tenants that are to be left as they are; raises CommandError."""
    options: dict[str, Any] = {"refresh": asked.refresh, "packs": asked.policies.packs}
    first = previewed(asked.opened, focus, **options)
    resting = resting_in(asked.opened, first.ran, plan_of(first.ran.events, first.focus))
    others = resting.without(asked.opened, first.focus)
    traffic = first.ran.traffic.then(resting.traffic)
    if others == first.focus:
        return replace(first, ran=replace(first.ran, traffic=traffic)), resting
    second = previewed(asked.opened, others, **options)
    ran = replace(second.ran, traffic=traffic.then(second.ran.traffic))
    return replace(second, ran=ran, unread=(*first.unread, *second.unread)), resting


def current_inputs(asked: Asked, exported: Mapping[str, Any]) -> Inputs:
    """Return what a run of this moment would be made from."""
    return inputs_of(asked.project, asked.policies.packs, exported, asked.clock().date())


@contextmanager
def opened_for_a_run(opened: Opened) -> Iterator[Opened]:
    """Give a stack a folder of its own in which its run finds what its preview showed, and the state before it."""
    with TemporaryDirectory(prefix="tenantry-shown-") as folder:
        told = {SHOWN_VARIABLE: folder, HANDED_VARIABLE: str(Path(folder, "state.json"))}
        environ = {**opened.project.environ, **told}
        yield replace(opened, project=replace(opened.project, environ=environ))


@contextmanager
def stopping(project: Project) -> Iterator[None]:
    """Turn what could not begin into a StoppedError, with the way out."""
    try:
        yield
    except CommandError as error:
        raise StoppedError(never_begun(project, error)) from error
    except TwilioError as error:
        raise StoppedError(f"{error} Nothing was changed.") from error


def _looked(asked: Asked, marks: Marks, focus: Focus, exported: Mapping[str, Any]) -> tuple[Session | None, Looked]:
    loaded = asked.opened.loaded
    if not any(is_marked(marks, slug) for slug in (loaded.tenants if focus is None else focus)):
        return None, Looked()
    session, today = Session.from_env(os.environ), asked.clock().date()
    state, held = read_state(exported), held_ids(exported)
    return session, find_leftovers(loaded, state, held, marks, session, today, slugs=focus)
