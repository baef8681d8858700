"""A cap that suspends an account stops the calls of its customer's own customers too."""

from collections.abc import Iterator

from tenantry.policies.rule import Example, Finding, Parameters, TenantRule
from tenantry.policies.subject import Subject


def _find_suspending(subject: Subject, _: Parameters) -> Iterator[Finding]:
    for key, entry in subject.tenant.usage_triggers.items():
        if entry.suspending is not None:
            sentence = "suspends the account: its phone numbers answer nobody until the next period, and cost as before"
            yield Finding(("usage_triggers", key, "on_fire"), sentence)


SUSPEND_STOPS_NUMBERS = TenantRule(
    id="suspend-stops-numbers",
    title="No cap suspends an account unawares: that stops inbound calls and messages too.",
    level="advisory",
    why=(
        "A suspended account neither sends nor receives. Who calls the customer's number hears that it is not in "
        "service; for a practice that is worse than the cost of the messages that the cap was for."
    ),
    mend=(
        "say on_fire: {action: notify, stop: [sms]}, and stop sending in your application; or waive it for a customer "
        "that knows it"
    ),
    source=("https://www.twilio.com/docs/iam/api/subaccounts",),
    example=Example(
        breaks=(
            "usage_triggers:\n"
            "  monthly-sms:\n"
            "    usage_category: sms\n"
            "    trigger_value: 1000\n"
            "    recurring: monthly\n"
            "    callback_url: /usage\n"
            "    on_fire: {action: suspend}\n"
        ),
        keeps=(
            "usage_triggers:\n"
            "  monthly-sms:\n"
            "    usage_category: sms\n"
            "    trigger_value: 1000\n"
            "    recurring: monthly\n"
            "    callback_url: /usage\n"
            "    on_fire: {action: notify, stop: [sms]}\n"
        ),
    ),
    parameters=Parameters,
    check=_find_suspending,
)
