"""The program that Pulumi runs: the fleet first, then a component for each tenant."""

import asyncio

import pulumi

from tenantry.plugin.early_start import begin_program

begin_program()  # here: Pulumi starts the plugin while the rest is imported

from components.tenant import Tenant  # noqa: E402
from tenantry.providers.program import this_run  # noqa: E402


async def main() -> None:
    """Register the tenants of this run."""
    run = this_run()
    await run.fleet()
    for manifest in run.tenants:
        Tenant(manifest, run)
        await asyncio.sleep(0)  # lets Pulumi send what is registered: several times faster in a large stack


pulumi.run(main)
