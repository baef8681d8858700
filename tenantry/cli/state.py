"""What commands read before they ask Twilio about tenants."""

import os
from pathlib import Path

from tenantry.cli.stack import end_on_errors
from tenantry.engine.state.deployment import StateResource
from tenantry.manifest.load import Loaded
from tenantry.operations.stack.open import WITHOUT_STATE, load_manifests, name_stack, open_stack, read_state_of

State = tuple[StateResource, ...] | None


def open_with_state(
    root: Path, stack: str | None, *, without_state: bool, undone: str, has_rows: bool = False
) -> tuple[Loaded, State]:
    """Return the manifests and the state; without a state no engine is needed.

    If the command uses the stack's rows of the ledger (`has_rows`), the name of the project's stack is needed even
    without a state. An error ends the command, with `undone`, which says what was not done.
    """
    with end_on_errors():
        if without_state:
            named = name_stack(root, stack, os.environ) if has_rows else stack or os.environ.get("PULUMI_STACK")
            return load_manifests(root, named), None
        opened = open_stack(root, stack, os.environ)
        return opened.loaded, read_state_of(opened, undone, WITHOUT_STATE)
