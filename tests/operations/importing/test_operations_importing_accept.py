"""Drift that is accepted goes into the tenant's manifest, or into the layer if all of its tenants agree."""

import pytest
from importing_world import HOOKS, SEND, TODAY, Fleet

from tenantry.operations.drift.delete import delete_strange, find_strange
from tenantry.operations.drift.story import find_drift
from tenantry.operations.errors import StoppedError
from tenantry.operations.importing.accept import accept_findings, choose_findings
from tenantry.twilio.session import Session


class Accepting:
    """Six imported tenants, their layers, and what somebody changes in the Console."""

    def __init__(self, fleet: Fleet) -> None:
        self.fleet = fleet
        self.sids = [fleet.customer(f"Practice {number}", f"practice-{number}") for number in range(6)]
        fleet.run()

    def change(self, *numbers: int, **fields: object) -> None:
        """Change the trigger for messages of some tenants."""
        for number in numbers:
            self.fleet.set(self.trigger(number), **fields)

    def trigger(self, number: int) -> str:
        tenant = self.fleet.loaded.tenants[f"practice-{number}"]
        return str(tenant.usage_triggers["monthly-sms"].adopt)

    def report(self):

        return find_drift(self.fleet.loaded, None, self.session, TODAY)

    @property
    def session(self) -> Session:
        return Session.from_env(self.fleet.environ)

    def accept(self, *names: str):
        report, loaded = self.report(), self.fleet.loaded
        return accept_findings(self.fleet.folder, loaded, choose_findings(report, names), self.session)


@pytest.fixture
def accepting(fleet):
    return Accepting(fleet)


def values_of(report):
    return [(value.tenant, value.path, value.file) for value in report.accepted]


def test_what_one_tenant_has_goes_into_its_own_manifest(accepting):
    accepting.change(2, callback_url=f"{HOOKS}/other")
    path = "usage_triggers.monthly-sms.callback_url"
    assert values_of(accepting.accept()) == [("practice-2", path, "tenants/practice-2.yaml")]
    assert accepting.fleet.drift() == []


def test_what_all_tenants_of_a_layer_have_goes_into_the_layer(accepting):
    layer = accepting.fleet.folder / "defaults.yaml"
    layer.write_text(layer.read_text().replace("usage_triggers:", "usage_triggers:  # watched by ops"))
    accepting.change(*range(6), trigger_value="2000.000000")
    report = accepting.accept()
    assert values_of(report) == [(None, "usage_triggers.monthly-sms.trigger_value", "defaults.yaml")]
    assert "# watched by ops" in layer.read_text()
    assert "trigger_value: 2000" in layer.read_text()
    assert accepting.fleet.drift() == []


def test_a_tenant_that_cannot_be_read_has_no_say_in_a_layer(accepting):
    accepting.fleet.account("Willow", status="suspended")
    accepting.fleet.run()
    accepting.change(*range(6), trigger_value="2000.000000")
    assert [value.file for value in accepting.accept().accepted] == ["defaults.yaml"]
    assert accepting.fleet.drift() == []


def test_an_adopted_object_that_is_gone_is_taken_out(accepting):
    gone = accepting.trigger(1)
    accepting.fleet.delete(gone)
    assert [finding.differences[0].wanted for finding in accepting.fleet.drift()] == [gone]
    assert [value.path for value in accepting.accept().accepted] == ["usage_triggers.monthly-sms"]
    assert "monthly-sms: null" in accepting.fleet.text("tenants/practice-1.yaml")
    assert accepting.fleet.drift() == []


def test_where_they_do_not_agree_each_says_its_own(accepting):
    accepting.change(*range(5), trigger_value="2000.000000")
    assert {file for _, _, file in values_of(accepting.accept())} == {f"tenants/practice-{n}.yaml" for n in range(5)}
    assert accepting.fleet.drift() == []


def test_a_finding_can_be_named(accepting):
    accepting.change(1, 2, callback_method="GET")
    report = accepting.accept("practice-1/usage_trigger/monthly-sms")
    assert [tenant for tenant, _, _ in values_of(report)] == ["practice-1"]
    assert [finding.tenant for finding in accepting.fleet.drift()] == ["practice-2"]
    with pytest.raises(StoppedError, match="no finding 'practice-9'"):
        accepting.accept("practice-9")


def test_a_new_name_and_new_permissions_are_accepted(accepting):
    accepting.change(0, friendly_name="SMS of the month")
    key = accepting.fleet.loaded.tenants["practice-0"].api_keys["sender"].adopt
    accepting.fleet.set(str(key), policy=SEND[:1])
    assert accepting.accept().refused == ()
    assert accepting.fleet.drift() == []


def test_a_new_object_becomes_an_entry(accepting):
    sid = accepting.fleet.key(accepting.sids[3], "Web")
    report = accepting.accept()
    assert values_of(report) == [("practice-3", "api_keys.web-2", "tenants/practice-3.yaml")] or sid in str(report)
    assert accepting.fleet.loaded.tenants["practice-3"].api_keys["web-2"].adopt == sid
    assert accepting.fleet.drift() == []


def test_a_url_that_may_hold_a_secret_is_refused(accepting):
    accepting.change(0, callback_url=f"{HOOKS}/usage?token=abc")
    before = accepting.fleet.files()
    report = accepting.accept()
    assert [refused.tenant for refused in report.refused] == ["practice-0"]
    assert "abc" not in report.model_dump_json()
    assert accepting.fleet.files() == before


def test_only_what_no_manifest_names_is_deleted(accepting):
    sid = accepting.fleet.key(accepting.sids[0], "Stranger")
    strange = find_strange(accepting.report(), sid)
    assert "Stranger" in strange.sentence
    delete_strange(accepting.session, strange)
    assert accepting.fleet.drift() == []
    accepting.change(0, callback_method="GET")
    for known in (accepting.trigger(0), sid):
        with pytest.raises(StoppedError, match="Nothing was deleted"):
            find_strange(accepting.report(), known)
