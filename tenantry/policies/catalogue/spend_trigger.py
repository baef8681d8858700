"""Somebody is called when a tenant spends: stolen keys and loops are found by what they cost."""

from collections.abc import Iterator
from decimal import Decimal

from pydantic import Field

from tenantry.model.usage_trigger import UsageTriggerEntry
from tenantry.model.written import Number, Slug
from tenantry.policies.rule import Example, Finding, Parameters, TenantRule
from tenantry.policies.subject import Subject


class Ceilings(Parameters):
    """The most that may be spent in a period before somebody is called, in the currency of the account."""

    ceiling: Number = Field(
        default=Decimal(500),
        json_schema_extra={"default": 500},
        description="the highest trigger_value that is low enough",
    )
    ceilings: dict[Slug, Number] = Field(default={}, description="the same by plan, in place of ceiling")


def _find_unwatched(subject: Subject, parameters: Ceilings) -> Iterator[Finding]:
    watching = {key: entry for key, entry in subject.tenant.usage_triggers.items() if _watches_spend(entry)}
    ceiling = parameters.ceilings.get(subject.tenant.plan or "", parameters.ceiling)
    if not watching:
        yield Finding(("usage_triggers",), "no recurring trigger watches what is spent")
        return
    key, lowest = min(watching.items(), key=lambda item: item[1].trigger_value)
    if lowest.trigger_value > ceiling:
        sentence = f"nobody is called before {lowest.trigger_value} are spent, and the ceiling is {ceiling}"
        yield Finding(("usage_triggers", key, "trigger_value"), sentence)


def _watches_spend(trigger: UsageTriggerEntry) -> bool:
    # One that does not recur fires once ever. Twilio counts no `count` for totalprice.
    return trigger.usage_category == "totalprice" and trigger.trigger_by != "count" and trigger.recurring != "alltime"


SPEND_TRIGGER = TenantRule(
    id="spend-trigger",
    title="Every tenant has a recurring usage trigger on totalprice, below the ceiling of its plan.",
    level="mandatory",
    why="A new account has no trigger at all, so a stolen key or a loop is first seen on the invoice.",
    mend=(
        "have an entry with usage_category: totalprice, trigger_by: price, recurring: daily or monthly and a "
        "trigger_value that is low enough in the manifest, its plan or defaults.yaml"
    ),
    source=(
        "https://www.twilio.com/docs/usage/api/usage-trigger",
        "https://www.twilio.com/help/faq/voice/how-can-usage-triggers-help-to-protect-me-from-fraud",
    ),
    example=Example(
        breaks=(
            "usage_triggers:\n"
            "  spend:\n"
            "    usage_category: totalprice\n"
            "    trigger_by: price\n"
            "    trigger_value: 25\n"
            "    recurring: alltime    # fires once ever\n"
            "    callback_url: /spend\n"
        ),
        keeps=(
            "usage_triggers:\n"
            "  spend:\n"
            "    usage_category: totalprice\n"
            "    trigger_by: price\n"
            "    trigger_value: 25\n"
            "    recurring: daily\n"
            "    callback_url: /spend\n"
        ),
    ),
    parameters=Ceilings,
    check=_find_unwatched,
)
