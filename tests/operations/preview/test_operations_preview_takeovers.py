"""What a plan says of what is there already, beside a fake Twilio and without an engine."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from faketwilio.control.console import act
from faketwilio.server import FakeTwilio
from faketwilio.store.fault import fault_of
from tenantry.engine.events.changes import Change
from tenantry.engine.events.plan import Plan, Step
from tenantry.engine.events.urn import COMPONENT
from tenantry.engine.install.find import Engine
from tenantry.engine.run.command import Project
from tenantry.engine.state.record import StackRecord
from tenantry.engine.state.unfinished import Mark
from tenantry.manifest.load import load
from tenantry.model.kinds import BY_TOKEN
from tenantry.model.resources import resources_of
from tenantry.operations.changes.danger import find_danger
from tenantry.operations.preview.takeovers import Takeovers
from tenantry.operations.stack.open import Opened
from tenantry.providers.existing import UNKNOWN_SECRET, find_existing

TODAY = date(2026, 11, 22)
TOKENS = {kind: token for token, kind in BY_TOKEN.items()}
SINK = {"destination": "https://hooks.owl.example/errors", "method": "post", "batch_events": False}
UNKNOWN = {"secret": (None, UNKNOWN_SECRET)}
ACME = """\
tenant: acme
name: Acme
api_keys: {web: {access: standard}}
usage_triggers:
  sms: {usage_category: sms, trigger_by: count, trigger_value: 1000, callback_url: "https://hooks.owl.example/usage"}
