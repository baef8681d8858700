"""The subject of a rule: a tenant as its manifest describes it, or as a stack has it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from types import MappingProxyType

from tenantry.manifest.load import Loaded
from tenantry.model.project import Stack
from tenantry.model.tenant import Tenant
from tenantry.model.terms import Customer, Terms
from tenantry.policies.callbacks import Callback, callbacks_of

Generation = tuple[str, int]
"""A generation of a key: the key's name in the manifest, and its number."""


@dataclass(frozen=True)
class Subject:
    """A tenant and its context. Rules read no clock and no file: everything is here."""

    tenant: Tenant
    stack: Stack
    today: date
    """The day (UTC) that days are compared with."""
    sinks: int = 0
    """Event Streams sinks of its account, as far as we made them."""
    made_on: Mapping[Generation, date] = field(default_factory=dict)
    """The days on which keys were made; empty where only manifests were read, which have no such days."""

    suspended_on: date | None = None
    """Of a tenant to be closed, the day on which its account was suspended, or today, when the next run first can; None
    where only manifests were read, which have no such day."""
    plans: Mapping[str, Terms] = field(default_factory=dict)
    """The terms of each plan of the project by its name: what defaults.yaml and the plan say, without a tenant."""
    customer: Customer | None = None
    """The file of the tenant's customer, if there is one; its terms replace the tenant's."""

    @property
    def slug(self) -> str:
        return self.tenant.tenant

    @property
    def is_kept(self) -> bool:
        """Whether the tenant stays ours: active or suspended, neither to be closed nor released."""
        return self.tenant.state not in ("closed", "released")

    @property
    def is_closed(self) -> bool:
        """Whether the tenant is to be closed."""
        return self.tenant.state == "closed"

    @cached_property
    def callbacks(self) -> tuple[Callback, ...]:
        """The URLs that Twilio calls for it, found once for all rules."""
        return tuple(callbacks_of(self.tenant, self.stack.webhooks))


def list_subjects(loaded: Loaded, today: date) -> tuple[Subject, ...]:
    """Return the tenants of a stack as its project's files say them."""
    customers = {name: file.customer for name, file in loaded.customers.items()}
    return subjects_of(loaded.tenants.values(), loaded.stack, today, loaded.plan_terms, customers)


def subjects_of(
    tenants: Iterable[Tenant],
    stack: Stack,
    today: date,
    plans: Mapping[str, Terms] = MappingProxyType({}),
    customers: Mapping[str, Customer] = MappingProxyType({}),
) -> tuple[Subject, ...]:
    """Return the tenants of a stack as their manifests describe them."""
    return tuple(
        Subject(
            tenant,
            stack,
            today,
            sinks=1 if tenant.debugger_webhook else 0,
            plans=plans,
            customer=customers.get(tenant.customer_key),
        )
        for tenant in tenants
    )
