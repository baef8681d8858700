"""How a tenant stands, as `up` and `sync` write it for the receiver: which account, which caps, which URLs."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from tenantry.model.tenant import Tenant
from tenantry.model.url import is_below
from tenantry.model.usage_trigger import UsageTriggerEntry, name_at


class CapStanding(BaseModel):
    """A usage trigger that calls the receiver, and what it leads to."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str
    category: str
    trigger_by: str
    recurring: str
    limit: Decimal
    values: dict[int, Decimal] = Field(description="the value of its trigger at each percent")
    sids: dict[str, int] = Field(description="the percent of each trigger that Twilio has")
    suspend_at: int | None = None
    approval: bool = False
    end_calls: bool = False
    stop: tuple[str, ...] = ()

    def percent_of(self, sid: str, category: str, trigger_by: str, recurring: str, value: Decimal) -> int | None:
        """Return at which percent a trigger stands, by its SID or else by what it counts; None if it is another's.

        Its value has to fit too: one that a failed run left as it was is not what the manifest says.
        """
        if (category, trigger_by, recurring) != (self.category, self.trigger_by, self.recurring):
            return None
        fitting = [percent for percent, at in self.values.items() if at == value]
        return next((percent for percent in fitting if self.sids.get(sid, percent) == percent), None)


class TenantStanding(BaseModel):
    """How a tenant stands."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    format: Literal[1] = 1
    tenant: str
    name: str
    customer_key: str
    account_sid: str
    state: str | None = None
    observed: bool = False
    """Whether Tenantry only looks at it, and never writes."""
    caps: tuple[CapStanding, ...] = ()
    callback_urls: tuple[str, ...] = ()
    """The URLs below `webhooks` that Twilio calls for it, whole."""
    error_url: str | None = None
    """The one of them to which errors are sent."""

    @property
    def suspending(self) -> tuple[CapStanding, ...]:
        """The caps that suspend its account."""
        return tuple(cap for cap in self.caps if cap.suspend_at is not None)

    def find_cap(self, name: str) -> CapStanding | None:
        """Return a cap by its name."""
        return next((cap for cap in self.caps if cap.name == name), None)


@lru_cache(maxsize=4096)
def parse_standing(document: str) -> TenantStanding:
    """Return how a tenant stands, as the ledger has it."""
    return TenantStanding.model_validate_json(document)


def stand(tenant: Tenant, account_sid: str, webhooks: str | None, sids: Mapping[str, str]) -> TenantStanding:
    """Return how a tenant stands; `sids` are its triggers in Twilio by the name that they have there."""
    received = [
        (key, entry) for key, entry in sorted(tenant.usage_triggers.items()) if is_below(entry.callback_url, webhooks)
    ]
    error_url = tenant.debugger_webhook.url if tenant.debugger_webhook else None
    if error_url is not None and not is_below(error_url, webhooks):
        error_url = None
    urls = {*(entry.callback_url for _, entry in received), *([error_url] if error_url else [])}
    return TenantStanding(
        tenant=tenant.tenant,
        name=tenant.name,
        customer_key=tenant.customer_key,
        account_sid=account_sid,
        state=tenant.state,
        observed=getattr(tenant, "manage", None) == "observe",
        caps=tuple(_cap_of(key, entry, sids) for key, entry in received),
        callback_urls=tuple(sorted(urls)),
        error_url=error_url,
    )


def _cap_of(key: str, entry: UsageTriggerEntry, sids: Mapping[str, str]) -> CapStanding:
    suspending = entry.suspending
    names = {name_at(key, percent): percent for percent in entry.percents}
    return CapStanding(
        name=key,
        category=entry.usage_category,
        trigger_by=entry.trigger_by,
        recurring=entry.recurring,
        limit=entry.trigger_value,
        values={percent: entry.value_at(percent) for percent in entry.percents},
        sids=dict(sorted((sids[name], percent) for name, percent in names.items() if name in sids)),
        suspend_at=suspending.at_percent if suspending else None,
        approval=suspending is not None and suspending.approval == "required",
        end_calls=suspending is not None and suspending.end_calls,
        stop=entry.stop,
    )


def suspends_any(tenants: Iterable[Tenant]) -> bool:
    """Return whether any tenant has a cap that suspends its account."""
    return any(entry.suspending for entry in _entries(tenants))


def _entries(tenants: Iterable[Tenant]) -> Iterator[UsageTriggerEntry]:
    for tenant in tenants:
        yield from tenant.usage_triggers.values()
