"""What `up` writes for the receiver: who is kept suspended before it suspends them, and how all stand at its end."""

from collections.abc import Mapping
from dataclasses import dataclass

from tenantry.engine.run.command import CommandError
from tenantry.engine.state.deployment import load_state
from tenantry.ledger.errors import LedgerError
from tenantry.ledger.values import StackRef
from tenantry.manifest.git import commit_of
from tenantry.manifest.load import Loaded
from tenantry.model.tenant_standing import suspends_any
from tenantry.operations.caps.sync import sync_kept, sync_standing
from tenantry.operations.caps.values import SyncReport
from tenantry.operations.errors import StoppedError
from tenantry.operations.ledger.opening import Place, open_for_readings
from tenantry.operations.stack.focus import Focus
from tenantry.operations.stack.open import Opened
from tenantry.twilio.credentials import SID

NOT_WRITTEN = (
    "How tenants stand was not written for the receiver: {} Run `tenantry sync` when that is mended; until then caps "
    "are those of the last run."
)


@dataclass(frozen=True)
class StandingOutcome:
    """What became of writing how tenants stand: why it failed, if it did, and whether that fails the run."""

    problem: str | None = None
    is_failure: bool = False


def write_standing(opened: Opened, focus: Focus = None) -> SyncReport:
    """Write how tenants stand, after a run that was for some of them or for all; raises LedgerError, StoppedError."""
    try:
        state = load_state(opened.project)
    except CommandError as error:
        raise StoppedError(f"{error}\nNothing was written.") from error
    commit = commit_of(opened.project.folder)
    stack = _stack_of(opened.loaded, opened.project.environ)
    with open_for_readings(_place(opened)) as ledger:
        synced = sync_standing(ledger, stack, opened.loaded, state, commit, focus)
    return SyncReport(
        stack=stack.stack,
        commit=commit,
        tenants=synced.tenants,
        caps=synced.caps,
        without_account=synced.without_account,
    )


def write_standing_after_up(opened: Opened, focus: Focus) -> StandingOutcome:
    """Write how all tenants stand, where the stack has a ledger; a failure fails the run only if a cap suspends."""
    if opened.loaded.stack.ledger is None:
        return StandingOutcome()
    try:
        write_standing(opened, focus)
    except (LedgerError, StoppedError) as error:
        return StandingOutcome(NOT_WRITTEN.format(error), suspends_any(opened.loaded.tenants.values()))
    return StandingOutcome()


def write_kept_before_up(opened: Opened) -> None:
    """Write whom manifests keep suspended, before a run suspends them.

    What fails here fails again in `write_standing_after_up`, which reports it.
    """
    if opened.loaded.stack.ledger is None:
        return
    try:
        with open_for_readings(_place(opened)) as ledger:
            sync_kept(ledger, _stack_of(opened.loaded, opened.project.environ), opened.loaded)
    except LedgerError:
        return


def _place(opened: Opened) -> Place:
    return Place(opened.project.folder, opened.loaded.stack, opened.project.environ)


def _stack_of(loaded: Loaded, environ: Mapping[str, str]) -> StackRef:
    parent = loaded.stack.parent or environ.get(SID, "").strip()
    if not parent:
        raise StoppedError(f"Whose tenants these are is not known: set {SID}, or `parent` of the stack.")
    return StackRef(parent, loaded.stack.name or "")
