"""Somebody is told at the unit at which the allowance of a charge is used up."""

from collections.abc import Iterator

from tenantry.model.charge import Tiers, TiersWithOverage, counted_by
from tenantry.model.tenant import Tenant
from tenantry.model.usage_trigger import UsageTriggerEntry
from tenantry.policies.rule import Example, Finding, Parameters, TenantRule
from tenantry.policies.subject import Subject


def _find_mismatches(subject: Subject, _parameters: Parameters) -> Iterator[Finding]:
    terms = subject.tenant.terms
    for name, charge in terms.charges.items() if terms else ():
        if isinstance(charge, Tiers | TiersWithOverage) and charge.included:
            yield from _compare(subject.tenant, name, charge, charge.included)


def _compare(tenant: Tenant, name: str, charge: Tiers | TiersWithOverage, included: int) -> Iterator[Finding]:
    path = ("terms", "charges", name, "included")
    categories = counted_by(name, charge)
    if len(categories) != 1:  # a trigger counts one category, so none can count their sum
        return
    values = {
        key: trigger.trigger_value
        for key, trigger in tenant.usage_triggers.items()
        if _is_counted_alike(trigger, categories[0], charge)
    }
    if not values:
        counted = f"no monthly trigger has usage_category: {categories[0]} and trigger_by: {charge.quantity}"
        yield Finding(path, f"nobody is notified when the {included:,} included units are used up: {counted}")
    elif included not in values.values():  # a trigger beside the one that fits may warn earlier, or stop later
        key, value = min(values.items(), key=lambda item: abs(item[1] - included))
        sentence = f"fires at {value:,f} units a month, and {included:,} are included"
        yield Finding(("usage_triggers", key, "trigger_value"), sentence, beside=path)


def _is_counted_alike(trigger: UsageTriggerEntry, category: str, charge: Tiers | TiersWithOverage) -> bool:
    return (trigger.usage_category, trigger.trigger_by, trigger.recurring) == (category, charge.quantity, "monthly")


TRIGGER_MATCHES_ALLOWANCE = TenantRule(
    id="trigger-matches-allowance",
    title="A monthly usage trigger fires at the units that a charge includes.",
    level="advisory",
    why=(
        "The fee and the trigger are two numbers in two places, and whoever changes one forgets the other: then the "
        "customer is warned too early, or uses more than is included before anybody is notified. A trigger counts one "
        "usage category, so a charge that counts several is not compared."
    ),
    mend="make trigger_value and included equal; where there is no such trigger, add one",
    source=(
        "https://www.twilio.com/docs/usage/api/usage-trigger",
        "https://www.twilio.com/en-us/blog/isv-getting-started-with-twilio",
    ),
    example=Example(
        breaks=(
            "terms:\n"
            "  currency: usd\n"
            "  charges:\n"
            "    sms: {label: Text messages, quantity: count, strategy: tiers, included: 100}\n"
            "usage_triggers:\n"
            "  monthly-sms:\n"
            "    usage_category: sms\n"
            "    trigger_by: count\n"
            "    trigger_value: 1000\n"
            "    recurring: monthly\n"
            "    callback_url: /usage\n"
        ),
        keeps=(
            "terms:\n"
            "  currency: usd\n"
            "  charges:\n"
            "    sms: {label: Text messages, quantity: count, strategy: tiers, included: 100}\n"
            "usage_triggers:\n"
            "  monthly-sms:\n"
            "    usage_category: sms\n"
            "    trigger_by: count\n"
            "    trigger_value: 100\n"
            "    recurring: monthly\n"
            "    callback_url: /usage\n"
        ),
    ),
    parameters=Parameters,
    check=_find_mismatches,
)