debugger_webhook: {url: "https://hooks.owl.example/errors"}
retention: {messages: {keep_days: 30}}
"""


@pytest.fixture
def fake():
    with FakeTwilio() as fake:
        yield fake


def put(fake, kind, account=None, **fields):
    """Make an object as somebody in the Console does; return its SID."""
    order = {"create": kind, "account": account or fake.account_sid, "fields": fields}
    return act(fake.store, order)["sid"]


def open_stack(folder, fake, text=ACME, **environ):
    (folder / "tenants").mkdir(exist_ok=True)
    (folder / "tenantry.yaml").write_text("format: 1\n")
    (folder / "tenants" / "acme.yaml").write_text(text)
    credentials = {
        "TWILIO_ACCOUNT_SID": fake.account_sid,
        "TWILIO_AUTH_TOKEN": fake.auth_token,
        "TENANTRY_TWILIO_URL": fake.url,
    }
    project = Project(folder, "dev", Engine(folder / "pulumi", "v3.259.0", "PATH"), {**credentials, **environ})
    return Opened(project, load(folder, "dev"))


def first_plan(stack, *, fleet=True):
    """Return the plan of a stack without a state, as the engine has it: all of it is created."""
    created = resources_of(stack.loaded.tenants["acme"], TODAY)
    steps = [
        _step("create", "subaccount" if item.kind == "subaccount" else item.kind, item.name, item) for item in created
    ]
    fleets = [Step("create", "urn:pulumi:dev::owl::fleet::fleet", TOKENS["fleet"], "fleet", None, ())] if fleet else []
    bracket = Step("create", f"urn:pulumi:dev::owl::{COMPONENT}::acme", COMPONENT, "acme", "acme", ())
    return Plan((*fleets, bracket, *steps), (), {}, (), (), ())


def _step(op, kind, name, resource):
    changes = tuple(Change(path, "add", None, value) for path, value in resource.spec.props().items())
    return Step(op, f"urn:pulumi:dev::owl::{COMPONENT}${TOKENS[kind]}::{name}", TOKENS[kind], name, "acme", changes)


def foreseen(stack, plan=None, *, marks=(), exported=None, refresh=False, ask=Takeovers.foresee_all):
    record = StackRecord(stack.project, exported or {}, marks)
    more = {"refresh": refresh} if ask is Takeovers.foresee_likely else {}
    return ask(Takeovers(stack, record, TODAY, find_existing), plan or first_plan(stack), **more)


def ops(found):
    return {step.name: step.op for step in found.plan.steps if step.type != COMPONENT}


def step_of(found, name):
    [step] = [step for step in found.plan.steps if step.name == name and step.type != COMPONENT]
    return step


def changes(found, name):
    text = step_of(found, name).changes
    return {change.path: (change.old, change.new) for change in text if change.path not in ("slug", "active")}


def killed_run(fake):
    """Return the marks of a run that was killed just now, in all tenants."""
    return (Mark(fake.store.clock.now()),)


def test_a_recovery_takes_over_what_exists_and_creates_the_rest(tmp_path, fake):
    account = put(fake, "subaccount", friendly_name="Acme Inc (acme)")
    put(fake, "api_key", account, friendly_name="web#1")
    put(
        fake,
        "usage_trigger",
        account,
        friendly_name="sms",
        usage_category="sms",
        trigger_by="count",
        trigger_value="1000",
        callback_url="https://elsewhere.example/x",
    )
    found = foreseen(open_stack(tmp_path, fake, TENANTRY_RECOVER="1"))
    assert ops(found) == {
        "fleet": "create",
        "acme": "adopt",
        "acme/api_key/web-1": "adopt",
        "acme/usage_trigger/sms": "adopt",
        "acme/event_sink/debugger": "create",
        "acme/event_subscription/debugger": "create",
        "acme/retention": "adopt",
    }
    assert changes(found, "acme") == {
        "friendly_name": ("Acme Inc (acme)", "Acme (acme)"),
        "recovers": (None, f"{account} 'Acme Inc (acme)'"),
    }
    assert find_danger(step_of(found, "acme")) == "recover"
    assert changes(found, "acme/api_key/web-1") == UNKNOWN
    assert changes(found, "acme/usage_trigger/sms") == {
        "callback_url": ("https://elsewhere.example/x", "https://hooks.owl.example/usage")
    }
    assert found.traffic.requests > 0


def test_an_account_that_is_not_provably_ours_is_refused(tmp_path, fake):
    account = put(fake, "subaccount", friendly_name="Acme (acme)")
    stack = open_stack(tmp_path, fake)
    found = foreseen(stack)
    assert found.plan.steps == first_plan(stack).steps
    [error] = found.plan.errors
    assert f"{account} 'Acme (acme)'" in error.message
    assert "`tenantry up --recover`" in error.message


def test_an_everyday_up_asks_nothing_and_one_after_a_killed_run_warns(tmp_path, fake):
    put(fake, "subaccount", friendly_name="Acme (acme)")
    stack = open_stack(tmp_path, fake)
    fake.store.request_log.clear()
    assert foreseen(stack, ask=Takeovers.foresee_likely).plan == first_plan(stack)
    assert list(fake.store.request_log.log) == []
    before = (Mark(datetime(2020, 1, 1, tzinfo=UTC)),)
    found = foreseen(stack, marks=before, ask=Takeovers.foresee_likely)
    assert [warning.severity for warning in found.plan.warnings] == ["warning"]
    assert found.plan.errors == ()


def test_takes_over_what_a_killed_run_made_except_keys_without_secret(tmp_path, fake):
    marks = killed_run(fake)
    account = put(fake, "subaccount", friendly_name="Acme (acme)")
    put(fake, "api_key", account, friendly_name="web#1")
    stack = open_stack(tmp_path, fake)
    fake.store.request_log.clear()
    found = foreseen(stack, marks=marks)
    assert (ops(found)["acme"], ops(found)["acme/api_key/web-1"]) == ("adopt", "create")
    assert changes(found, "acme") == {"takes_over": (None, f"{account} 'Acme (acme)', of a run that did not end")}
    assert {line[0] for line in fake.store.request_log.log} == {"GET"}


@pytest.fixture
def older_state(fake):
    """Return a state with the account of acme alone; Twilio has a key and a trigger in it."""
    account = put(fake, "subaccount", friendly_name="Acme (acme)")
    put(fake, "api_key", account, friendly_name="web#1")
    trigger = {"usage_category": "sms", "trigger_by": "count", "trigger_value": "1000"}
    put(fake, "usage_trigger", account, friendly_name="sms", callback_url="https://hooks.owl.example/usage", **trigger)
    urn = f"urn:pulumi:dev::owl::{COMPONENT}${TOKENS['subaccount']}::acme"
    held = {"urn": urn, "type": TOKENS["subaccount"], "id": account, "inputs": {}, "outputs": {}}
    return {"deployment": {"resources": [held]}}


def rest_plan(stack):
    """Return the plan for what the state lacks where it has the account alone."""
    first = first_plan(stack, fleet=False)
    return Plan(tuple(step for step in first.steps if step.name != "acme"), (), {}, (), (), ())


def test_takes_over_what_an_older_state_lacks_with_unknown_secrets(tmp_path, fake, older_state):
    stack = open_stack(tmp_path, fake)
    found = foreseen(stack, rest_plan(stack), exported=older_state)
    assert ops(found) == {
        "acme/api_key/web-1": "adopt",
        "acme/usage_trigger/sms": "adopt",
        "acme/event_sink/debugger": "create",
        "acme/event_subscription/debugger": "create",
        "acme/retention": "create",
    }
    assert changes(found, "acme/api_key/web-1") == UNKNOWN
    assert changes(found, "acme/usage_trigger/sms") == {}


def test_an_everyday_up_looks_only_for_keys_in_known_accounts(tmp_path, fake, older_state):
    stack = open_stack(tmp_path, fake)
    fake.store.request_log.clear()
    found = foreseen(stack, rest_plan(stack), exported=older_state, ask=Takeovers.foresee_likely)
    assert [name for name, op in ops(found).items() if op == "adopt"] == ["acme/api_key/web-1"]
    assert len(fake.store.request_log.log) == 3  # the accounts, the keys of one, and what no list tells of a key
    refreshed = foreseen(stack, rest_plan(stack), exported=older_state, refresh=True, ask=Takeovers.foresee_likely)
    assert ops(refreshed)["acme/usage_trigger/sms"] == "adopt"


def test_an_adopted_subscription_keeps_the_types_that_are_not_ours(tmp_path, fake):
    account = put(fake, "subaccount", friendly_name="Old name")
    sink = put(fake, "event_sink", account, description="theirs", sink_type="webhook", sink_configuration=SINK)
    types = {"com.twilio.messaging.message.delivered": 1}
    subscription = put(fake, "event_subscription", account, description="theirs", sink_sid=sink, types=types)
    text = ACME.replace(
        'errors"}', f'errors", adopt: {{sink: {sink}, subscription: {subscription}}}}}\naccount: {{adopt: {account}}}'
    )
    found = foreseen(open_stack(tmp_path, fake, text))
    assert changes(found, "acme")["takes_over"] == (None, f"{account} 'Old name'")
    both = ["com.twilio.error-logs.error.logged", *types]
    assert changes(found, "acme/event_subscription/debugger")["types"] == (list(types), both)


WRONG = """\
tenant: acme
name: Acme
account: {{adopt: {account}}}
api_keys: {{web: {{access: standard, adopt: SK{sid}}}, mail: {{access: standard, adopt: SK1{sid:.31}}}}}
usage_triggers:
  sms:
    {{usage_category: sms, trigger_by: count, trigger_value: 1000, callback_url: "https://e.example/u", adopt: UT{sid}}}
