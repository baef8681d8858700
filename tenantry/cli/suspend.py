"""`tenantry suspend`: suspend a tenant's account for a reason, which the ledger records."""

from datetime import datetime

import click

from tenantry.cli.options import refuse_blank
from tenantry.cli.suspension import Act, suspension_options
from tenantry.operations.suspensions.actions import Asked, suspend_tenant
from tenantry.operations.suspensions.values import ReasonByHand


@click.command()
@click.option("--ref", required=True, callback=refuse_blank, help="Your reference, such as an invoice or a ticket.")
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help="The day on which the suspension is meant to end; only `tenantry resume` ends it.",
)
@suspension_options
def suspend(tenant: str, reason: ReasonByHand, ref: str, until: datetime | None) -> Act:
    """Suspend TENANT: no calls and no messages, in or out, until every reason is lifted.

    Tenantry first records the reason, then suspends the account in Twilio. After a failure, run the command again.
    """
    asked = Asked(tenant, reason, ref, until.date() if until else None)
    return lambda desk: suspend_tenant(desk, asked)
