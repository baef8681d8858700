"""The story of a preview: the engine plans, Twilio is asked what exists already, and nothing is changed."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from tenantry.engine.events.event import Diagnostic
from tenantry.engine.events.plan import Plan
from tenantry.engine.state.record import StackRecord
from tenantry.manifest.git import GitError
from tenantry.operations.errors import InterruptedPreviewError, StoppedError
from tenantry.operations.listener import Listener
from tenantry.operations.preview.early import EarlyPreview
from tenantry.operations.preview.resting import find_held, find_resting
from tenantry.operations.preview.run import run_preview
from tenantry.operations.preview.takeovers import FindExisting, Takeovers
from tenantry.operations.stack.focus import Focus
from tenantry.operations.stack.open import Opened
from tenantry.operations.stack.policies import Policies
from tenantry.operations.stack.run import CountedRun, stop_on_errors
from tenantry.policies.lifted import Lifted, find_lifted
from tenantry.policies.own import RulesError
from tenantry.twilio.http.traffic import Traffic


@dataclass(frozen=True)
class PreviewRequest:
    """What a preview was asked for, and what a front door lends it."""

    opened: Opened
    refresh: bool
    policies: Policies
    today: date
    find_existing: FindExisting
    early: EarlyPreview | None = None
    """A preview that Pulumi has begun already."""


@dataclass(frozen=True)
class Foreseen:
    """What an `up` would do."""

    plan: Plan
    run: CountedRun
    unread: tuple[Diagnostic, ...]
    """Why some tenants could not be read, and are left out."""
    traffic: Traffic


def foresee(request: PreviewRequest, focus: Focus, listener: Listener) -> Foreseen:
    """Preview, and look up what the creates would find at Twilio.

    Raises StoppedError where Pulumi can't start, InterruptedPreviewError where the preview was interrupted.
    """
    opened = request.opened
    held = find_held(opened, focus)
    with stop_on_errors(opened.project):
        asked: dict[str, Any] = {"policies": request.policies, "today": request.today, "early": request.early}
        preview = run_preview(opened, focus, listener, refresh=request.refresh, **asked)
    if preview.run.interrupted:
        raise InterruptedPreviewError
    stack = StackRecord(opened.project)
    resting = find_resting(opened, preview.run, preview.plan, held)
    takeovers = Takeovers(opened, stack, request.today, request.find_existing)
    forecast = takeovers.foresee_all(resting.hold_apart(preview.plan))
    traffic = preview.run.traffic.then(resting.traffic).then(forecast.traffic)
    return Foreseen(forecast.plan, preview.run, preview.unread, traffic)


def find_waivers(opened: Opened, since: str | None, focus: Focus, today: date) -> tuple[Lifted, ...]:
    """Return the waivers that a reviewer should know of; raises StoppedError where rules or git can't be asked."""
    try:
        return find_lifted(opened.project.folder, opened.loaded, today, since=since, focus=focus)
    except (RulesError, GitError) as error:
        raise StoppedError(str(error)) from error
