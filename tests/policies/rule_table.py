"""For each rule: manifests, and all that it finds in them. The tests of rules and of mutants share this table."""

from collections.abc import Mapping, Sequence

from rule_cases import CLOSING, Case, spend
from rule_table_callbacks import CALLBACKS
from rule_table_caps import CAPS
from rule_table_terms import TERMS

UNWATCHED = ("acme: usage_triggers: no recurring trigger watches what is spent",)
HALF_OF_4 = {"triggers": 4, "percent": 50}
TO_COME = "is a day in the future, so it would be valid for too long"
SUSPENDED = "state: suspended\n"


def access(*permissions: str, name: str = "ops") -> str:
    return f"api_keys: {{{name}: {{access: [{', '.join(permissions)}]}}}}\n"


def generations(*numbers: int, name: str = "sender") -> str:
    return f"api_keys: {{{name}: {{access: ['@sender'], generations: {list(numbers)}}}}}\n"


def rotating(*numbers: int) -> str:
    rotation = "rotation: {every_days: 360, overlap_days: 7}"
    return f"api_keys: {{sender: {{access: ['@sender'], generations: {list(numbers)}, {rotation}}}}}\n"


def attest(on: str) -> str:
    return f"attested: {{hipaa: {{value: true, by: ana@owl.example, on: '{on}'}}}}\n"


def closing(since: str | None, on: str) -> str:
    note = f"state_note: {{since: '{since}'}}\n" if since else "state_note: {reason: moved}\n"
    return f"state: closed\nclose_after: '{on}'\n{note}"


def triggers(count: int) -> str:
    entry = "{usage_category: sms, trigger_value: 1, callback_url: /sms}"
    return "usage_triggers:\n" + "".join(f"  t{number}: {entry}\n" for number in range(count - 1))


