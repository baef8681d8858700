"""`tenantry erase`: the records of one person, at the tenants that are named."""

import os
from pathlib import Path
from typing import TextIO

import click

from tenantry.cli.interrupted import end_interrupted
from tenantry.cli.options import project_option, split, stack_option, without_state_option
from tenantry.cli.retain import UNDONE, open_retention_ledger
from tenantry.cli.stack import end_on_errors, fail
from tenantry.cli.state import open_with_state
from tenantry.cli.terminal import color_option, layout, tell
from tenantry.cli.traffic import tell_traffic
from tenantry.ledger.errors import LedgerError
from tenantry.operations.erasure.person import KEY, read_person, require_key
from tenantry.operations.erasure.story import Erasure, erase_person, look_for_person
from tenantry.operations.erasure.values import ErasureReport
from tenantry.operations.ledger.opening import Place
from tenantry.operations.retention.guards import Limits
from tenantry.operations.retention.story import Desk
from tenantry.operations.stack.focus import refuse_unknown
from tenantry.reports.erasure.as_json import as_json
from tenantry.reports.erasure.as_text import as_text
from tenantry.twilio.errors import TwilioError
from tenantry.twilio.session import Session

MOST = 1_000
"""The most records of a person that are deleted without saying so: one with more is rather a number of a business."""


@click.command()
@click.argument("slugs", nargs=-1, required=True, metavar="TENANT...")
@click.option(
    "--number-from",
    "file",
    type=click.File("r", encoding="utf-8"),
    required=True,
    metavar="FILE",
    help="A file with the number, such as +14155550100; - is standard input. Never an argument, which others see.",
)
@click.option("--apply", "is_applied", is_flag=True, help=f"Delete what was found; needs {KEY}.")
@click.option("--max-deletes", type=click.IntRange(0), default=MOST, show_default=True, help="The most records.")
@without_state_option
@project_option
@stack_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@color_option
def erase(
    slugs: tuple[str, ...],
    file: TextIO,
    max_deletes: int,
    root: Path,
    stack: str | None,
    form: str,
    *,
    is_applied: bool,
    without_state: bool,
) -> None:
    """Show the records of one person at these tenants; with --apply delete them.

    Messages with media, calls, their recordings and transcriptions. Guards and audit are those of `tenantry retain`.
    """
    names = split(slugs)
    if not names:
        raise click.UsageError("No tenant is named; each decides for itself.")
    with end_on_errors():
        person = read_person(file)
        key = require_key(os.environ) if is_applied else os.environ.get(KEY) or None
    loaded, state = open_with_state(root, stack, without_state=without_state, undone=UNDONE)
    with end_on_errors():
        refuse_unknown(loaded, names)
    asked = Erasure(person, frozenset(names), key, Limits(max_deletes, 100))
    try:
        session, place = Session.from_env(os.environ), Place(root, loaded.stack, os.environ)
        with end_on_errors(), open_retention_ledger(place, is_applied=is_applied) as ledger:
            desk = Desk(root, loaded, state, session, ledger)
            report: ErasureReport = erase_person(desk, asked) if is_applied else look_for_person(desk, asked)
    except TwilioError as error:
        fail(f"{error} {UNDONE}")
    except LedgerError as error:
        fail(str(error))
    except KeyboardInterrupt:
        end_interrupted(is_applied=is_applied)
    tell(as_json(report) if form == "json" else as_text(report, layout()))
    tell_traffic(session.traffic)
    raise SystemExit(report.exit_code)
