"""Every sort of bad input in a tenant's file, and the whole message that a person gets."""

# ruff: noqa: E501  a message is shown whole, in the line of what it is about

from datetime import date
from decimal import Decimal

import pytest

from tenantry.manifest.load import load
from tenantry.model.resources import resources_of

SID = "SK" + "0" * 32
SLUG = "must be a-z, 0-9 and '-', start with a letter, not end in '-', 32 characters at most"
NAME = "must be one line that neither begins nor ends with a blank; remove the blank or the line break"
TRIGGER = "usage_category: sms, trigger_value: 1, callback_url: /usage"


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ("nmae: x\n", "3:1: nmae: unknown key; did you mean 'name'?"),
        ("zzz: x\n", "3:1: zzz: unknown key"),
        (f"usage_triggers:\n  sms: {{{TRIGGER}, recuring: daily}}\n", "4:70: usage_triggers.sms.recuring: unknown key; did you mean 'recurring'?"),
        ("customer: 12\n", "3:11: customer: expected text, found the number 12; write it in quotes"),
        ("labels: {crm: 0012}\n", "3:15: labels.crm: expected text, found the number 0012; write it in quotes"),
        ("labels: {1a: x}\n", "3:10: labels.1a: must be letters, digits, '_', '.' or '-', and start with a letter"),
        ("labels: [x]\n", "3:9: labels: expected a mapping, found a list"),
        ("profiles: hipaa\n", "3:11: profiles: expected a list, found text 'hipaa'"),
        ("retention: {calls: {keep_days: '30'}}\n", "3:32: retention.calls.keep_days: expected a whole number, found text '30'; remove the quotes"),
        ("retention: {calls: {keep_days: 1.5}}\n", "3:32: retention.calls.keep_days: expected a whole number, found the number 1.5"),
        ("retention: {calls: {keep_days: -1}}\n", "3:32: retention.calls.keep_days: must be 1 or more, found the number -1"),
        ("retention: {calls: {keep_days: 99999}}\n", "3:32: retention.calls.keep_days: must be 36500 or less, found the number 99999"),
        ("retention: {calls: {}}\n", "3:13: retention.calls: the key 'keep_days' is missing (days after which a record is deleted)"),
        ("retention: {calls: }\n", "3:13: retention.calls: empty value; write a value, {} for all defaults, or null to remove what is inherited"),
        ("retention: {messages: {keep_days: 1, action: keep}}\n", "3:46: retention.messages.action: expected delete or redact, found text 'keep'"),
        ("debugger_webhook: {url: /errors, batch_events: yes}\n", "3:48: debugger_webhook.batch_events: expected true or false, found text 'yes'; write true"),
        ("debugger_webhook: {url: '/errors/{other}'}\n", "3:25: debugger_webhook.url: holds a brace that is not {tenant}, the only placeholder"),
        ("debugger_webhook: {url: ftp://owl.example}\n", "3:25: debugger_webhook.url: must be a URL that starts with https://"),
        ("debugger_webhook: {url: 'https://u:p@owl.example'}\n", "3:25: debugger_webhook.url: must not hold a user or a password: manifests are in git and URLs are in the state in clear"),
        (f"usage_triggers:\n  Sms: {{{TRIGGER}}}\n", f"4:3: usage_triggers.Sms: {SLUG}"),
        (f"usage_triggers:\n  {'a' * 33}: {{{TRIGGER}}}\n", f"4:3: usage_triggers.{'a' * 33}: {SLUG}"),
        (f"usage_triggers:\n  sms: {{{TRIGGER}, recurring: montly}}\n", "4:81: usage_triggers.sms.recurring: expected daily, monthly, yearly or alltime, found text 'montly'; did you mean 'monthly'?"),
        ("usage_triggers:\n  sms: {usage_category: sms, trigger_value: '9', callback_url: /x}\n", "4:45: usage_triggers.sms.trigger_value: must be a number, without quotes"),
        ("usage_triggers:\n  sms: {usage_category: sms, trigger_value: -9, callback_url: /x}\n", "4:45: usage_triggers.sms.trigger_value: must not be negative: usage and prices only grow"),
        ("usage_triggers:\n  sms: {usage_category: sms, trigger_value: -0.0, callback_url: /x}\n", "4:45: usage_triggers.sms.trigger_value: must not be negative: usage and prices only grow"),
        ("usage_triggers:\n  sms: {usage_category: sms, trigger_value: +30, callback_url: /x}\n", "4:45: usage_triggers.sms.trigger_value: +30 is an offset in Twilio, from the usage when the trigger is made; write 30"),
        ("usage_triggers:\n  sms: {usage_category: sms, trigger_value: +0.5e1, callback_url: /x}\n", "4:45: usage_triggers.sms.trigger_value: +0.5e1 is an offset in Twilio, from the usage when the trigger is made; write 0.5e1"),
        ("usage_triggers:\n  sms: {usage_category: sms, trigger_value: 1e15, callback_url: /x}\n", "4:45: usage_triggers.sms.trigger_value: must be below 1,000,000,000,000,000, which is more than Twilio takes"),
        ("usage_triggers:\n  sms: {usage_category: sms, trigger_value: 1234567890.1234567890123456789012345, callback_url: /x}\n", "4:45: usage_triggers.sms.trigger_value: has more than the 6 decimals that Twilio keeps"),
        ("usage_triggers:\n  sms: {usage_category: sms, trigger_value: 1.000000000000000000000000000000001, callback_url: /x}\n", "4:45: usage_triggers.sms.trigger_value: has more than the 6 decimals that Twilio keeps"),
        ("usage_triggers:\n  sms: {usage_category: 'sms ', trigger_value: 9, callback_url: /x}\n", "4:25: usage_triggers.sms.usage_category: must not hold white space: a usage category is one word, such as calls-inbound"),
        ('usage_triggers:\n  "sms\\n": {usage_category: sms, trigger_value: 9, callback_url: /x}\n', f"4:3: usage_triggers.sms\\n: {SLUG}"),
        (f'api_keys: {{web: {{access: standard, adopt: "{SID}\\n"}}}}\n', "3:43: api_keys.web.adopt: must be the SID of an API key: SK and 32 hexadecimal digits"),
        ('api_keys: {web: {access: ["/twilio/voice/calls/read\\n"]}}\n', "3:27: api_keys.web.access[0]: must be a permission such as /twilio/messaging/messages/create, or @ and the name of a permission set"),
        (f"account: {{adopt: AC{'0' * 32}, friendly_name: ' Acme'}}\n", f"3:69: account.friendly_name: {NAME}"),
        ("usage_triggers:\n  sms: {usage_category: sms, trigger_value: 9}\n", "4:3: usage_triggers.sms: the key 'callback_url' is missing (a whole URL, or a path below webhooks; {tenant} is the slug)"),
        ("usage_triggers:\n  sms: []\n", "4:8: usage_triggers.sms: expected a mapping, found a list"),
        ("usage_triggers:\n  sms: null\n", "4:8: usage_triggers.sms: null removes nothing: nothing is inherited here"),
        ("api_keys: {web: {access: standrd}}\n", "3:26: api_keys.web.access: expected 'standard' or a list, found text 'standrd'; did you mean 'standard'?"),
        ("api_keys: {web: {access: '@sender'}}\n", "3:26: api_keys.web.access: expected 'standard' or a list, found text '@sender'; write it as a list: [\"@sender\"]"),
        ("api_keys: {web: {access: []}}\n", "3:26: api_keys.web.access: needs at least 1 item"),
        ("api_keys: {web: {access: [3]}}\n", "3:27: api_keys.web.access[0]: expected text, found the number 3; write it in quotes"),
        ("api_keys: {web: {access: [x]}}\n", "3:27: api_keys.web.access[0]: must be a permission such as /twilio/messaging/messages/create, or @ and the name of a permission set"),
        ("api_keys: {web: {access: ['@sender']}}\n", "3:26: api_keys.web.access: names the permission set @sender, which tenantry.yaml does not define (none is defined)"),
        ("api_keys: {web: {access: standard, generations: [1, 1]}}\n", "3:49: api_keys.web.generations: names 1 more than once"),
        ("api_keys: {web: {access: standard, generations: []}}\n", "3:49: api_keys.web.generations: needs at least 1 item"),
        ("api_keys: {web: {access: standard, adopt: SK1}}\n", "3:43: api_keys.web.adopt: must be the SID of an API key: SK and 32 hexadecimal digits"),
        (f"api_keys: {{web: {{access: standard, adopt: {SID}, generations: [2]}}}}\n", "3:43: api_keys.web: adopt takes over generation 1, which generations does not name; remove adopt"),
        ("attested: {hipaa: {value: [1], by: ana, on: '2026-01-01'}}\n", "3:27: attested.hipaa.value: expected true or false, a whole number or text, found a list"),
        ("attested: {hipaa: {value: true, by: '', on: '2026-01-01'}}\n", "3:37: attested.hipaa.by: must not be empty"),
        ("attested: {hipaa: {value: true, by: ana, on: 01.12.2026}}\n", '3:46: attested.hipaa.on: must be a day written as "YYYY-MM-DD"'),
        ("attested: {hipaa: {value: true, by: ana, on: 2026-02-30}}\n", "3:46: attested.hipaa.on: is not a day of the calendar: day is out of range for month"),
        ("ignore: {usage_triger/x: {reason: y}}\n", "3:10: ignore.usage_triger/x: must be one of subaccount, api_key, usage_trigger, event_sink, event_subscription, retention, then '/' and a name of yours, a name in Twilio, or a SID"),
        ("profiles: [hipaa]\n", "3:12: profiles: the profile 'hipaa' does not exist; write profiles/hipaa.yaml, or correct the name"),
        ("plan: smal\n", "3:7: plan: the plan 'smal' does not exist; write plans/smal.yaml, or correct the name"),
        ("state: close\n", "3:8: state: expected active, suspended, closed or released, found text 'close'; did you mean 'closed'?"),
        ("state: closed\n", '3:8: state: closed needs close_after: "YYYY-MM-DD", the first day on which it may be closed'),
        ("close_after: '2099-01-01'\n", "3:14: close_after is for state: closed only; remove it"),
        ("region: ie1\n", "3:9: region: regions other than us1 are not supported yet, found text 'ie1'"),
        ("hold: 1\n", "3:7: hold: expected a mapping, found the number 1"),
        ("hold: {reason: claim, since: '2026-01-02'}\n", "3:1: hold: the key 'by' is missing (who decided it, such as an email address)"),
        ("hold: {reason: claim, since: '2026-01-02', by: ana, released: {by: ben, on: '2026-01-01'}}\n", "3:63: hold: is released before it began, on 2026-01-02; correct one of the days"),
        ("manage: 1\n", "3:9: manage: expected observe, found the number 1"),
        ("environment: 1\n", "3:1: environment: not supported yet; remove it"),
        (f"account: {{adopt: {SID.replace('SK', 'AC')}, owner: x}}\n", "3:54: account.owner: not supported yet; remove it"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_one_sentence_at_its_place(acme_problems, lines, problem):
    assert acme_problems(lines) == [problem]


def test_two_tenant_keys_are_refused(problems):
    text = "tenant: acme\nname: Acme\ntenant: acme\n"
    assert problems({"tenants/acme.yaml": text}) == [
        "tenants/acme.yaml:3:1: tenant: this key is repeated; the first is in line 1"
    ]


def test_a_name_of_65_characters_is_refused(problems):
    assert problems({"tenants/acme.yaml": f"tenant: acme\nname: {'n' * 65}\n"}) == [
        "tenants/acme.yaml:2:7: name: has 65 characters; 64 at most are allowed"
    ]


@pytest.mark.parametrize(
    "name", ['" "', '" Acme"', '"Acme "', '"Acme\\nDental"', "|\n  Acme", '"\\u00a0Acme"', '"A\\u2028B"']
)
def test_a_name_is_one_line_without_blanks_around_it(problems, name):
    assert problems({"tenants/acme.yaml": f"tenant: acme\nname: {name}\n"}) == [f"tenants/acme.yaml:2:7: name: {NAME}"]


@pytest.mark.parametrize("name", ["A", "Bücher & Söhne (Nord)", "Dr. O'Neil / Zähne", "𝒜 Dental", "n" * 64])
def test_a_name_that_twilio_takes_is_taken(problems, name):
    assert problems({"tenants/acme.yaml": f'tenant: acme\nname: "{name}"\n'}) == []


@pytest.mark.parametrize(
    "value", ["0", "-0", "0.000001", "999999999999999.999999", "1e14", "0x1E", "1.5000000000000000000000000000000000"]
)
def test_a_trigger_value_that_twilio_takes_is_sent_as_it_was_written(project, value):
    text = f"usage_triggers:\n  sms: {{usage_category: sms, trigger_value: {value}, callback_url: /u}}\n"
    loaded = load(project({"tenants/acme.yaml": f"tenant: acme\nname: Acme\n{text}"}))
    assert not loaded.problems
    sent = {item.name: item.spec.props() for item in resources_of(loaded.tenants["acme"], date(2026, 11, 30))}
    meant = Decimal(int(value, 16) if value.startswith("0x") else value)
    assert Decimal(sent["acme/usage_trigger/sms"]["trigger_value"]) == meant
    assert not sent["acme/usage_trigger/sms"]["trigger_value"].startswith("-")


def test_an_offset_in_a_layer_is_told_once_where_it_is_written(problems):
    trigger = "usage_triggers: {sms: {usage_category: sms, trigger_value: +5, callback_url: /u}}\n"
    for file in ("defaults.yaml", "plans/unused.yaml"):
        assert problems({"defaults.yaml": "{}\n", file: trigger}) == [
            f"{file}:1:60: usage_triggers.sms.trigger_value: +5 is an offset in Twilio, from the usage when the trigger "
            "is made; write 5"
        ]


def test_a_manifest_without_a_name_is_told_what_it_lacks(problems):
    assert problems({"tenants/acme.yaml": "tenant: acme\n"}) == [
        "tenants/acme.yaml:1:1: the key 'name' is missing (name of the customer, for people)"
    ]


def test_a_path_without_a_base_is_refused(problems):
    files = {
        "tenantry.yaml": "format: 1\n",
        "tenants/acme.yaml": "tenant: acme\nname: A\ndebugger_webhook: {url: /e}\n",
    }
    assert problems(files) == [
        "tenants/acme.yaml:3:25: debugger_webhook.url: is a path, which needs a base: set webhooks in tenantry.yaml, "
        "or write a whole URL"
    ]


def test_an_unknown_category_is_a_warning(acme_problems):
    lines = "usage_triggers:\n  sms: {usage_category: smss, trigger_value: 1, callback_url: /usage}\n"
    assert acme_problems(lines) == [
        "4:25: warning: usage_triggers.sms.usage_category: 'smss' is not a usage category that we know; did you mean 'sms'?"
    ]


def test_a_category_in_other_case_gets_the_one_that_is_known(acme_problems):
    lines = "usage_triggers:\n  sms: {usage_category: SMS, trigger_value: 1, callback_url: /usage}\n"
    assert acme_problems(lines) == [
        "4:25: warning: usage_triggers.sms.usage_category: 'SMS' is not a usage category that we know; did you mean 'sms'?"
    ]


UNKNOWN = "is not a permission that we know, and Twilio refuses a key with one that does not exist"


@pytest.mark.parametrize(
    ("permission", "hint"),
    [
        ("/twilio/mesaging/messages/create", "did you mean '/twilio/messaging/messages/create'?"),
        ("/twilio/messaging/mesages/list", "did you mean '/twilio/messaging/messages/list'?"),
        ("/twilio/billing/usage/list", "did you mean '/twilio/billing/usage/read'?"),
        ("/twilio/x/y/*", "look it up on Twilio's page of restricted API keys"),
    ],
)
def test_an_unknown_permission_is_a_warning_where_it_is_written(problems, acme_problems, permission, hint):
    assert acme_problems(f"api_keys: {{web: {{access: [/twilio/voice/calls/*, {permission}]}}}}\n") == [
        f"3:50: warning: api_keys.web.access[1]: '{permission}' {UNKNOWN}; {hint}"
    ]
    project = f"format: 1\npermission_sets: {{s: [{permission}]}}\n"
    assert problems({"tenantry.yaml": project}) == [
        f"tenantry.yaml:2:23: warning: permission_sets.s[0]: '{permission}' {UNKNOWN}; {hint}"
    ]


def test_a_url_without_tls_is_a_warning(acme_problems):
    assert acme_problems("debugger_webhook: {url: http://owl.example/e}\n") == [
        "3:25: warning: debugger_webhook.url: is called without encryption, so anybody on the network path can read and change it; "
        "write https://"
    ]


def test_a_url_without_tls_is_an_error_when_strict(problems):
    trigger = "usage_triggers:\n  sms: {usage_category: sms, trigger_value: 1, callback_url: http://owl.example/u}\n"
    assert problems({"tenants/acme.yaml": f"tenant: acme\nname: A\n{trigger}"}, strict=True) == [
        "tenants/acme.yaml:4:62: usage_triggers.sms.callback_url: is called without encryption, so anybody on the network "
        "path can read and change it; write https://"
    ]


def test_a_base_without_tls_is_a_warning_of_the_project(problems):
    assert problems({"tenantry.yaml": "format: 1\nwebhooks: http://hooks.example\n"}) == [
        "tenantry.yaml:2:11: warning: webhooks: is called without encryption, so anybody on the network path can read and change it; "
        "write https://"
    ]


def test_an_unreadable_value_is_reported_once(acme_problems):
    assert acme_problems("retention: {calls: {keep_days: .inf}}\n") == [
        "3:32: retention.calls.keep_days: .inf is not a number that Twilio has; write a finite one"
    ]


def test_the_name_of_the_stacks_own_resource_is_no_slug(problems):
    assert problems({"tenants/fleet.yaml": "tenant: fleet\nname: Fleet\n"}) == [
        "tenants/fleet.yaml:1:9: tenant: is the name of the stack's own resource; take another slug"
    ]