CASES: Mapping[str, Sequence[Case]] = {
    "spend-trigger": [
        Case(),
        Case(spend(recurring="monthly")),
        Case(spend(trigger_by="usage")),
        Case(spend(recurring="alltime"), UNWATCHED),
        Case(spend(usage_category="sms"), UNWATCHED),
        Case(spend(trigger_by="count"), UNWATCHED),
        Case("usage_triggers: null", UNWATCHED),
        Case(f"usage_triggers: null\n{SUSPENDED}", UNWATCHED),
        Case(f"usage_triggers: null\n{CLOSING}"),
        Case("usage_triggers: null\nstate: released\n"),
        Case(spend(trigger_value=500)),
        Case(
            spend(trigger_value=501),
            (
                "acme: usage_triggers.spend.trigger_value: nobody is called before 501 are spent, "
                "and the ceiling is 500",
            ),
        ),
        Case(spend(trigger_value=50), settings={"ceiling": 10, "ceilings": {"small": 50}}),
        Case(
            spend(trigger_value=50),
            ("acme: usage_triggers.spend.trigger_value: nobody is called before 50 are spent, and the ceiling is 10",),
            settings={"ceiling": 10, "ceilings": {"large": 50}},
        ),
        Case(
            "usage_triggers:\n  spend: {trigger_value: 9000}\n  low: {usage_category: totalprice, trigger_by: price,"
            " trigger_value: 20, recurring: monthly, callback_url: /low}\n"
        ),
        Case(
            "usage_triggers:\n  spend: {trigger_value: 9000}\n  low: {usage_category: sms, trigger_by: price,"
            " trigger_value: 20, recurring: monthly, callback_url: /low}\n",
            (
                "acme: usage_triggers.spend.trigger_value: nobody is called before 9000 are spent, "
                "and the ceiling is 500",
            ),
        ),
    ],
    **CALLBACKS,
    **CAPS,
    **TERMS,
    "restricted-keys": [
        Case(),
        Case("api_keys: {web: {access: standard}}", ("acme: api_keys.web.access: is a standard key",)),
        Case("api_keys: {web: {access: standard}}", settings={"standard": ["web"]}),
        Case(
            "api_keys: {web: {access: standard}, ops: {access: standard}}",
            ("acme: api_keys.ops.access: is a standard key",),
            settings={"standard": ["web"]},
        ),
    ],
    "no-iam-wildcards": [
        Case(),
        Case("api_keys: {web: {access: standard}}"),
        Case(access("/twilio/iam/api-keys/list", "/twilio/messaging/messages/*")),
        Case(access("/twilio/iam/api-keys/*"), ("acme: api_keys.ops.access: has /twilio/iam/api-keys/*",)),
        Case(
            access("/twilio/iam/api-keys/*", "/twilio/iam/account-oauth-apps/*", "/twilio/voice/calls/*"),
            (
                "acme: api_keys.ops.access: has /twilio/iam/account-oauth-apps/*",
                "acme: api_keys.ops.access: has /twilio/iam/api-keys/*",
            ),
        ),
        Case(
            access(*(f"/twilio/iam/api-keys/{verb}" for verb in ("create", "delete", "list", "read", "update"))),
            (
                "acme: api_keys.ops.access: has /twilio/iam/api-keys/create",
                "acme: api_keys.ops.access: has /twilio/iam/api-keys/update",
            ),
        ),
        Case(
            access("/twilio/iam/account-oauth-apps/create"),
            ("acme: api_keys.ops.access: has /twilio/iam/account-oauth-apps/create",),
        ),
    ],
    "named-permissions": [
        Case(),
        Case("api_keys: {web: {access: standard}}"),
        Case(access("/twilio/iam/api-keys/*")),
        Case(access("/twilio/voice/calls/*"), ("acme: api_keys.ops.access: has /twilio/voice/calls/*",)),
        Case(access("/twilio/voice/calls/*"), settings={"wildcards": ["/twilio/voice/calls/*"]}),
        Case(
            access("/twilio/voice/calls/*"),
            ("acme: api_keys.ops.access: has /twilio/voice/calls/*",),
            settings={"wildcards": ["/twilio/voice/recordings/*"]},
        ),
    ],
    "key-generations": [
        Case(),
        Case(generations(1, 7)),
        Case(
            generations(1, 2, 9),
            ("acme: api_keys.sender.generations: 3 generations live at once, and 2 are the limit",),
        ),
        Case(generations(1, 2, 3), settings={"most": 3}),
        Case(
            generations(1, 2),
            ("acme: api_keys.sender.generations: 2 generations live at once, and 1 are the limit",),
            settings={"most": 1},
        ),
        Case(rotating(1, 2), settings={"most": 1}),
        Case(
            rotating(1, 2, 3),
            ("acme: api_keys.sender.generations: 3 generations live at once, and 2 are the limit",),
            settings={"most": 1},
        ),
    ],
    "key-age": [
        Case(),
        Case(rotating(1, 2), days_old={("sender", 2): 9, ("sender", 1): 366}),
        Case(
            rotating(1, 2),
            days_old={("sender", 2): 10, ("sender", 1): 366},
            finds=("acme: api_keys.sender.generations: generation 1 is 366 days old, and 365 days are the limit",),
        ),
        Case(
            rotating(1),
            days_old={("sender", 1): 366, ("web", 2): 3},
            finds=("acme: api_keys.sender.generations: generation 1 is 366 days old, and 365 days are the limit",),
        ),
        Case(
            rotating(1),
            days_old={("sender", 1): 5},
            settings={"days": 4},
            finds=("acme: api_keys.sender.generations: generation 1 is 5 days old, and 4 days are the limit",),
        ),
        Case(
            rotating(1, 2),
            days_old={("sender", 1): 3, ("sender", 2): 366},
            finds=("acme: api_keys.sender.generations: generation 2 is 366 days old, and 365 days are the limit",),
        ),
        Case(days_old={("sender", 1): 365}),
        Case(
            days_old={("sender", 2): 3, ("sender", 1): 366},
            finds=("acme: api_keys.sender.generations: generation 1 is 366 days old, and 365 days are the limit",),
        ),
        Case(days_old={("sender", 1): 366}, settings={"days": 400}),
        Case(SUSPENDED, days_old={("sender", 1): 366}),
        Case(CLOSING, days_old={("sender", 1): 366}),
    ],
    "retention-set": [
        Case(),
        Case(
            "retention: {calls: null, recordings: null}",
            (
                "acme: retention.calls: nothing says how long calls are kept",
                "acme: retention.recordings: nothing says how long recordings are kept",
            ),
        ),
        Case("retention: {calls: null}", settings={"kinds": ["messages", "recordings"]}),
        Case(
            "retention: null",
            ("acme: retention.messages: nothing says how long messages are kept",),
            settings={"kinds": ["messages"]},
        ),
    ],
    "retention-limit": [
        Case(),
        Case("retention: null"),
        Case("retention: {messages: {keep_days: 400}}"),
        Case(
            "retention: {messages: {keep_days: 401}, calls: null}",
            ("acme: retention.messages.keep_days: keeps messages for 401 days, and 400 days are the limit",),
        ),
        Case(
            "retention: {calls: {keep_days: 31}, recordings: {keep_days: 8}}",
            (
                "acme: retention.calls.keep_days: keeps calls for 31 days, and 30 days are the limit",
                "acme: retention.recordings.keep_days: keeps recordings for 8 days, and 7 days are the limit",
            ),
            settings={"calls": 30, "recordings": 7},
        ),
    ],
    "attestation-age": [
        Case(),
        Case(attest("2025-11-22")),
        Case(attest("2025-11-21"), ("acme: attested.hipaa.on: was checked 366 days ago, and 365 days are the limit",)),
        Case(attest("2025-11-21"), settings={"days": 366}),
        Case(attest("2025-11-21") + CLOSING),
        Case(attest("2026-11-23")),
        Case(attest("2026-11-24"), (f"acme: attested.hipaa.on: {TO_COME}",)),
    ],
    "close-notice": [
        Case(),
        Case(CLOSING),
        Case(closing("2026-11-20", "2026-12-20")),
        Case(
            closing("2026-11-20", "2026-12-19"),
            ("acme: close_after: is 29 days after state_note.since, and 30 days are the minimum",),
        ),
        Case(closing("2026-11-20", "2026-11-27"), settings={"days": 7}),
        Case(
            closing(None, "2099-12-31"),
            ("acme: state_note.since: nothing says when closing the tenant was decided",),
        ),
        Case(
            "state: closed\nclose_after: '2099-12-31'\n",
            ("acme: state_note.since: nothing says when closing the tenant was decided",),
        ),
        Case("state: closed\nclose_after: '2026-11-22'\nnever_used: true\n"),
    ],
    "suspended-first": [
        Case(),
        Case(closing("2026-10-01", "2026-11-22")),
        Case(closing("2026-10-01", "2026-11-22"), days_suspended=21),
        Case(
            closing("2026-10-01", "2026-11-22"),
            (
                "acme: close_after: is 20 days after 2026-11-02, when the stack suspended the account or first could; "
                "21 are the least",
            ),
            days_suspended=20,
        ),
        Case(closing("2026-10-01", "2026-11-22"), days_suspended=7, settings={"days": 7}),
        Case(closing("2026-10-01", "2026-11-22") + "never_used: true\n", days_suspended=0),
        Case(SUSPENDED, days_suspended=0),
    ],
    "twilio-limits": [
        Case(),
        Case(triggers(799)),
        Case(triggers(800), ("acme: usage_triggers: has 800 of 1000 usage triggers",)),
        Case(triggers(800) + CLOSING),
        Case(
            triggers(2), ("acme: usage_triggers: has 2 of 4 usage triggers",), settings={"triggers": 4, "percent": 50}
        ),
        Case(sinks=79),
        Case(sinks=80, finds=("acme: debugger_webhook: has 80 of 100 sinks",)),
        Case(other_tenants=("", "", ""), finds=("None: : the stack has 4 of 5 subaccounts",), settings={"accounts": 5}),
        Case(other_tenants=("", "", ""), settings={"accounts": 6}),
        Case(
            other_tenants=("", "", CLOSING),
            finds=("None: : the stack has 4 of 5 subaccounts",),
            settings={"accounts": 5},
        ),
        Case(other_tenants=("", "", "state: released"), settings={"accounts": 5}),
    ],
    "suspended-for-a-reason": [
        Case(),
        Case("state: suspended\nstate_note: {ticket: OWL-1}\n"),
        Case("state: active\n"),
        Case(SUSPENDED, ("acme: state_note.ticket: is suspended, and no ticket says who decided it",)),
        Case(
            f"{SUSPENDED}state_note: {{reason: two invoices}}\n",
            ("acme: state_note.ticket: is suspended, and no ticket says who decided it",),
        ),
    ],
}
