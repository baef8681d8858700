"""`tenantry up`: make Twilio as the manifests say."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import click

from tenantry.cli.holds import refuse_early_closing, refuse_vanished_holds
from tenantry.cli.incident import ask_for_incidents
from tenantry.cli.messages import tell_messages
from tenantry.cli.options import project_option, split, stack_option
from tenantry.cli.progress import ProgressListener
from tenantry.cli.run_options import (
    close_option,
    limits_options,
    policies_options,
    recover_option,
    refresh_option,
    tenants_options,
)
from tenantry.cli.signals import INTERRUPTED
from tenantry.cli.stack import (
    end_on_errors,
    fail,
    find_existing,
    find_run_focus,
    tell_place,
)
from tenantry.cli.terminal import color_option, layout, tell, tell_lines
from tenantry.engine.events.plan import Plan
from tenantry.engine.run.limits import Limits
from tenantry.operations.preview.report import make_preview_report
from tenantry.operations.stack.about import About, describe_run
from tenantry.operations.stack.open import open_stack
from tenantry.operations.stack.policies import Policies
from tenantry.operations.stack.wanted import Wanted
from tenantry.operations.up.closing import compare_clocks
from tenantry.operations.up.outcome import Outcome
from tenantry.operations.up.plan import PassPlan, Request
from tenantry.operations.up.story import run_up
from tenantry.reports.about import place_text
from tenantry.reports.preview.as_text import as_text
from tenantry.reports.traffic import api_line
from tenantry.reports.up.as_json import as_json
from tenantry.reports.up.as_markdown import LEFT_OUT, as_markdown
from tenantry.reports.up.as_text import as_text as outcome_as_text
from tenantry.reports.up.words import search_lines, summary, thawing_text
from tenantry.text.wrapping import sentence

NOBODY_TO_ASK = (
    "`tenantry up` asks before it changes anything, and there is nobody to ask: standard input is no terminal. Nothing "
    "was looked at, nothing was begun. See with `tenantry preview` what would change, then run again with --yes."
)
EXIT_CODES = {"done": 0, "failed": 1, "interrupted": INTERRUPTED}
KEPT = 2
"""All was done, but for generations of keys that were kept until their successor is proven."""
FORMATS: dict[str, Callable[[Outcome], str]] = {"text": outcome_as_text, "markdown": as_markdown, "json": as_json}


@click.command()
@tenants_options
@project_option
@stack_option
@refresh_option
@close_option
@recover_option
@policies_options
@limits_options
@click.option(
    "--retire-unproven",
    "retire",
    multiple=True,
    metavar="TENANT/KEY",
    help="Delete generations that no manifest names, though nobody has proved their successor.",
)
@click.option("--yes", "-y", is_flag=True, help="Do not ask for confirmation; needed where nobody can answer.")
@click.option(
    "--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True, help="Of what was done."
)
@color_option
def up(
    wanted: Wanted,
    root: Path,
    stack: str | None,
    closing: tuple[str, ...],
    policies: Callable[[Path], Policies],
    limits: Limits,
    retire: tuple[str, ...],
    form: str,
    *,
    refresh: bool,
    recover: bool,
    yes: bool,
) -> None:
    """Make Twilio as the manifests say, for all tenants or those chosen.

    Previews first and stops on an error, when a mandatory policy is violated, or when more would be deleted than the
    limits allow. Does what the preview showed and nothing else: what has changed since stops the run. One tenant that
    fails does not stop the others. What an `up` that was killed had made, and no manifest names, is shown and deleted
    too. Generations of keys that no manifest names any more are kept until their successor is delivered, works, and
    is as old as their overlap. Exit 0 if all is done, or nothing was to do; 1 on an error; 2 where a key was kept.
    """
    if not (yes or sys.stdin.isatty()):
        fail(NOBODY_TO_ASK)
    with end_on_errors():
        chosen = policies(root)
        opened = open_stack(root, stack, os.environ, closing=closing, recover=recover, retire=split(retire))
        refuse_early_closing(root, opened)
        refuse_vanished_holds(root, opened.loaded, remember=True)
        seen = describe_run(opened.loaded, opened.project.environ, policies_asked=chosen.asked)
        name = opened.project.stack
        tell_place(seen, name, form)
        tell_incidents = ask_for_incidents(opened.loaded.tenants)
        focus = find_run_focus(wanted, opened, closing)
        clock, clocks = (lambda: datetime.now(UTC)), (lambda: compare_clocks(os.environ))
        request = Request(opened, limits, refresh, chosen, clock, find_existing, clocks, seen)
        finished = run_up(request, focus, Screen(about=seen, stack=name, form=form, yes=yes, refresh=refresh))
    tell_incidents()
    notes = (api_line(finished.traffic, os.environ),) if finished.traffic.requests else ()
    answer(finished.outcome.model_copy(update={"notes": notes}), form)


@dataclass(frozen=True, kw_only=True)
class Screen(ProgressListener):
    """Shows an `up` as it goes on, and asks whether it may; where a program reads the output, on stderr."""

    about: About
    stack: str
    form: str
    yes: bool
    refresh: bool

    def show_messages(self, plan: Plan) -> None:
        """Print errors, violated policies and warnings."""
        tell_messages(plan)

    def say(self, text: str) -> None:
        """Print a sentence."""
        tell_lines([sentence(text)], err=self._is_aside)

    def show_plan(self, plan: PassPlan) -> None:
        """Print what would be done."""
        orphans = search_lines(plan.search) if plan.session else ()
        report = make_preview_report(plan.plan, self.stack, self.about, unread=plan.unread)
        tell_lines(map(sentence, orphans), err=self._is_aside)
        tell(as_text(report, layout(err=self._is_aside)), err=self._is_aside)
        if self.refresh and plan.thawing:
            self.say(thawing_text(plan.thawing))

    def agree(self) -> bool:
        """Ask whether it may be done."""
        return self.yes or click.confirm(f"Apply this to {place_text(self.about, self.stack)}?", err=True)

    @property
    def _is_aside(self) -> bool:
        return self.form != "text"


def answer(outcome: Outcome, form: str) -> NoReturn:
    """Print the report and end the command; where a comment is cut, the log gets all of it."""
    report = outcome_as_text(outcome, layout()) if form == "text" else FORMATS[form](outcome)
    tell(report)
    if LEFT_OUT in report:
        tell(outcome_as_text(outcome, layout(err=True)), err=True)
    elif form != "text":
        tell_lines([sentence(summary(outcome))], err=True)
    code = EXIT_CODES[outcome.result]
    raise SystemExit(KEPT if not code and outcome.kept_keys else code)
