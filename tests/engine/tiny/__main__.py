"""A program with one component a tenant, steered by the environment."""

import os

import pulumi
from tiny_provider import Thing


class Tenant(pulumi.ComponentResource):
    def __init__(self, slug: str) -> None:
        super().__init__("tenantry:index:Tenant", slug)
        size = os.environ.get("TINY_SIZE", "1")
        for number in range(int(os.environ.get("TINY_THINGS", "1"))):
            Thing(f"{slug}/thing/{number}", size, pulumi.ResourceOptions(parent=self))
        self.register_outputs({})


print("hello from the program")  # noqa: T201
if os.environ.get("TINY_PROGRAM") == "raises":
    raise ImportError("no such thing")
if os.environ.get("TINY_PROGRAM") == "exits":
    os._exit(3)
for name in os.environ.get("TINY_TENANTS", "acme,acme-2").split(","):
    Tenant(name)
