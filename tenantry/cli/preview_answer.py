"""The answer of `tenantry preview`: the preview, its report, and the exit code."""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import NoReturn

from tenantry.cli.holds import refuse_vanished_holds
from tenantry.cli.messages import tell_messages, tell_strays
from tenantry.cli.progress import ProgressListener
from tenantry.cli.stack import (
    end_on_errors,
    find_existing,
    find_run_focus,
    tell_place,
)
from tenantry.cli.terminal import layout, tell, tell_lines
from tenantry.cli.traffic import tell_traffic
from tenantry.engine.events.plan import plan_of
from tenantry.engine.run.limits import Limits
from tenantry.manifest.git import commit_of
from tenantry.manifest.handed import Manifests, hand_manifests
from tenantry.operations.preview.early import Asked, EarlyPreview
from tenantry.operations.preview.report import PreviewReport, make_preview_report
from tenantry.operations.preview.story import Foreseen, PreviewRequest, find_waivers, foresee
from tenantry.operations.stack.about import describe_run, make_scope
from tenantry.operations.stack.open import Opened, open_stack
from tenantry.reports.preview.as_html import as_html
from tenantry.reports.preview.as_json import as_json
from tenantry.reports.preview.as_markdown import LEFT_OUT, as_markdown
from tenantry.reports.preview.as_text import as_text
from tenantry.reports.preview.summary import summarise
from tenantry.text.wrapping import sentence

RENDERERS: dict[str, Callable[[PreviewReport], str]] = {
    "text": as_text,
    "markdown": as_markdown,
    "json": as_json,
    "html": as_html,
}


@dataclass(frozen=True)
class Presentation:
    """How a preview is shown, and which limits it is compared with."""

    limits: Limits
    commit: str | None
    """The commit that the report names; None is the one that is checked out."""
    form: str


def show_preview(asked: Asked, early: EarlyPreview | None, shown: Presentation) -> NoReturn:
    """Preview, print the report, and end the command."""
    today, form = datetime.now(UTC).date(), shown.form
    with end_on_errors():
        chosen = asked.policies(asked.root)
        opened = open_stack(asked.root, asked.stack, os.environ, recover=asked.recover)
        if early is not None:
            manifests = Manifests(opened.loaded.stack, opened.loaded.tenants)
            hand_manifests(early.manifests, opened.project.folder, opened.project.stack, manifests)
        refuse_vanished_holds(asked.root, opened.loaded, remember=False)
        commit = shown.commit or commit_of(opened.project.folder)
        seen = describe_run(opened.loaded, opened.project.environ, policies_asked=chosen.asked, commit=commit)
        name = opened.project.stack
        tell_place(seen, name, form)
        focus = find_run_focus(asked.wanted, opened)
        since = asked.wanted.changed_since
        seen = replace(seen, scope=make_scope(opened.loaded, focus, since))
        waivers = find_waivers(opened, since, focus, today)
        if focus is not None and not focus:
            answer(make_preview_report(plan_of(()), name, replace(seen, policies_asked=None), waivers=waivers), form)
        request = PreviewRequest(opened, asked.refresh, chosen, today, find_existing, early)
        found = foresee(request, focus, ProgressListener())
    _tell_beside(found, opened)
    failed = bool(found.run.exit_code)
    report = make_preview_report(
        found.plan, name, seen, limits=shown.limits, unread=found.unread, waivers=waivers, failed=failed
    )
    answer(report, form)


def _tell_beside(found: Foreseen, opened: Opened) -> None:
    """Print what a preview said, which names it would miss in a focus, and what Twilio was asked."""
    tell_messages(replace(found.plan, errors=(*found.unread, *found.plan.errors)))
    tell_strays(found.run, opened.loaded.tenants)
    tell_traffic(found.traffic)


def answer(report: PreviewReport, form: str) -> NoReturn:
    """Print the report and end the command; on a terminal, nothing hides the reasons of a preview that failed."""
    text = as_text(report, layout()) if form == "text" else RENDERERS[form](report)
    if report.left_out or not (report.failed and form == "text"):
        tell(text, nl=not text.endswith("\n"))
    else:
        tell_lines([sentence(summarise(report))], err=True)
    if LEFT_OUT in text:
        tell(as_text(report, layout(err=True)), err=True)
    raise SystemExit(1 if report.failed else 0 if report.is_empty else 2)
