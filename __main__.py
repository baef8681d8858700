"""The program that Pulumi runs: the fleet first, then a component for each tenant."""

import asyncio

import pulumi

from tenantry.plugin.early_start import begin_program


async def main() -> None:
    """Register the tenants of this run."""
    begin_program()
    # Not above: Pulumi starts the plugin while these are imported.
    from components.tenant import Tenant
    from tenantry.providers.program import this_run

    run = this_run()
    await run.fleet()
    for manifest in run.tenants:
        Tenant(manifest, run)
        await asyncio.sleep(0)  # lets Pulumi send what is registered: several times faster in a large stack


pulumi.run(main)
