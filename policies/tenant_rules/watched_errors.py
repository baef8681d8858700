"""Somebody hears of a tenant's errors before its customers do."""

from collections.abc import Iterator

from tenant_rules.rule import Tenant, TenantRule


def _no_debugger_webhook(tenant: Tenant) -> Iterator[str]:
    if not tenant.of_kind("EventSink"):
        yield f"{tenant.slug} has no debugger_webhook; add one to its manifest, its plan or defaults.yaml"


WATCHED_ERRORS = TenantRule(
    id="watched-errors",
    description="Every open tenant has a debugger webhook.",
    level="advisory",
    check=_no_debugger_webhook,
)
