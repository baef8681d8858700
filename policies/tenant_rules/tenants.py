"""From the resources of a run to its open tenants."""

from collections.abc import Iterable, Iterator

from tenant_rules.rule import Resource, Tenant


def open_tenants(resources: Iterable[Resource]) -> Iterator[Tenant]:
    """Yield the tenants that are open: the others are left as they are, so no rule can ask for a change of them.

    A resource of a tenant is named `{slug}/…`, its account `{slug}`.
    """
    of_tenant: dict[str, list[Resource]] = {}
    for resource in resources:
        of_tenant.setdefault(resource.name.partition("/")[0], []).append(resource)
    for slug, of_it in of_tenant.items():
        if any(_is_open_account(resource) for resource in of_it):
            yield Tenant(slug, tuple(of_it))


def _is_open_account(resource: Resource) -> bool:
    if resource.kind != "Subaccount" or resource.props.get("ending"):
        return False
    return resource.props.get("active") is not False
