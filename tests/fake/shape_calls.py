"""How each operation of the fake is called through the real SDK: a new operation needs its line in one of these."""

from collections.abc import Mapping

from shape_calls_accounts import ACCOUNTS, AUTH_TOKENS, IAM, KEYS, ORGANIZATION, TOKEN
from shape_calls_events import MONITOR, SCHEMAS, SINKS, STATUS, SUBSCRIPTIONS, TYPES
from shape_calls_traffic import CONFERENCES, MESSAGES, NUMBERS, PHONE_CALLS, RECORDINGS
from shape_calls_usage import BALANCE, USAGE_RECORDS, USAGE_TRIGGERS
from shape_world import Call

CALLS: Mapping[str, Mapping[str, Call]] = {
    "accounts.twilio.com": AUTH_TOKENS,
    "api.twilio.com": {
        **ACCOUNTS,
        **KEYS,
        **USAGE_TRIGGERS,
        **USAGE_RECORDS,
        **BALANCE,
        **MESSAGES,
        **PHONE_CALLS,
        **RECORDINGS,
        **CONFERENCES,
        **NUMBERS,
    },
    "events.twilio.com": {**SINKS, **SUBSCRIPTIONS, **TYPES, **SCHEMAS},
    "iam.twilio.com": {**IAM, **ORGANIZATION},
    "monitor.twilio.com": MONITOR,
    "oauth.twilio.com": TOKEN,
    "status.twilio.com": STATUS,
}

STATUS_PAGE = "Twilio's status page is Atlassian's, and no part of Twilio's OpenAPI"
ORGANIZATIONS = "documented in 2026 (twilio.com/docs/iam/organizations), after Twilio's OpenAPI of April"
NO_FACTS: Mapping[tuple[str, str], str] = {
    **{("status.twilio.com", operation): STATUS_PAGE for operation in STATUS},
    **{("iam.twilio.com", operation): ORGANIZATIONS for operation in ORGANIZATION},
    **{("oauth.twilio.com", operation): ORGANIZATIONS for operation in TOKEN},
}
"""Operations of which Twilio's OpenAPI says nothing, each with the reason."""
