"""Every open tenant has somebody called when it spends: stolen keys and loops are found by what they cost."""

from collections.abc import Iterator

from tenant_rules.rule import Resource, Tenant, TenantRule


def _no_spend_trigger(tenant: Tenant) -> Iterator[str]:
    if not any(_watches_spend(trigger) for trigger in tenant.of_kind("UsageTrigger")):
        yield (
            f"{tenant.slug} has no recurring usage trigger on its spend; add an entry with usage_category: totalprice, "
            "trigger_by: price and recurring: daily or monthly to its manifest, its plan or defaults.yaml"
        )


def _watches_spend(trigger: Resource) -> bool:
    # One that does not recur fires once ever. Twilio counts no `count` for totalprice.
    props = trigger.props
    return props["usage_category"] == "totalprice" and props["trigger_by"] != "count" and bool(props.get("recurring"))


SPEND_TRIGGER = TenantRule(
    id="spend-trigger",
    description="Every open tenant has a recurring usage trigger on totalprice.",
    level="mandatory",
    check=_no_spend_trigger,
)
