"""What a state holds."""

from tenantry.engine.state.deployment import list_held_ids

TRIGGER, KEY = f"UT{'a' * 32}", f"SK{'0' * 32}"


def test_the_objects_of_other_providers_and_those_that_are_leaving_are_held():
    resources = [
        {"urn": "urn:pulumi:dev::p::twilio:index:Trigger::spend", "id": f"AC{'1' * 32}/{TRIGGER}"},
        {"urn": "urn:pulumi:dev::p::x::y", "id": KEY, "delete": True},
        {"urn": "urn:pulumi:dev::p::component::c"},
    ]
    assert {TRIGGER, KEY} <= list_held_ids({"deployment": {"resources": resources}})


def test_a_stack_without_a_deployment_holds_nothing():
    assert list_held_ids({"deployment": None}) == frozenset()
