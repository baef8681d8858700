"""`tenantry sync`: write for the receiver how tenants stand, after a plain `pulumi up`."""

import os
from pathlib import Path

import click

from tenantry.cli.caps import format_option
from tenantry.cli.options import project_option, stack_option
from tenantry.cli.stack import end_on_errors, fail
from tenantry.cli.terminal import color_option, layout, tell
from tenantry.ledger.errors import LedgerError
from tenantry.operations.caps.after_up import write_standing
from tenantry.operations.stack.open import open_stack
from tenantry.reports.caps.as_json import as_json
from tenantry.reports.caps.as_text import sync_as_text
from tenantry.twilio.errors import TwilioError


@click.command()
@project_option
@stack_option
@format_option
@color_option
def sync(root: Path, stack: str | None, form: str) -> None:
    """Write what the receiver needs of tenants into the ledger: accounts, caps, URLs. `tenantry up` does it by itself.

    Reads the state and the manifests; asks Twilio nothing.
    """
    with end_on_errors():
        opened = open_stack(root, stack, os.environ)
        try:
            report = write_standing(opened)
        except (LedgerError, TwilioError) as error:
            fail(str(error))
    tell(as_json(report) if form == "json" else sync_as_text(report, layout()))