debugger_webhook: {{url: "https://e.example/e", adopt: {{sink: DG{sid}, subscription: DF{sid}}}}}
"""


@pytest.mark.parametrize("ask", [Takeovers.foresee_all, Takeovers.foresee_likely])
def test_all_wrong_adoptions_of_a_tenant_are_told_at_once(tmp_path, fake, ask):
    account = put(fake, "subaccount", friendly_name="Birch (birch)")
    stack = open_stack(tmp_path, fake, WRONG.format(account=account, sid="0" * 32))
    (tmp_path / "tenants" / "birch.yaml").write_text("tenant: birch\nname: Birch\n")
    stack = replace(stack, loaded=load(tmp_path, "dev"))
    found = foreseen(stack, ask=ask, refresh=True)
    texts = [warning.message for warning in (*found.plan.errors, *found.plan.warnings)]
    assert [message.split()[1:3] for message in texts] == [
        ["account", account],
        *(
            [sid, "as"]
            for sid in ("SK1" + "0" * 31, "SK" + "0" * 32, "UT" + "0" * 32, "DG" + "0" * 32, "DF" + "0" * 32)
        ),
    ]


@pytest.mark.parametrize("status", ["closed", "unknown"])
def test_an_account_that_can_not_be_adopted_is_told_in_the_preview(tmp_path, fake, status):
    account = put(fake, "subaccount", friendly_name="Old name") if status == "closed" else "AC" + "1" * 32
    if status == "closed":
        act(fake.store, {"set": account, "fields": {"status": status}})
    stack = open_stack(tmp_path, fake, ACME + f"account: {{adopt: {account}}}\n")
    [error] = foreseen(stack).plan.errors
    assert error.message.startswith(f"Adopting account {account} for acme: ")
    assert f"Adopt a subaccount of {fake.account_sid} that is not closed" in error.message


def test_twilio_is_not_asked_where_nothing_is_made_or_without_credentials(tmp_path, fake):
    put(fake, "subaccount", friendly_name="Acme (acme)")
    stack = open_stack(tmp_path, fake)
    nothing = Plan((), (), {}, (), (), ())
    fake.store.request_log.clear()
    assert foreseen(stack, nothing, refresh=True).plan == nothing
    nobody = open_stack(tmp_path, fake, TWILIO_AUTH_TOKEN="")
    assert foreseen(nobody, refresh=True).plan == first_plan(nobody)
    assert list(fake.store.request_log.log) == []


def test_where_twilio_refuses_the_plan_stays_and_a_warning_says_so(tmp_path, fake):
    stack = open_stack(tmp_path, fake)
    fake.store.faults.append(fault_of({"mode": "error", "status": 403, "code": 20003, "path_contains": "/Accounts"}))
    found = foreseen(stack)
    assert found.plan.steps == first_plan(stack).steps
    [warning] = found.plan.warnings
    assert warning.message.startswith("Whether accounts and objects that are to be made or taken over are in Twilio")
