"""`tenantry offboard`: where a customer that leaves stands, and what is next."""

import os
from functools import partial
from pathlib import Path

import click

from tenantry.cli.desk import by_option
from tenantry.cli.interrupted import end_interrupted
from tenantry.cli.options import project_option, stack_option, without_state_option
from tenantry.cli.retain import UNDONE
from tenantry.cli.stack import end_on_errors, fail
from tenantry.cli.state import open_with_state
from tenantry.cli.terminal import color_option, layout, tell
from tenantry.cli.traffic import tell_traffic
from tenantry.ledger.errors import LedgerError
from tenantry.operations.health.rollup import read_settled_days
from tenantry.operations.ledger.opening import Place, open_for_facts
from tenantry.operations.offboarding.story import Leaving, confirm_step, delete_and_read_again, look_at_leaving
from tenantry.operations.offboarding.values import CONFIRMABLE, Confirmable, OffboardingReport
from tenantry.operations.retention.guards import Limits
from tenantry.operations.retention.ledger_thread import open_in_thread
from tenantry.operations.retention.story import Desk
from tenantry.operations.stack.focus import refuse_unknown
from tenantry.reports.offboarding.as_html import as_html
from tenantry.reports.offboarding.as_json import as_json
from tenantry.reports.offboarding.as_text import as_text
from tenantry.twilio.errors import TwilioError
from tenantry.twilio.session import Session


@click.command()
@click.argument("slug", metavar="TENANT")
@click.option(
    "--apply", "is_applied", is_flag=True, help="Delete its secrets in sinks and every record, and read again."
)
@click.option("--confirm", "step", type=click.Choice(CONFIRMABLE), help="Record a step that nobody can read.")
@click.option("--ref", metavar="REF", help="With --confirm: your reference, such as a ticket.")
@click.option("--max-deletes", type=click.IntRange(0), default=Limits.deletes, show_default=True, help="Of records.")
@by_option
@without_state_option
@project_option
@stack_option
@click.option("--format", "form", type=click.Choice(["text", "json", "html"]), default="text", show_default=True)
@color_option
def offboard(
    slug: str,
    step: Confirmable | None,
    ref: str | None,
    max_deletes: int,
    by: str,
    root: Path,
    stack: str | None,
    form: str,
    *,
    is_applied: bool,
    without_state: bool,
) -> None:
    """Show where TENANT, which leaves, stands: each step, what was read, and what is next. Closing is `up --close`.

    Exit 0 where all is done, 2 where a step is open, 1 where one failed.
    """
    if (step is None) != (not (ref or "").strip()) or (step and is_applied):
        raise click.UsageError("--confirm and --ref go together, and without --apply.")
    loaded, state = open_with_state(root, stack, without_state=without_state, undone=UNDONE, has_rows=True)
    with end_on_errors():
        refuse_unknown(loaded, (slug,))
    leaving = Leaving(slug, by, Limits(max_deletes, 100))
    try:
        session, place = Session.from_env(os.environ), Place(root, loaded.stack, os.environ)
        with end_on_errors(), open_in_thread(lambda: open_for_facts(place)) as ledger:
            desk = Desk(root, loaded, state, session, ledger, partial(read_settled_days, session))
            report = _offboard(desk, leaving, step, ref or "", is_applied=is_applied)
    except TwilioError as error:
        fail(f"{error} {UNDONE}")
    except LedgerError as error:
        fail(str(error))
    except KeyboardInterrupt:
        end_interrupted(is_applied=is_applied)
    tell(_render(report, form))
    tell_traffic(session.traffic)
    raise SystemExit(report.exit_code)


def _offboard(
    desk: Desk, leaving: Leaving, step: Confirmable | None, ref: str, *, is_applied: bool
) -> OffboardingReport:
    if step is not None:
        return confirm_step(desk, leaving, step, ref.strip())
    return delete_and_read_again(desk, leaving) if is_applied else look_at_leaving(desk, leaving)


def _render(report: OffboardingReport, form: str) -> str:
    match form:
        case "json":
            return as_json(report)
        case "html":
            return as_html(report)
        case _:
            return as_text(report, layout())
