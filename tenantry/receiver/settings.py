"""What a receiver is configured by: its project, its stack, and the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from tenantry.manifest.project import require_stack
from tenantry.operations.caps.duty import Duty, open_duty
from tenantry.operations.errors import OperationError
from tenantry.operations.ledger.opening import Place
from tenantry.operations.notices.send import Target, target_of

PROJECT = "TENANTRY_PROJECT"
STACK = "PULUMI_STACK"
SHADOW = "TENANTRY_SHADOW"
SWEEP = "TENANTRY_SWEEP_SECONDS"
SWEEP_EVERY = timedelta(minutes=5)
BODY_SECONDS = 5.0


@dataclass(frozen=True)
class ReceiverSettings:
    """What a receiver does, and for whom."""

    duty: Duty
    target: Target | None
    """Where notices go; None: they are kept in the ledger."""
    shadow: bool = False
    """Whether it only writes down what it would do."""
    sweep_every: timedelta = SWEEP_EVERY
    pause: timedelta = timedelta(seconds=1)
    """So long its threads rest where nothing wakes them."""
    body_seconds: float = BODY_SECONDS
    """So long a body may take to arrive."""
    runs_jobs: bool = True
    """Whether it does the rest too; without, `tenantry sweep` does."""


def settings_from(environ: Mapping[str, str]) -> ReceiverSettings:
    """Read what the environment and its project say.

    Raises ManifestError, CredentialsMissing, WrongParent, LedgerError and OperationError.
    """
    root = Path(environ.get(PROJECT) or Path.cwd())
    stack = require_stack(root, environ.get(STACK) or None)
    duty = open_duty(Place(root, stack, environ), stack.parent)
    duty.open_ledger().close()
    return ReceiverSettings(
        duty=duty,
        target=target_of(stack.notices, environ),
        shadow=environ.get(SHADOW, "").strip().lower() not in ("", "0", "false"),
        sweep_every=_sweep_every(environ.get(SWEEP, "").strip()),
    )


def settings_here() -> ReceiverSettings:
    """Read what this process's environment says; raises what settings_from does."""
    return settings_from(os.environ)


def _sweep_every(written: str) -> timedelta:
    if not written:
        return SWEEP_EVERY
    if not written.isdecimal() or int(written) < 1:
        raise OperationError(f"{SWEEP} is '{written}', which is no number of seconds. Set it to 300, or unset it.")
    return timedelta(seconds=int(written))
