"""What the ledger remembers of holds and of customers that leave, asked before `preview` and `up` begin."""

import os
from datetime import UTC, datetime
from pathlib import Path

from tenantry.cli.stack import fail, warn
from tenantry.engine.run.command import CommandError
from tenantry.engine.run.focus import CLOSING_VARIABLE, closing_in
from tenantry.engine.state.deployment import load_state
from tenantry.ledger.errors import LedgerError
from tenantry.manifest.load import Loaded
from tenantry.operations.ledger.opening import Place
from tenantry.operations.stack.open import Opened
from tenantry.twilio.errors import TwilioError

UNASKED = "The ledger was not asked for holds, only the state is: {}"


def refuse_vanished_holds(root: Path, loaded: Loaded, *, remember: bool) -> None:
    """End the command where a hold of the ledger vanished from the manifests; `remember` writes new ones into it.

    A ledger that can't be asked stops no run: the fleet's record in the state knows of each hold that an `up` saw.
    """
    if loaded.stack.ledger is None:
        return
    # Not above: what holds and closings need is a fifth of the imports of each preview, and most stacks have no ledger.
    from tenantry.operations.retention.hold_check import find_vanished_holds, remember_in_ledger

    place = Place(root, loaded.stack, os.environ)
    try:
        vanished = find_vanished_holds(place, loaded)
        if remember and not vanished:
            remember_in_ledger(place, loaded, datetime.now(UTC).date())
    except LedgerError as error:
        warn(UNASKED.format(error))
        return
    if vanished:
        fail("\n".join((*vanished, "Nothing was changed.")))


def refuse_early_closing(root: Path, opened: Opened) -> None:
    """End the command where an account that is to be closed may not be yet, or the ledger that knows can't be asked."""
    closing = closing_in(opened.project.environ.get(CLOSING_VARIABLE, ""))
    if not closing:
        return
    from tenantry.operations.offboarding.closing import find_unread

    place = Place(root, opened.loaded.stack, os.environ)
    try:
        unread = find_unread(place, opened.loaded, closing, lambda: load_state(opened.project))
    except (LedgerError, CommandError, TwilioError) as error:
        fail(str(error))
    if unread:
        fail("\n".join((*unread, "Nothing was changed.")))
