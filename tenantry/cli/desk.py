"""What commands need that write facts by hand: the manifests, the ledger, and who it is."""

import getpass
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from tenantry.cli.stack import fail
from tenantry.ledger.connection import Ledger
from tenantry.ledger.errors import LedgerError
from tenantry.ledger.values import StackRef
from tenantry.manifest.load import load_or_refuse
from tenantry.manifest.problem import ManifestError
from tenantry.model.tenant import Tenant
from tenantry.operations.billing.whose import refuse_other_name
from tenantry.operations.errors import StoppedError
from tenantry.operations.ledger.opening import Place, open_for_facts
from tenantry.operations.stack.open import name_stack
from tenantry.twilio.errors import TwilioError
from tenantry.twilio.session import Session

by_option = click.option(
    "--by",
    metavar="WHO",
    default=getpass.getuser,
    show_default="the user who is logged in",
    help="Who does it; the ledger keeps the name.",
)


@dataclass(frozen=True)
class OpenDesk:
    """An open ledger, whose rows these are, and the tenants of the stack."""

    ledger: Ledger
    stack: StackRef
    tenants: Mapping[str, Tenant]


@contextmanager
def open_desk(root: Path, stack: str | None) -> Iterator[OpenDesk]:
    """Yield what a command needs; an error of the manifests, the stack or the ledger ends the command."""
    try:
        loaded = load_or_refuse(root, name_stack(root, stack, os.environ))
        parent = loaded.stack.parent or Session.from_env(os.environ).parent_sid
        with open_for_facts(Place(root, loaded.stack, os.environ)) as ledger:
            whose = StackRef(parent, loaded.stack.name or "")
            refuse_other_name(ledger, whose)
            yield OpenDesk(ledger, whose, loaded.tenants)
    except (LedgerError, ManifestError, StoppedError, TwilioError) as error:
        fail(str(error))
