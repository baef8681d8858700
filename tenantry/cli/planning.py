"""Planning one pass of an `up`: what earlier runs left in Twilio, and what the engine would do."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tenantry.cli.focus import Focus
from tenantry.cli.progress import progress
from tenantry.cli.run import Ran, counted, never_begun
from tenantry.cli.stack import Opened
from tenantry.engine import command
from tenantry.engine.command import CommandError, Project, export_state
from tenantry.engine.plan import Plan, Step, plan_of
from tenantry.engine.safety import Limits, refusal
from tenantry.engine.state import KINDS, held_ids, read_state
from tenantry.engine.unfinished import Marks, is_marked, read_marks, settled
from tenantry.reports.leftovers.find import Looked, find_leftovers
from tenantry.twilio.errors import TwilioError
from tenantry.twilio.session import Session
from tenantry.twilio.traffic import Traffic


class StoppedError(Exception):
    """Something could not even begin; the text says what, why, and what to do next."""


@dataclass(frozen=True)
class Asked:
    """What an `up` was asked for."""

    opened: Opened
    limits: Limits
    refresh: bool
    packs: tuple[Path, ...]
    clock: Callable[[], datetime]

    @property
    def project(self) -> Project:
        """The project that it is about."""
        return self.opened.project

    @property
    def options(self) -> dict[str, Any]:
        """What previews and runs are given."""
        return {"refresh": self.refresh, "policy_packs": self.packs}


@dataclass(frozen=True)
class Planned:
    """What a pass would do: what the engine would, and what it would delete of what earlier runs left."""

    focus: Focus
    previewed: Ran
    plan: Plan
    marks: Marks
    looked: Looked
    session: Session | None
    """None where there was nothing to look for."""

    @property
    def traffic(self) -> Traffic:
        """What it has cost up to now."""
        return self.previewed.traffic.then(self.session.traffic) if self.session else self.previewed.traffic

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
        if KINDS.get(step.type) != "subaccount":
            return False
        if step.op in ("create", "adopt"):
            return step.slug in self.looked.unseen
        return any(change.path == "active" and change.new is True for change in step.changes)


def planned(asked: Asked, focus: Focus) -> Planned:
    """Look for what earlier runs left, and preview. Raises StoppedError."""
    with stopping(asked.project):
        marks = read_marks(asked.project)
        session, looked = _looked(asked, marks, focus)
        with progress("preview") as listener:
            previewed = counted(command.preview, asked.project, focus, listener, **asked.options)
    plan = plan_of(previewed.events, focus)
    made = {step.name for step in plan.steps if step.op in ("create", "adopt", "replace")}
    return Planned(focus, previewed, plan, marks, looked.awaiting(made), session)


@contextmanager
def stopping(project: Project) -> Iterator[None]:
    """Turn what could not begin into a StoppedError, with the way out."""
    try:
        yield
    except CommandError as error:
        raise StoppedError(never_begun(project, error)) from error
    except TwilioError as error:
        raise StoppedError(f"{error} Nothing was changed.") from error


def _looked(asked: Asked, marks: Marks, focus: Focus) -> tuple[Session | None, Looked]:
    loaded = asked.opened.loaded
    if not any(is_marked(marks, slug) for slug in (loaded.tenants if focus is None else focus)):
        return None, Looked()
    exported = export_state(asked.project)
    session, today = Session.from_env(os.environ), asked.clock().date()
    state, held = read_state(exported), held_ids(exported)
    return session, find_leftovers(loaded, state, held, marks, session, today, slugs=focus)
