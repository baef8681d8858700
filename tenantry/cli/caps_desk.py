"""What commands about caps share: the stack's ledger and Twilio, and how errors end them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tenantry.cli.stack import fail
from tenantry.ledger.errors import LedgerError
from tenantry.manifest.problem import ManifestError
from tenantry.manifest.project import require_stack
from tenantry.model.project import Stack
from tenantry.operations.caps.duty import Duty, open_duty
from tenantry.operations.errors import OperationError
from tenantry.operations.ledger.opening import Place
from tenantry.twilio.errors import TwilioError


@dataclass(frozen=True)
class CapsDesk:
    """A stack, its ledger and its Twilio."""

    stack: Stack
    duty: Duty

    @property
    def name(self) -> str:
        return self.stack.name or ""


@contextmanager
def open_caps(root: Path, stack: str | None) -> Iterator[CapsDesk]:
    """Yield what a command needs; an error of the project, the ledger or Twilio ends the command."""
    try:
        settings = require_stack(root, stack or os.environ.get("PULUMI_STACK"))
        yield CapsDesk(settings, open_duty(Place(root, settings, os.environ), settings.parent))
    except (LedgerError, ManifestError, OperationError, TwilioError) as error:
        fail(str(error))
