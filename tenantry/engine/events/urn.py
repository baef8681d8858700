"""The parts of a URN, for processes that need nothing else of events: the plugin starts with it."""

from __future__ import annotations

COMPONENT = "tenantry:index:Tenant"


def name_of(urn: str) -> str:
    """Return the resource name of a URN: everything after the fourth `::`; a name may contain `::` itself."""
    return urn.split("::", 3)[-1]


def slug_of(urn: str, name: str) -> str | None:
    """Return the tenant that a resource belongs to: everything below its component is named `{slug}` or `{slug}/…`."""
    types = urn.split("::")[2].split("$") if urn.count("::") > 2 else []
    return name.partition("/")[0] if COMPONENT in types else None
