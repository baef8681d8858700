"""For each rule: manifests, and all that it finds in them. The tests of rules and of mutants share this table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from tenantry.manifest.complaint import validated
from tenantry.manifest.layers import merge_all
from tenantry.manifest.source import parse
from tenantry.model.event_sink import DebuggerWebhook
from tenantry.model.project import Stack
from tenantry.model.tenant import Tenant
from tenantry.rules.config import Config, Setting, config_model
from tenantry.rules.judge import Judge
from tenantry.rules.rule import Rule
from tenantry.rules.subject import Generation, Subject, subjects_of
from tenantry.rules.waivers import Waivers

TODAY = date(2026, 11, 22)
HOOKS = "https://hooks.owl.example/twilio"
BASE = """
tenant: acme
name: Acme Dental
plan: small
api_keys:
  sender: {access: ["@sender"]}
usage_triggers:
  spend: {usage_category: totalprice, trigger_by: price, trigger_value: 25, recurring: daily, callback_url: /spend}
debugger_webhook: {url: "/errors/{tenant}"}
retention: {messages: {keep_days: 30}, calls: {keep_days: 30}, recordings: {keep_days: 30}}
"""
CLOSING = 'state: closed\nclose_after: "2099-12-31"\nstate_note: {since: "2026-11-02"}\n'
"""Closed in time: whatever else such a manifest says is nobody's business any more."""
SETS = {"sender": ("/twilio/messaging/messages/create",)}


@dataclass(frozen=True)
class Case:
    """What stands over the base, under which settings, and what the rule finds: `tenant: path: sentence` each."""

    manifest: str = ""
    finds: tuple[str, ...] = ()
    settings: Mapping[str, object] = field(default_factory=dict)
    others: tuple[str, ...] = ()
    """What other tenants have over the base; their slugs are birch, cedar and so on."""
    url: str | None = None
    """A URL for the debugger webhook that no manifest could have, as a stack may."""
    days_old: Mapping[Generation, int] = field(default_factory=dict)
    sinks: int | None = None
    webhooks: str | None = HOOKS


def tenant_of(manifest: str, slug: str = "acme", webhooks: str | None = HOOKS) -> Tenant:
    trees = [parse(text, "x.yaml").node for text in (BASE, manifest or "{}", f"tenant: {slug}")]
    problems: list[object] = []
    node = merge_all([tree for tree in trees if tree is not None], problems.append)
    made = validated(node, Tenant, {"webhooks": webhooks or HOOKS, "tenant": slug, "permission_sets": SETS})
    assert isinstance(made, Tenant), made
    assert not problems
    return made


def subjects_for(case: Case) -> tuple[Subject, ...]:
    stack = Stack("dev", None, "tenants", case.webhooks)
    first, *others = subjects_of(_tenants(case), stack, TODAY)
    made_on = {generation: TODAY - timedelta(days=days) for generation, days in case.days_old.items()}
    first = replace(first, made_on=made_on, sinks=first.sinks if case.sinks is None else case.sinks)
    return (first, *others)


def _tenants(case: Case) -> list[Tenant]:
    acme = tenant_of(case.manifest, webhooks=case.webhooks)
    if case.url is not None:
        webhook = DebuggerWebhook.model_construct(url=case.url, method="POST", batch_events=False, adopt=None)
        acme = acme.model_copy(update={"debugger_webhook": webhook})
    slugs = ("birch", "cedar", "dunes", "elm")
    return [acme, *(tenant_of(text, slug) for text, slug in zip(case.others, slugs, strict=False))]


def found(rule: Rule, case: Case) -> list[str]:
    """Return what one rule finds."""
    settings = config_model([rule]).model_validate({"rules": {rule.id: dict(case.settings)}})
    entry = getattr(settings.rules, rule.id)  # type: ignore[attr-defined]
    judge = Judge([rule], Config({rule.id: Setting(entry.level, entry)}), Waivers(()), {}, TODAY)
    return [f"{one.tenant}: {one.path}: {one.sentence}" for one in judge.violations(subjects_for(case))]


def spend(**changes: object) -> str:
    """Return the spend trigger with changes."""
    return "usage_triggers: {spend: {" + ", ".join(f"{name}: {value}" for name, value in changes.items()) + "}}\n"


def webhook(url: str) -> str:
    return f"debugger_webhook: {{url: '{url}'}}\n"


