"""Adopt or create: existing objects are taken over, leftovers are deleted, and foreign objects are never touched."""

import pytest
from provider_plugin import failure
from provider_samples import CHILDREN, KEY, RESTRICTED, SINK, SUBSCRIPTION, TRIGGER

NOT_KEYS = [name for name, (kind, _) in CHILDREN.items() if kind != "api_key"]
CONFIGURATION = SINK["sink_configuration"]
OTHER_POLICY = ["/twilio/voice/calls/create"]


@pytest.mark.parametrize("name", NOT_KEYS)
def test_lost_state_takes_what_is_there_and_changes_nothing(operation, first, twilio, inputs, name):
    kind, props = inputs(name)
    resource = first.up(kind, props)
    twilio.forget()
    assert operation().up(kind, props).id == resource.id
    assert twilio.writes() == []


@pytest.mark.parametrize(
    ("name", "console"),
    [
        ("usage trigger", {"callback_url": "https://console.example/x"}),
        ("usage trigger", {"callback_method": "GET"}),
        ("event subscription", {"description": "mine"}),
    ],
)
def test_what_is_taken_over_is_brought_to_what_the_manifest_says(operation, first, twilio, inputs, name, console):
    kind, props = inputs(name)
    resource = first.up(kind, props)
    before = twilio.one(kind, props["account_sid"])
    twilio.console(resource.id, **console)
    taken = operation().up(kind, props)
    assert taken.id == resource.id
    assert operation().refresh(taken).inputs == resource.inputs
    assert twilio.one(kind, props["account_sid"])[next(iter(console))] == before[next(iter(console))]


@pytest.mark.parametrize(
    ("name", "console"),
    [
        ("usage trigger", {"trigger_value": "5.000000"}),
        ("usage trigger", {"usage_category": "calls"}),
        ("usage trigger", {"trigger_by": "price"}),
        ("usage trigger", {"recurring": None}),
        ("event sink", {"sink_configuration": {"destination": "https://b.example", "method": "post"}}),
    ],
)
def test_a_difference_that_twilio_cannot_change_replaces_the_object(operation, first, twilio, inputs, name, console):
    kind, props = inputs(name)
    resource = first.up(kind, props)
    twilio.console(resource.id, **console)
    taken = operation().up(kind, props)
    assert taken.id != resource.id
    assert twilio.sids(kind, props["account_sid"]) == [taken.id]


@pytest.mark.parametrize("name", ["usage trigger", "event sink"])
def test_doubles_become_one(operation, first, twilio, inputs, name):
    kind, props = inputs(name)
    first.up(kind, props)
    record = twilio.one(kind, props["account_sid"])
    settable = {
        key: value for key, value in record.items() if not key.startswith("date") and key not in ("sid", "account_sid")
    }
    twilio.put(kind, props["account_sid"], **settable)
    taken = operation().up(kind, props)
    assert twilio.sids(kind, props["account_sid"]) == [taken.id]


@pytest.mark.parametrize("name", CHILDREN)
def test_a_replacement_that_people_force_does_not_delete_what_it_took_over(operation, first, twilio, inputs, name):
    kind, props = inputs(name)
    resource = first.up(kind, props)
    twilio.later(minutes=61)
    plugin = operation()
    assert plugin.up(kind, props).id == resource.id
    plugin.destroy(resource)
    assert twilio.sids(kind, props["account_sid"]) == [resource.id]
    operation().destroy(resource)
    assert twilio.sids(kind, props["account_sid"]) == []


@pytest.mark.parametrize("name", CHILDREN)
def test_what_bears_another_name_is_never_touched(operation, twilio, inputs, name):
    kind, props = inputs(name)
    account = props["account_sid"]
    more = {"sink_sid": twilio.put("event_sink", account)} if kind == "event_subscription" else {}
    foreign = twilio.put(kind, account, **more)
    before = next(record for record in twilio.all(kind, account) if record["sid"] == foreign)
    plugin = operation()
    resource = plugin.up(kind, props)
    assert plugin.up(kind, props, resource).did == "same"
    plugin.destroy(resource)
    assert [record for record in twilio.all(kind, account) if record["sid"] == foreign] == [before]


def test_a_sink_of_another_type_is_not_ours_to_see(operation, twilio, account):
    foreign = twilio.put("event_sink", account, description=SINK["description"], sink_type="kinesis")
    operation().up("event_sink", {**SINK, "account_sid": account})
    assert foreign in twilio.sids("event_sink", account)


FOREIGN = {
    "standard key": {},
    "restricted key": {"kind": "restricted", "policy": OTHER_POLICY},
    "usage trigger": {"trigger_by": "count", "trigger_value": "1000.000000", "recurring": "monthly"},
    "event sink": {"sink_configuration": {**CONFIGURATION, "method": "post"}},
    "event subscription": {"types": {"com.twilio.messaging.message.sent": 1}},
}
"""What makes an object of the Console one that can become the sample; the rest can be updated."""


