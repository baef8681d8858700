"""What a receiver is configured by: its project, its stack, and the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from tenantry.manifest.project import require_stack
from tenantry.operations.caps.duty import Duty, open_duty
from tenantry.operations.error_events.keeping import KEEP_ERRORS, read_keep_days
from tenantry.operations.errors import OperationError
from tenantry.operations.ledger.opening import Place
from tenantry.operations.notices.send import Target, target_of

PROJECT = "TENANTRY_PROJECT"
STACK = "PULUMI_STACK"
SHADOW = "TENANTRY_SHADOW"
SWEEP = "TENANTRY_SWEEP_SECONDS"
KEEP_PERSONAL = "TENANTRY_ERRORS_KEEP_PERSONAL"
PAGE_TOKEN = "TENANTRY_PAGE_TOKEN"  # noqa: S105  # the variable's name
USAGE_SECRET = "TENANTRY_USAGE_SECRET"  # noqa: S105
SHORTEST = 16
"""Characters of a token or a secret."""
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
    keep_errors: timedelta = KEEP_ERRORS
    """So long error events are kept."""
    keeps_personal: bool = False
    """Whether error events are kept with numbers, texts and addresses."""
    page_tokens: tuple[str, ...] = field(default=(), repr=False)
    """Each opens the operators' page; without any there is none."""
    usage_secrets: tuple[str, ...] = field(default=(), repr=False)
    """The tokens of tenants are made from each; without any, no usage is shown."""
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
        shadow=_is_set(environ, SHADOW),
        page_tokens=_secrets(environ, PAGE_TOKEN),
        usage_secrets=_secrets(environ, USAGE_SECRET),
        keep_errors=read_keep_days(environ),
        keeps_personal=_is_set(environ, KEEP_PERSONAL),
        sweep_every=_sweep_every(environ.get(SWEEP, "").strip()),
    )


def settings_here() -> ReceiverSettings:
    """Read what this process's environment says; raises what settings_from does."""
    return settings_from(os.environ)


def _is_set(environ: Mapping[str, str], name: str) -> bool:
    return environ.get(name, "").strip().lower() not in ("", "0", "false")


def _secrets(environ: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Return the secrets of a variable, which holds two while one is changed: `new old`."""
    secrets = tuple(environ.get(name, "").split())
    if any(len(secret) < SHORTEST for secret in secrets):
        raise OperationError(
            f"{name} is too short: it needs at least {SHORTEST} characters, such as `openssl rand -hex 32`."
        )
    return secrets


def _sweep_every(written: str) -> timedelta:
    if not written:
        return SWEEP_EVERY
    if not written.isdecimal() or int(written) < 1:
        raise OperationError(f"{SWEEP} is '{written}', which is no number of seconds. Set it to 300, or unset it.")
    return timedelta(seconds=int(written))
