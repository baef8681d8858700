"""What the ledger remembers of holds and of customers that leave, asked before `preview` and `up` begin."""

import os
from collections.abc import Collection
from pathlib import Path

from tenantry.cli.stack import fail, warn
from tenantry.ledger.errors import LedgerError
from tenantry.manifest.load import Loaded
from tenantry.operations.ledger.opening import Place
from tenantry.operations.offboarding.closing import find_unread
from tenantry.operations.retention.hold_check import find_vanished_holds, remember_in_ledger

UNASKED = "The ledger was not asked for holds, only the state is: {}"


def refuse_vanished_holds(root: Path, loaded: Loaded, *, remember: bool, closing: Collection[str] = ()) -> None:
    """End the command where a hold of the ledger vanished from the manifests, or an account may not be closed yet.

    `remember` writes new holds into the ledger; `closing` are the tenants whose accounts are to be closed.

    A ledger that can't be asked stops no run: the fleet's record in the state knows of each hold that an `up` saw.
    """
    place = Place(root, loaded.stack, os.environ)
    try:
        vanished = (*find_vanished_holds(place, loaded), *find_unread(place, loaded, closing))
        if remember and not vanished:
            remember_in_ledger(place, loaded)
    except LedgerError as error:
        warn(UNASKED.format(error))
        return
    if vanished:
        fail("\n".join((*vanished, "Nothing was changed.")))