class TestAdopt:
    """`adopt: SID` takes exactly that object, whatever it is called."""

    @pytest.fixture(params=CHILDREN)
    def existing(self, request, twilio, inputs):
        kind, props = inputs(request.param)
        more = {"sink_sid": props["sink_sid"]} if kind == "event_subscription" else {}
        sid = twilio.put(kind, props["account_sid"], **FOREIGN[request.param], **more)
        return kind, {**props, "adopt": sid}

    def test_takes_it_and_brings_it_to_what_the_manifest_says(self, operation, twilio, existing):
        kind, props = existing
        twilio.later(minutes=5)
        plugin = operation()
        taken = plugin.up(kind, props)
        assert (taken.id, twilio.sids(kind, props["account_sid"])) == (props["adopt"], [props["adopt"]])
        assert "secret" not in taken.outputs
        found = operation().refresh(taken)
        assert found.inputs == taken.inputs
        assert plugin.up(kind, props, found).did == "same"

    def test_renames_an_entry_without_a_moment_in_which_the_object_is_gone(self, operation, first, twilio, inputs):
        kind, props = inputs("usage trigger")
        old = first.up(kind, props)
        plugin = operation()
        renamed = plugin.up(kind, {**props, "friendly_name": "new-name", "adopt": old.id})
        plugin.destroy(old)  # the old entry is gone from the manifest; deletes run last
        assert (renamed.id, twilio.one(kind, props["account_sid"])["friendly_name"]) == (old.id, "new-name")

    def test_survives_that_the_manifest_stops_saying_so(self, operation, existing):
        kind, props = existing
        plugin = operation()
        taken = plugin.up(kind, props)
        del props["adopt"]
        assert plugin.up(kind, props, taken).did == "same"

    def test_refuses_what_is_not_there_and_names_the_entry(self, operation, twilio, existing):
        kind, props = existing
        missing = props["adopt"][:2] + "9" * 32
        message = failure(operation().up, kind, {**props, "adopt": missing})
        assert message.startswith(f"Adopting {missing} as ")
        assert "Correct adopt in the manifest" in message

    # Not a subscription: a sink has room for one, so there is never another one to adopt.
    @pytest.mark.parametrize("existing", [name for name in CHILDREN if name != "event subscription"], indirect=True)
    def test_replaces_an_object_that_we_made_by_the_one_to_adopt(self, operation, twilio, existing):
        kind, props = existing
        own = {key: value for key, value in props.items() if key != "adopt"}
        own = {**own, "friendly_name": "own", "description": "own"}
        plugin = operation()
        resource = plugin.up(kind, own)
        taken = plugin.up(kind, props, resource)
        assert (taken.did, taken.id) == ("replace", props["adopt"])
        assert twilio.sids(kind, props["account_sid"]) == [props["adopt"]]

    @pytest.mark.parametrize(
        ("name", "wanted", "wrong"),
        [
            ("standard key", {"policy": OTHER_POLICY}, "access is standard at Twilio and restricted in the manifest"),
            (
                "usage trigger",
                {"trigger_value": "5", "usage_category": "calls", "recurring": None},
                "recurring is monthly at Twilio and not set in the manifest; "
                "trigger_value is 1000 at Twilio and 5 in the manifest; "
                "usage_category is sms at Twilio and calls in the manifest",
            ),
            (
                "event sink",
                {
                    "sink_configuration": {
                        "destination": "https://u:p@hooks.owl.example/acme",
                        "method": "GET",
                        "batch_events": True,
                    }
                },
                "sink_configuration.batch_events is false at Twilio and true in the manifest; "
                "sink_configuration.destination is https://hooks.owl.example/acme at Twilio and "
                "https://…@hooks.owl.example/acme in the manifest; "
                "sink_configuration.method is POST at Twilio and GET in the manifest",
            ),
            ("event subscription", {"sink_sid": "DG" + "9" * 32}, "at Twilio and DG999"),
        ],
    )
    def test_refuses_what_could_only_be_settled_by_another_object(self, operation, twilio, inputs, name, wanted, wrong):
        kind, props = inputs(name)
        more = {"sink_sid": props["sink_sid"]} if kind == "event_subscription" else {}
        sid = twilio.put(kind, props["account_sid"], **FOREIGN[name], **more)
        twilio.forget()
        changed = {key: value for key, value in {**props, **wanted}.items() if value is not None}
        message = failure(operation().up, kind, {**changed, "adopt": sid})
        assert "a setting that can't be changed in Twilio differs from the manifest" in message
        assert wrong in message
        assert "remove adopt to have a new one made" in message
        assert twilio.writes() == []

    def test_a_subscription_of_an_adopted_sink_is_taken_over_too(self, operation, twilio, account):
        sink = twilio.put("event_sink", account, **FOREIGN["event sink"])
        subscription = twilio.put("event_subscription", account, sink_sid=sink)
        taken = operation().up("event_subscription", {**SUBSCRIPTION, "account_sid": account, "sink_sid": sink})
        assert taken.id == subscription


def test_an_account_that_this_process_has_made_is_not_listed(operation, twilio):
    plugin = operation()
    account = plugin.up("subaccount", {"slug": "acme", "friendly_name": "Acme (acme)"}).id
    twilio.forget()
    for kind, props in (("api_key", KEY), ("api_key", RESTRICTED), ("usage_trigger", TRIGGER), ("event_sink", SINK)):
        plugin.up(kind, {**props, "account_sid": account})
    assert [asked for asked in twilio.list_requests() if asked.method == "GET"] == []
    assert len(twilio.writes()) == 4
