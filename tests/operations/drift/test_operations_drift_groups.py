"""One cause is one group, whatever number of tenants it is found in."""

from drift_world import WHOLE

from faketwilio.store.fault import Fault
from tenantry.reports.drift.sentences import write_headline

ELSEWHERE = "https://elsewhere.example/x"


def many(world, count):
    for number in range(count):
        world.write(f"t{number:02}")
    world.apply()


def test_the_same_change_in_many_tenants_is_one_group(world):
    many(world, 12)
    for number in range(12):
        world.set(f"t{number:02}/usage_trigger/monthly-sms", callback_url=ELSEWHERE)
    (group,) = world.drift().groups
    wanted = "https://hooks.owl.example/twilio/usage"
    assert group.cause == f'callback_url: wanted "{wanted}", found "{ELSEWHERE}"'
    assert [finding.tenant for finding in group.findings] == [f"t{number:02}" for number in range(12)]
    assert group.settle.startswith("`tenantry up --refresh`")


def test_values_that_name_the_tenant_itself_are_one_cause(acme):
    for slug in ("acme", "acme-2"):
        configuration = {"destination": f"https://evil.example/{slug}", "method": "post", "batch_events": False}
        acme.set(f"{slug}/event_sink/debugger", sink_configuration=configuration)
    (group,) = acme.drift().groups
    assert (
        'wanted "https://hooks.owl.example/twilio/errors/{tenant}", found "https://evil.example/{tenant}"'
        in group.cause
    )
    assert len(group.findings) == 2


def test_another_value_is_another_cause(acme):
    acme.set("acme/usage_trigger/monthly-sms", callback_url=ELSEWHERE)
    acme.set("acme-2/usage_trigger/monthly-sms", callback_url="https://evil.example/x")
    assert len(acme.drift().groups) == 2


def test_the_most_severe_come_first_and_then_the_largest(acme):
    acme.write("acme-2", WHOLE.replace("/usage", "/usage/new"))
    acme.put("event_sink", acme.sid("acme"), description="theirs")
    acme.delete("acme/usage_trigger/monthly-sms")
    acme.write("acme", WHOLE + 'attested: {hipaa: {value: true, by: ana@owl.example, on: "2026-11-01"}}\n')
    report = acme.drift()
    assert [(group.severity, group.kind) for group in report.groups] == [
        ("high", "missing"),
        ("low", "unmanaged"),
        ("low", "not_applied"),
        ("note", "attested"),
    ]
    assert report.counts.model_dump() == {"high": 1, "low": 2, "note": 1}


def test_equal_affairs_give_equal_reports(acme):
    acme.set("acme/usage_trigger/monthly-sms", callback_url=ELSEWHERE)
    acme.delete("acme-2/api_key/web-1")
    assert acme.drift() == acme.drift()


def test_a_group_of_a_few_tenants_names_them_in_its_command(acme):
    for slug in ("acme", "acme-2"):
        acme.delete(f"{slug}/api_key/web-1")
    (group,) = acme.drift().groups
    assert group.settle == "`tenantry up acme acme-2 --refresh` makes it again"


def test_accounts_without_a_manifest_are_one_group_that_names_each(acme):
    sids = [acme.put("subaccount", acme.fake.account_sid, friendly_name=name) for name in ("Fig Inc", "Gum Inc")]
    (group,) = acme.drift().groups
    assert (group.kind, group.cause, {finding.sid for finding in group.findings}) == ("unmanaged", "", set(sids))
    assert {finding.reason for finding in group.findings} == {"'Fig Inc' is active", "'Gum Inc' is active"}


def test_the_same_reason_in_many_tenants_is_told_once(acme):
    refusal = {"status": 401, "code": 20003, "message": "Authenticate", "times": None}
    acme.fake.store.faults.append(Fault("error", path_contains="/Keys", **refusal))
    (group,) = acme.drift().groups
    assert group.cause.startswith("Listing the API keys of account AC…: Twilio answered 401, error 20003 Authenticate.")
    assert [finding.tenant for finding in group.findings] == ["acme", "acme-2"]


def test_each_generation_of_a_key_is_a_cause_of_its_own(world):
    world.apply(acme="api_keys: {web: {access: standard, generations: [1, 2]}}\n")
    world.delete("acme/api_key/web-1")
    world.delete("acme/api_key/web-2")
    assert [write_headline(group) for group in world.drift().groups] == [
        "api_key/web-1: the new key has a new secret",
        "api_key/web-2: the new key has a new secret",
    ]
