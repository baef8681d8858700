"""The part of the table of cases that is about caps of usage triggers."""

from collections.abc import Mapping, Sequence

from rule_cases import Case


def cap_with(on_fire: str) -> str:
    entry = "{usage_category: sms, trigger_value: 1000, recurring: monthly, callback_url: /usage, on_fire: %s}"
    return f"usage_triggers:\n  monthly-sms: {entry % on_fire}\n"


CAPS: Mapping[str, Sequence[Case]] = {
    "suspend-stops-numbers": [
        Case(),
        Case(cap_with("{action: notify, stop: [sms]}")),
        Case(
            cap_with("{action: suspend}"),
            (
                "acme: usage_triggers.monthly-sms.on_fire: suspends the account: its phone numbers answer nobody until "
                "the next period, and cost as before",
            ),
        ),
    ],
}
