"""Without a state: accounts and objects are looked up by name, and nothing is called changed."""

from drift_world import WHOLE


def test_what_is_as_the_manifest_says_is_found_by_name(acme):
    report = acme.drift(without_state=True)
    assert (report.groups, report.state, report.tenants) == ((), "none", 2)


def test_what_differs_may_be_not_applied_yet_and_is_never_called_changed(acme):
    acme.set("acme/usage_trigger/monthly-sms", callback_url="https://elsewhere.example/x")
    acme.set("acme/event_subscription/debugger", types={"com.twilio.voice.insights.call-summary.complete": 1})
    acme.set("acme-2/api_key/sender-1", policy=["/twilio/voice/calls/create"])
    found = [(item.kind, item.name, item.differences[0].field) for item in acme.findings(without_state=True)]
    assert sorted(found) == [
        ("not_applied", "acme-2/api_key/sender-1", "policy"),
        ("not_applied", "acme/event_subscription/debugger", "types"),
        ("not_applied", "acme/usage_trigger/monthly-sms", "callback_url"),
    ]


def test_what_is_not_there_is_not_applied(acme):
    acme.delete("acme/usage_trigger/monthly-sms")
    (finding,) = acme.findings(without_state=True)
    assert (finding.kind, finding.reason, finding.account_sid) == (
        "not_applied",
        "it is not there yet",
        acme.sid("acme"),
    )


def test_what_no_manifest_names_is_unmanaged(acme):
    acme.put("usage_trigger", acme.sid("acme"), friendly_name="old-test")
    acme.put("subaccount", acme.fake.account_sid, friendly_name="Forgotten Inc")
    assert acme.list_findings(without_state=True) == [
        ("unmanaged", None, "subaccount"),
        ("unmanaged", "acme", "usage_trigger/old-test"),
    ]


class TestWhatHasTheNameAndIsAnother:
    """An `up` does not take it over, so drift does not say so: both ask the gateway of the kind."""

    def test_a_restricted_key_is_not_a_standard_one(self, acme):
        other = self._beside(acme, "acme/api_key/web-1", kind="restricted", policy=["/twilio/voice/calls/create"])
        (wanted,) = (finding for finding in acme.findings() if finding.kind == "not_applied")
        assert wanted.reason == (
            f"it is not there yet: {other} has its name, but is of the other type, and `tenantry up` makes another"
        )
        assert wanted.sid is None
        assert ("unmanaged", "acme", "api_key/web#1") in acme.list_findings()

    def test_a_standard_key_is_not_a_restricted_one(self, acme):
        other = self._beside(acme, "acme/api_key/sender-1", kind="standard", policy=None)
        (wanted,) = (item for item in acme.findings(without_state=True) if item.kind == "not_applied")
        assert f"{other} has its name, but is of the other type" in wanted.reason

    def test_a_trigger_of_another_value_is_not_ours(self, acme):
        acme.set("acme/usage_trigger/monthly-sms", trigger_value="5")
        other = acme.sid("acme/usage_trigger/monthly-sms")
        acme.forget("acme/usage_trigger/monthly-sms")
        (wanted,) = (finding for finding in acme.findings() if finding.kind == "not_applied")
        assert (
            f"{other} has its name, but has settings that can't be changed, and `tenantry up` makes another"
            in wanted.reason
        )

    def test_a_sink_of_another_url_is_not_ours(self, acme):
        configuration = {"destination": "https://elsewhere.example/x", "method": "post", "batch_events": False}
        acme.set("acme/event_sink/debugger", sink_configuration=configuration)
        found = [item for item in acme.findings(without_state=True) if item.kind == "not_applied"]
        assert [(item.entry, item.sid) for item in found] == [
            ("event_sink/debugger", None),
            ("event_subscription/debugger", None),
        ]

    def test_the_one_of_the_wanted_type_is_found_beside_it(self, acme):
        acme.put("api_key", acme.sid("acme"), friendly_name="sender#1")
        sid = acme.sid("acme/api_key/sender-1")
        acme.forget("acme/api_key/sender-1")
        (wanted,) = (finding for finding in acme.findings() if finding.kind == "not_applied")
        reason = "it is there already; `tenantry up` takes it over without its secret, or makes it anew if a run that "
        assert (wanted.sid, wanted.reason) == (sid, f"{reason}was killed made it")

    def _beside(self, acme, name, **fields):
        """Put another object in the place of one that the state then lacks."""
        acme.set(name, **fields)
        sid = acme.sid(name)
        acme.forget(name)
        return sid


def test_two_accounts_of_a_slug_are_duplicates_and_neither_is_compared(acme):
    acme.put("subaccount", acme.fake.account_sid, friendly_name="Acme Dental (acme)")
    acme.delete("acme/usage_trigger/monthly-sms")
    assert acme.list_findings(without_state=True) == [("duplicate", "acme", "subaccount")] * 2


def test_an_adopted_account_is_found_by_its_sid(acme):
    other = acme.put("subaccount", acme.fake.account_sid, friendly_name="Birch Inc")
    acme.write("birch", f"account: {{adopt: {other}}}\n")
    assert acme.list_findings(without_state=True) == []


def test_a_suspended_tenant_is_compared_with_what_it_has(acme):
    acme.set("acme", status="suspended")
    acme.write("acme", f"state: suspended\n{WHOLE}")
    acme.write("acme-2", f"state: suspended\n{WHOLE}")
    assert acme.list_findings(without_state=True) == [("not_applied", "acme-2", "account_state")]
