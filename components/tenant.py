"""The component of one customer."""

import pulumi

from tenantry.model.tenant import Tenant as Manifest
from tenantry.providers.program import Run, register
from tenantry.providers.resource import no_stack_trace


class Tenant(pulumi.ComponentResource):
    """Everything that one customer has. Add resources of your own here, such as a bucket or a DNS name."""

    def __init__(self, manifest: Manifest, run: Run, opts: pulumi.ResourceOptions | None = None) -> None:
        slug = manifest.tenant
        with no_stack_trace():
            super().__init__("tenantry:index:Tenant", slug, None, opts)
        resources = register(run.resources(manifest), self, run.parent)
        self.account_sid = resources[slug].id
        self.register_outputs({"account_sid": self.account_sid})