def access(*permissions: str, name: str = "ops") -> str:
    return f"api_keys: {{{name}: {{access: [{', '.join(permissions)}]}}}}\n"


def generations(*numbers: int, name: str = "sender") -> str:
    return f"api_keys: {{{name}: {{access: ['@sender'], generations: {list(numbers)}}}}}\n"


def attested(on: str) -> str:
    return f"attested: {{hipaa: {{value: true, by: ana@owl.example, on: '{on}'}}}}\n"


def closing(since: str | None, on: str) -> str:
    note = f"state_note: {{since: '{since}'}}\n" if since else "state_note: {reason: moved}\n"
    return f"state: closed\nclose_after: '{on}'\n{note}"


def triggers(count: int) -> str:
    entry = "{usage_category: sms, trigger_value: 1, callback_url: /sms}"
    return "usage_triggers:\n" + "".join(f"  t{number}: {entry}\n" for number in range(count - 1))


UNWATCHED = ("acme: usage_triggers: no recurring trigger watches what is spent",)
IN_CLEAR = "in clear"
SECRET_IN_URL = "with a user or a password in the URL"
HALF_OF_4 = {"triggers": 4, "percent": 50}
NOT_PUBLIC = "which is not a public host"
SUSPENDED = "state: suspended\n"

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
    "https-urls": [
        Case(),
        Case(webhook("HTTPS://hooks.owl.example")),
        Case("debugger_webhook: null"),
        Case(
            webhook("http://hooks.owl.example/errors?token=x"),
            (f"acme: debugger_webhook.url: sends to http://hooks.owl.example/errors, {IN_CLEAR}",),
        ),
        Case(
            spend(callback_url="'http://hooks.owl.example/spend'"),
            (f"acme: usage_triggers.spend.callback_url: sends to http://hooks.owl.example/spend, {IN_CLEAR}",),
        ),
        Case(
            url="https://ana:secret@hooks.owl.example/e",
            finds=(f"acme: debugger_webhook.url: sends to https://hooks.owl.example/e {SECRET_IN_URL}",),
        ),
        Case(
            url="https://ana@hooks.owl.example/e",
            finds=(f"acme: debugger_webhook.url: sends to https://hooks.owl.example/e {SECRET_IN_URL}",),
        ),
        Case(
            url="https://:secret@hooks.owl.example/e",
            finds=(f"acme: debugger_webhook.url: sends to https://hooks.owl.example/e {SECRET_IN_URL}",),
        ),
        Case(webhook("http://hooks.owl.example") + CLOSING),
    ],
    "public-hosts": [
        Case(),
        Case(webhook("https://8.8.8.8/e")),
        Case(webhook("https://[2606:4700::1111]/e")),
        Case(webhook("https://localhost.owl.example/e")),
        *(
            Case(
                webhook(f"https://{host}/e"),
                (f"acme: debugger_webhook.url: sends to {told}, which is not a public host",),
            )
            for host, told in {
                "10.0.0.7": "10.0.0.7",
                "127.1": "127.1",
                "2130706433": "2130706433",
                "0x7f000001": "0x7f000001",
                "100.64.0.1": "100.64.0.1",
                "169.254.169.254": "169.254.169.254",
                "[::1]": "::1",
                "[fe80::1%25eth0]": "fe80::1%25eth0",
                "[::ffff:10.0.0.7]": "::ffff:10.0.0.7",
                "localhost": "localhost",
                "LOCALHOST.": "localhost",
                "hooks": "hooks",
                "hooks.internal": "hooks.internal",
                "a.b.local": "a.b.local",
                "hooks.home.arpa:8443": "hooks.home.arpa",
            }.items()
        ),
        Case(
            spend(callback_url="'https://10.0.0.7/s'"),
            ("acme: usage_triggers.spend.callback_url: sends to 10.0.0.7, which is not a public host",),
        ),
    ],
    "allowed-hosts": [
        Case(),
        Case(webhook("https://HOOKS.owl.example./e")),
        Case(
            webhook("https://errors.owl.example/e"),
            ("acme: debugger_webhook.url: sends to errors.owl.example, which is not an allowed host",),
        ),
        Case(webhook("https://errors.owl.example/e"), settings={"hosts": ["errors.owl.example"]}),
        Case(webhook("https://a.b.elm.example/e"), settings={"hosts": ["*.elm.example"]}),
        Case(
            webhook("https://elm.example/e"),
            ("acme: debugger_webhook.url: sends to elm.example, which is not an allowed host",),
            settings={"hosts": ["*.elm.example"]},
        ),
        Case(
            webhook("https://evilelm.example/e"),
            ("acme: debugger_webhook.url: sends to evilelm.example, which is not an allowed host",),
            settings={"hosts": ["*.elm.example", "elm.example"]},
        ),
        Case(
            webhook("https://one.example/e") + "usage_triggers: null",
            ("acme: debugger_webhook.url: sends to one.example, which is not an allowed host",),
            webhooks=None,
        ),
    ],
    "watched-errors": [
        Case(),
        Case("debugger_webhook: null", ("acme: debugger_webhook: nobody hears of errors",)),
        Case(f"debugger_webhook: null\n{CLOSING}"),
    ],
    "own-error-url": [
        Case(),
        Case(others=("", "")),
        Case(webhook("/all"), others=("",)),
        Case("debugger_webhook: null", others=("debugger_webhook: null",)),
        Case(
            webhook("/all"),
            (
                "acme: debugger_webhook.url: sends errors to the same URL as birch",
                "birch: debugger_webhook.url: sends errors to the same URL as acme",
            ),
            others=(webhook("https://HOOKS.owl.example/twilio/all/"), ""),
        ),
        Case(
            webhook("/all"),
            (
                "acme: debugger_webhook.url: sends errors to the same URL as birch and 1 more",
                "birch: debugger_webhook.url: sends errors to the same URL as acme and 1 more",
                "cedar: debugger_webhook.url: sends errors to the same URL as acme and 1 more",
            ),
            others=(webhook("/all"), webhook("/all"), webhook("/all") + CLOSING),
        ),
    ],
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
            ("acme: api_keys.sender.generations: 3 generations live at once, and 2 are the most",),
        ),
        Case(generations(1, 2, 3), settings={"most": 3}),
        Case(
            generations(1, 2),
            ("acme: api_keys.sender.generations: 2 generations live at once, and 1 are the most",),
            settings={"most": 1},
        ),
    ],
    "key-age": [
        Case(),
        Case(days_old={("sender", 1): 365}),
        Case(
            days_old={("sender", 2): 3, ("sender", 1): 366},
            finds=("acme: api_keys.sender.generations: generation 1 is 366 days old, and 365 are the most",),
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
            ("acme: retention.messages.keep_days: keeps messages for 401 days, and 400 are the most",),
        ),
        Case(
            "retention: {calls: {keep_days: 31}, recordings: {keep_days: 8}}",
            (
                "acme: retention.calls.keep_days: keeps calls for 31 days, and 30 are the most",
                "acme: retention.recordings.keep_days: keeps recordings for 8 days, and 7 are the most",
            ),
            settings={"calls": 30, "recordings": 7},
        ),
    ],
    "attestation-age": [
        Case(),
        Case(attested("2025-11-22")),
        Case(attested("2025-11-21"), ("acme: attested.hipaa.on: was looked at 366 days ago, and 365 are the most",)),
        Case(attested("2025-11-21"), settings={"days": 366}),
        Case(attested("2025-11-21") + CLOSING),
    ],
    "close-notice": [
        Case(),
        Case(CLOSING),
        Case(closing("2026-11-20", "2026-12-20")),
        Case(
            closing("2026-11-20", "2026-12-19"),
            ("acme: close_after: is 29 days after state_note.since, and 30 are the least",),
        ),
        Case(closing("2026-11-20", "2026-11-27"), settings={"days": 7}),
        Case(
            closing(None, "2099-12-31"),
            ("acme: state_note.since: nothing says since when the tenant is to be closed",),
        ),
        Case(
            "state: closed\nclose_after: '2099-12-31'\n",
            ("acme: state_note.since: nothing says since when the tenant is to be closed",),
        ),
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
        Case(others=("", "", ""), finds=("None: : the stack has 4 of 5 subaccounts",), settings={"accounts": 5}),
        Case(others=("", "", ""), settings={"accounts": 6}),
        Case(others=("", "", CLOSING), finds=("None: : the stack has 4 of 5 subaccounts",), settings={"accounts": 5}),
        Case(others=("", "", "state: released"), settings={"accounts": 5}),
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
