"""`tenantry retain`: what is too old by the manifests' retention, and deleting it with proof."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import click

from tenantry.cli.interrupted import end_interrupted
from tenantry.cli.options import choose_names, only_option, project_option, stack_option, without_state_option
from tenantry.cli.retain_audit import AuditOptions, audit_options, refuse_audit_mixture, run_audit
from tenantry.cli.stack import end_on_errors, fail
from tenantry.cli.state import open_with_state
from tenantry.cli.terminal import color_option, count_on_line, layout, tell
from tenantry.cli.traffic import tell_traffic
from tenantry.ledger.errors import LedgerError
from tenantry.operations.health.rollup import read_settled_days
from tenantry.operations.ledger.opening import Place, open_for_facts, open_for_readings
from tenantry.operations.retention.guards import Limits
from tenantry.operations.retention.ledger_thread import LedgerThread, open_in_thread
from tenantry.operations.retention.story import Asked, Desk, look_at_records, retain_records
from tenantry.operations.retention.targets import Shard, read_shard
from tenantry.operations.retention.values import RetentionReport
from tenantry.operations.stack.focus import refuse_unknown
from tenantry.reports.retention.as_html import as_html
from tenantry.reports.retention.as_json import as_json
from tenantry.reports.retention.as_text import as_text
from tenantry.twilio.errors import TwilioError
from tenantry.twilio.session import Session

UNDONE = "Nothing was deleted."


@dataclass(frozen=True)
class _Options:
    """What a run was asked for."""

    root: Path
    stack: str | None
    names: tuple[str, ...]
    shard: Shard | None
    limits: Limits
    apply: bool
    whole: bool
    without_state: bool


def _limits_options(command: Callable[..., None]) -> Callable[..., None]:
    number = click.option(
        "--max-deletes",
        type=click.IntRange(0),
        default=Limits.deletes,
        show_default=True,
        help="With --apply: the most records of the run; if more are due, none is deleted.",
    )
    percent = click.option(
        "--max-deletes-percent",
        type=click.IntRange(0, 100),
        default=Limits.percent,
        show_default=True,
        help="The most of a tenant's records of one kind; a rule that would delete more is left out.",
    )
    return number(percent(command))


@click.command()
@click.argument("slugs", nargs=-1, metavar="[TENANT]...")
@only_option
@click.option("--apply", "is_applied", is_flag=True, help="Delete what is due; without this it is a dry run.")
@_limits_options
@click.option("--shard", metavar="N/OF", help="A part of the tenants, such as 3/8, by their slugs alone.")
@click.option("--whole", is_flag=True, help="Look at every record, not once a week only.")
@audit_options
@without_state_option
@project_option
@stack_option
@click.option("--format", "form", type=click.Choice(["text", "json", "html"]), default="text", show_default=True)
@color_option
def retain(
    slugs: tuple[str, ...],
    only: tuple[str, ...],
    shard: str | None,
    root: Path,
    stack: str | None,
    form: str,
    **options: Any,
) -> None:
    """Show which records are too old by each tenant's retention; with --apply delete or redact exactly these.

    What was done is in the ledger. Exit 2 where something is due or was left out, 1 where something failed.
    """
    names = choose_names(slugs, only)
    audit = AuditOptions(**{name: options[name] for name in AuditOptions.__annotations__})
    refuse_audit_mixture(audit, apply=options["is_applied"], form=form)
    if audit.is_asked:
        with end_on_errors():
            run_audit(root, stack, names, audit, form)
        return
    with end_on_errors():
        part = read_shard(shard) if shard else None
    asked = _Options(
        *(root, stack, names, part, Limits(options["max_deletes"], options["max_deletes_percent"])),
        apply=options["is_applied"],
        whole=options["whole"],
        without_state=options["without_state"],
    )
    _run(asked, form)


def _run(asked: _Options, form: str) -> None:
    loaded, state = open_with_state(asked.root, asked.stack, without_state=asked.without_state, undone=UNDONE)
    with end_on_errors():
        refuse_unknown(loaded, asked.names)
    try:
        session = Session.from_env(os.environ)
        with (
            end_on_errors(),
            open_retention_ledger(Place(asked.root, loaded.stack, os.environ), is_applied=asked.apply) as ledger,
        ):
            desk = Desk(asked.root, loaded, state, session, ledger, partial(read_settled_days, session))
            report = _retain(desk, asked)
    except TwilioError as error:
        fail(f"{error} {UNDONE}")
    except LedgerError as error:
        fail(str(error))
    except KeyboardInterrupt:
        end_interrupted(is_applied=asked.apply)
    text = _render(report, form)
    tell(text, nl=not text.endswith("\n"))
    tell_traffic(session.traffic)
    raise SystemExit(report.exit_code)


@contextmanager
def open_retention_ledger(place: Place, *, is_applied: bool) -> Iterator[LedgerThread | None]:
    """Open the ledger; a dry run of a stack that names none does without its marks."""
    if place.stack.ledger is None and not is_applied:
        yield None
        return
    with open_in_thread(lambda: open_for_facts(place) if is_applied else open_for_readings(place)) as ledger:
        yield ledger


def _retain(desk: Desk, asked: _Options) -> RetentionReport:
    wanted = Asked(frozenset(asked.names) or None, asked.shard, asked.limits, asked.whole)
    if not asked.apply:
        return look_at_records(desk, wanted)
    with count_on_line("records deleted") as on_records:
        return retain_records(desk, wanted, on_records)


def _render(report: RetentionReport, form: str) -> str:
    match form:
        case "json":
            return as_json(report)
        case "html":
            return as_html(report)
        case _:
            return as_text(report, layout())
