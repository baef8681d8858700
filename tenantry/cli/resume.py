"""`tenantry resume`: lift one reason of a suspension; the account is active again when none is left."""

import click

from tenantry.cli.suspension import Act, suspension_options
from tenantry.operations.suspensions.actions import resume_tenant
from tenantry.operations.suspensions.values import ReasonByHand


@click.command()
@suspension_options
def resume(tenant: str, reason: ReasonByHand) -> Act:
    """Lift one reason of the suspension of TENANT. Its account becomes active only when no reason is left."""
    return lambda desk: resume_tenant(desk, tenant, reason)
