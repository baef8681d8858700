"""`tenantry up`: make Twilio as the manifests say."""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import reduce
from pathlib import Path
from typing import NoReturn

import click

from tenantry.cli.applying import applied
from tenantry.cli.closing import ClosingError, look_at_unused
from tenantry.cli.focus import Focus, focus_of
from tenantry.cli.options import Wanted, limits_options, project_option, stack_option, tenants_options
from tenantry.cli.planning import Asked, Planned, StoppedError, opened_for_a_run, planned
from tenantry.cli.policies import Policies, policies_options
from tenantry.cli.recovering import recover_option, recovering
from tenantry.cli.run import INTERRUPTED, end_if_interrupted, tell_messages
from tenantry.cli.stack import about_run, close_option, fail, open_stack, refresh_option, tell_place
from tenantry.cli.terminal import color_option, layout, tell, tell_lines
from tenantry.cli.traffic import api_line
from tenantry.cli.twilio_time import compare_clocks
from tenantry.engine.events.event import Diagnostic
from tenantry.engine.events.plan import plan_of
from tenantry.engine.run.focus import fits
from tenantry.engine.run.safety import Limits
from tenantry.reports.about import About
from tenantry.reports.changes.lines import some
from tenantry.reports.leftovers.words import looked_lines
from tenantry.reports.outcome.as_markdown import LEFT_OUT
from tenantry.reports.outcome.as_text import as_text as outcome_as_text
from tenantry.reports.outcome.formats import FORMATS
from tenantry.reports.outcome.gather import Pass, outcome_of
from tenantry.reports.outcome.values import Outcome
from tenantry.reports.outcome.words import summary
from tenantry.reports.preview.as_text import as_text
from tenantry.reports.preview.gather import preview_of
from tenantry.text.wrapped import sentence
from tenantry.twilio.http.traffic import Traffic

NOBODY_TO_ASK = (
    "`tenantry up` asks before it changes anything, and there is nobody to ask: standard input is no terminal. Nothing "
    "was looked at, nothing was begun. See with `tenantry preview` what would change, then run again with --yes."
)
THAWING = (
    "Made active: {}. What is in their accounts can't be seen before: when they are active, this run looks at it and "
    "goes on, within the same limits."
)
NOT_SEEN = "Made active, but what is in their accounts was not brought to what the manifests say: {}. {}"
EXIT_CODES = {"done": 0, "failed": 1, "interrupted": INTERRUPTED}


@click.command()
@tenants_options
@project_option
@stack_option
@refresh_option
@close_option
@recover_option
@policies_options
@limits_options
@click.option("--yes", "-y", is_flag=True, help="Do not ask; needed where nobody can answer.")
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
    too. Exit 0 if all is done, or nothing was to do; 1 on an error.
    """
    if not (yes or sys.stdin.isatty()):
        fail(NOBODY_TO_ASK)
    chosen = policies(root)
    opened = recovering(open_stack(root, stack, closing), recover=recover)
    told = about_run(opened, policies_asked=chosen.asked)
    tell_place(opened, told, form)
    focus = focus_of(wanted, opened, closing)
    if focus is not None and not focus:
        _end((), opened.project.stack, told, form)
    with opened_for_a_run(opened) as ready:
        asked = Asked(ready, limits, refresh, chosen, lambda: datetime.now(UTC), told, compare_clocks)
        _run(asked, focus, form, yes=yes)


def _run(asked: Asked, focus: Focus, form: str, *, yes: bool) -> NoReturn:
    """Show what would be done, ask, do it, and end the command."""
    try:
        first = planned(asked, focus)
        end_if_interrupted(first.previewed)
        if refused := _refusal(asked, first):
            fail(refused)
        tell_lines(map(sentence, look_at_unused(asked.opened)), err=form != "text")
        _tell(asked, first, form)
        if first.is_empty and not asked.refresh:
            _end([Pass(first.plan, first.left_out, traffic=first.traffic)], asked.project.stack, asked.about, form)
        if not (yes or click.confirm(f"Apply this to {asked.about.place(asked.project.stack)}?", err=True)):
            fail("Nothing was changed.")
        done = applied(asked, first)
    except (StoppedError, ClosingError) as error:
        fail(str(error))
    _end([done, *_again(asked, first, done, form)], asked.project.stack, asked.about, form)


def answer(outcome: Outcome, form: str) -> NoReturn:
    """Print the report and end the command; what a comment has no room for is nowhere else, so the log has it all."""
    told = outcome_as_text(outcome, layout()) if form == "text" else FORMATS[form](outcome)
    tell(told)
    if LEFT_OUT in told:
        tell(outcome_as_text(outcome, layout(err=True)), err=True)
    elif form != "text":
        tell_lines([sentence(summary(outcome))], err=True)
    raise SystemExit(EXIT_CODES[outcome.result])


def _refusal(asked: Asked, plan: Planned) -> str | None:
    """Tell the messages of a preview; return why it may not be applied, None if it may."""
    tell_messages(replace(plan.plan, errors=(*plan.unread, *plan.plan.errors)))
    if plan.plan.errors or plan.previewed.exit_code or not plan.previewed.is_whole:
        return "Nothing was changed."
    return plan.refusal(asked.limits)


def _tell(asked: Asked, plan: Planned, form: str) -> None:
    """Print what would be done."""
    err = form != "text"
    leftovers = looked_lines(plan.looked) if plan.session else ()
    thawing = [THAWING.format(some(sorted(plan.thawing)))] if asked.refresh and plan.thawing else []
    report = preview_of(plan.plan, asked.project.stack, asked.about, unread=plan.unread)
    tell_lines(map(sentence, leftovers), err=err)
    tell(as_text(report, layout(err=err)), err=err)
    tell_lines(map(sentence, thawing), err=err)


def _again(asked: Asked, first: Planned, done: Pass, form: str) -> Iterator[Pass]:
    """Yield one more pass, for the tenants whose accounts were not active when the first one looked, and are now."""
    awake = first.thawing & {step.name for step in done.applied.done}
    if not (asked.refresh and awake) or done.interrupted or done.is_cut_off:
        return
    try:
        second = planned(asked, awake if fits(awake) else None)
        refused = _refusal(asked, second)
        if refused or second.previewed.interrupted:
            interrupted = second.previewed.interrupted
            told = () if interrupted else (_not_seen(awake, str(refused)),)
            yield Pass(second.plan, told, exit_code=1, interrupted=interrupted, traffic=second.traffic)
            return
        _tell(asked, second, form)
        last = applied(asked, second)
        yield last if last.interrupted or last.is_cut_off else replace(last, settles=awake)
    except StoppedError as error:
        yield Pass(plan_of(()), (_not_seen(awake, str(error)),), exit_code=1)


def _not_seen(slugs: frozenset[str], why: str) -> Diagnostic:
    return Diagnostic("error", "", NOT_SEEN.format(some(sorted(slugs)), why))


def _end(passes: Sequence[Pass], stack: str, told: About, form: str) -> NoReturn:
    """Print what was done and end the command."""
    traffic = reduce(Traffic.then, (one.traffic for one in passes), Traffic())
    answer(outcome_of(passes, stack, [api_line(traffic)] if traffic.requests else [], told), form)
