"""What nobody could find out about Twilio: one switch each, with the default that is the least kind to a client."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any


@dataclass(frozen=True)
class Behaviour:
    """Each field is one open question; docs/fake.md lists them with their meaning."""

    suspended_credentials: int = 401
    suspended_credentials_code: int = 20003
    parent_in_suspended_account: str = "reads-and-deletes"
    parent_in_closed_account: str = "reads"
    name_filter_ignores_case: bool = False
    max_subaccounts: int = 1000
    closed_accounts_count: bool = True
    close_deletes_after_days: int = 30
    status_error_status: int = 400
    max_keys: int = 1000
    missing_policy_code: int = 20001
    policy_on_standard_key: str = "ignore"
    parent_may_make_iam_keys_of_child: bool = False
    permission_products: tuple[str, ...] = ()
    max_triggers: int = 1000
    max_triggers_code: int = 20001
    refused_usage_categories: tuple[str, ...] = ()
    refused_usage_category_code: int = 20001
    trigger_evaluation_seconds: int = 60
    usage_lag_seconds: int = 0
    parent_triggers_count_subaccounts: bool = False
    unused_categories_have_rows: bool = True
    unused_figures: str = "0"
    parent_usage_holds_subaccounts: bool = True
    accounts_without_usage: tuple[str, ...] = ()
    currency: str = "usd"
    number_price: str = "1.15"
    balance_of_subaccount: str = "refuse"
    second_secondary_token: str = "refuse"  # noqa: S105 - what is done, not a token
    second_secondary_token_code: int = 20001
    api_keys_survive_promotion: bool = True
    callback_timeout_seconds: float = 15.0
    sink_timeout_seconds: float = 5.0
    old_monitor_queries: str = "refuse"
    alltime_reads_back: str | None = None
    callback_url_loses_root_slash: bool = True
    max_sinks: int = 100
    max_subscriptions: int = 100
    max_subscriptions_code: int = 91101
    one_subscription_per_sink: bool = True
    sink_taken_code: int = 91101
    sink_failure_code: str = "by-cause"
    last_subscribed_event_can_go: bool = False
    message_privacy: bool = False
    incomplete_status: int = 409
    uncancelable_status: int = 400
    in_flight_can_be_redacted: bool = False
    undeletable: str = "not-allowed"
    date_filters: str = "day"
    number_filters: str = "applied"
    too_large_pages: str = "refuse"
    max_concurrent_requests: int = 100
    concurrency_is_counted_on: str = "caller"
    retry_after_on_429: int | None = None
    read_only: bool = False

    def with_values(self, values: dict[str, Any]) -> "Behaviour":
        """The same switches with some set anew; raises ValueError for a name or a kind of value there is not."""
        known = {field.name: getattr(self, field.name) for field in fields(self)}
        for name, value in values.items():
            if name not in known:
                raise ValueError(f"no switch {name!r}; there are {', '.join(sorted(known))}")
            _check(name, value)
        return replace(self, **{name: _frozen(value) for name, value in values.items()})


def behaviour_of(settings: Iterable[str]) -> Behaviour:
    """Switches as they are written on a command line, `max_keys=20`; raises ValueError for what is none."""
    values = {}
    for setting in settings:
        name, equals, text = setting.partition("=")
        if not equals:
            raise ValueError(f"a switch is written NAME=VALUE, not {setting!r}")
        values[name.strip()] = _value(text.strip())
    return Behaviour().with_values(values)


CHOICES: dict[str, tuple[str, ...]] = {
    "parent_in_suspended_account": ("everything", "reads-and-deletes", "reads", "nothing"),
    "parent_in_closed_account": ("everything", "reads-and-deletes", "reads", "nothing"),
    "policy_on_standard_key": ("ignore", "refuse"),
    "concurrency_is_counted_on": ("caller", "path"),
    "undeletable": ("not-allowed", "not-found"),
    "date_filters": ("day", "moment", "ignored"),
    "number_filters": ("applied", "ignored"),
    "too_large_pages": ("refuse", "cut"),
    "balance_of_subaccount": ("refuse", "null"),
    "second_secondary_token": ("refuse", "replace"),
    "old_monitor_queries": ("refuse", "empty"),
    "sink_failure_code": ("by-cause", "93101"),
    "unused_figures": ("0", "null", "empty"),
    "currency": ("usd", "eur", "jpy"),
}
PRICE = re.compile(r"\d{1,6}(\.\d{1,6})?", re.ASCII)
LARGEST = 1_000_000  # of any number here; so many days after the clock's last year are still a date
NULLABLE = {"alltime_reads_back": str, "retry_after_on_429": int}


def _check(name: str, value: Any) -> None:
    default = getattr(Behaviour(), name)
    if name in NULLABLE:
        good = value is None or (
            type(value) is NULLABLE[name] and (type(value) is not int or _is_in_range(name, value))
        )
    elif isinstance(default, float):
        good = type(value) in (int, float) and 0 < value <= LARGEST
    elif isinstance(default, tuple):
        good = isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)
    elif name == "number_price":
        good = isinstance(value, str) and PRICE.fullmatch(value) is not None
    else:
        good = type(value) is type(default) and (type(value) is not int or _is_in_range(name, value))
    if not good or (name in CHOICES and value not in CHOICES[name]):
        choices = f"; it is one of {', '.join(CHOICES[name])}" if name in CHOICES else ""
        raise ValueError(f"switch {name} can't be {value!r}{choices}; its default is {json.dumps(default)}")


def _is_in_range(name: str, value: int) -> bool:
    if name == "suspended_credentials" or name.endswith("_status"):
        return 400 <= value <= 599
    return 0 <= value <= LARGEST


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
