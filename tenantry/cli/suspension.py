"""What `suspend` and `resume` share: options, the ledger and the account, and how they end."""

import os
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from tenantry.cli.desk import by_option
from tenantry.cli.options import project_option, stack_option, without_state_option
from tenantry.cli.stack import fail
from tenantry.cli.state import open_with_state
from tenantry.cli.terminal import color_option, layout, tell
from tenantry.ledger.errors import LedgerError
from tenantry.ledger.values import StackRef
from tenantry.operations.ledger.opening import Place, open_for_facts
from tenantry.operations.suspensions.actions import Desk
from tenantry.operations.suspensions.values import REASONS_BY_HAND, SuspensionOutcome
from tenantry.reports.suspensions.as_json import as_json
from tenantry.reports.suspensions.as_text import as_text
from tenantry.twilio.errors import TwilioError
from tenantry.twilio.session import Session

UNDONE = "Nothing was written."
Act = Callable[[Desk], SuspensionOutcome]


def suspension_options(command: Callable[..., Act]) -> Callable[..., None]:
    """Give a command the shared options, run its act, print the outcome, and end with 1 if Twilio failed."""

    @click.argument("tenant")
    @click.option(
        "--reason",
        required=True,
        type=click.Choice(REASONS_BY_HAND),
        help="The reason; the ledger records each reason separately.",
    )
    @by_option
    @without_state_option
    @project_option
    @stack_option
    @click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
    @color_option
    @wraps(command)
    def with_desk(*, root: Path, stack: str | None, by: str, without_state: bool, form: str, **options: Any) -> None:
        act = command(**options)
        try:
            outcome = _run(act, root, stack, by, without_state=without_state)
        except TwilioError as error:
            fail(f"{error} {UNDONE}")
        except LedgerError as error:
            fail(str(error))
        tell(as_json(outcome) if form == "json" else as_text(outcome, layout()))
        raise SystemExit(1 if outcome.problem else 0)

    return with_desk


def _run(act: Act, root: Path, stack: str | None, by: str, *, without_state: bool) -> SuspensionOutcome:
    loaded, state = open_with_state(root, stack, without_state=without_state, undone=UNDONE)
    session = Session.from_env(os.environ)
    with open_for_facts(Place(root, loaded.stack, os.environ)) as ledger:
        whose = StackRef(session.parent_sid, loaded.stack.name or "")
        return act(Desk(ledger, whose, loaded, state, session, by))
