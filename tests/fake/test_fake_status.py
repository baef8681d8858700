"""The status page: the shapes of the Statuspage API v2, and incidents by the control plane."""

import pytest


@pytest.fixture
def page(wire):
    def _page(name):
        answer = wire.session.get(
            f"{wire.fake.url}/api/v2/{name}.json", headers={"Host": "status.twilio.com"}, timeout=120
        )
        assert answer.status_code == 200
        return answer.json()

    return _page


@pytest.fixture
def say(wire):
    def _say(**order):
        return wire.fake_control("POST", "/status", order)

    return _say


def test_at_first_all_is_well_and_no_credentials_are_asked_for(page):
    summary = page("summary")
    assert set(summary) == {"page", "status", "components", "incidents", "scheduled_maintenances"}
    assert summary["page"]["url"] == "https://status.twilio.com"
    assert summary["status"] == {"indicator": "none", "description": "All Systems Operational"}
    assert {component["status"] for component in summary["components"]} == {"operational"}
    assert summary["incidents"] == summary["scheduled_maintenances"] == []


def test_an_incident_goes_on_until_it_is_resolved(wire, page, say):
    say(incident="SMS delays", impact="major", body="We look into it.", components=["Programmable Messaging"])
    wire.advance(600)
    say(incident="SMS delays", status="monitoring", body="A fix is out.")
    [incident] = page("summary")["incidents"]
    assert (incident["name"], incident["status"], incident["impact"]) == ("SMS delays", "monitoring", "major")
    assert [incident_update["body"] for incident_update in incident["incident_updates"]] == [
        "A fix is out.",
        "We look into it.",
    ]
    assert [incident_update["name"] for incident_update in incident["components"]] == ["Programmable Messaging"]
    assert page("status")["status"] == {"indicator": "major", "description": "Partial System Outage"}
    wire.advance(600)
    say(incident="SMS delays", status="resolved")
    assert page("summary")["incidents"] == page("incidents/unresolved")["incidents"] == []
    [over] = page("incidents")["incidents"]
    assert (over["started_at"], over["monitoring_at"], over["resolved_at"]) == (
        "2027-01-15T12:00:00.000Z",
        "2027-01-15T12:10:00.000Z",
        "2027-01-15T12:20:00.000Z",
    )
    assert page("status")["status"]["indicator"] == "none"


def test_the_worst_incident_is_the_indicator(page, say):
    say(incident="one", impact="minor")
    say(incident="two", impact="critical")
    assert page("status")["status"] == {"indicator": "critical", "description": "Major Service Outage"}
    assert [incident["name"] for incident in page("incidents")["incidents"]] == ["two", "one"]


def test_a_component_can_be_in_trouble(page, say):
    say(component="Console", status="partial_outage")
    found = {component["name"]: component["status"] for component in page("components")["components"]}
    assert (found["Console"], found["REST API"]) == ("partial_outage", "operational")


@pytest.mark.parametrize(
    ("order", "code"),
    [
        ({}, 400),
        ({"incident": "x", "impact": "huge"}, 400),
        ({"incident": "x", "status": "over"}, 400),
        ({"incident": "x", "colour": "red"}, 400),
        ({"incident": "x", "body": 3}, 400),
        ({"incident": "x", "components": ["Coffee"]}, 404),
        ({"incident": "x", "components": [["Console"]]}, 404),
        ({"component": "Coffee", "status": "operational"}, 404),
        ({"component": "Console", "status": "cold"}, 400),
    ],
)
def test_an_incident_that_is_none_is_refused(say, page, order, code):
    assert say(**order).status_code == code
    assert page("incidents")["incidents"] == []


def test_a_maintenance_is_announced_begins_and_is_over(page, say):
    times = {"scheduled_for": "2027-02-01T02:00:00Z", "scheduled_until": "2027-02-01T04:00:00Z"}
    say(maintenance="Carrier work", components=["Programmable Messaging"], **times)
    [plan] = page("summary")["scheduled_maintenances"]
    assert (plan["name"], plan["status"], plan["impact"]) == ("Carrier work", "scheduled", "maintenance")
    assert (plan["scheduled_for"], plan["scheduled_until"]) == ("2027-02-01T02:00:00.000Z", "2027-02-01T04:00:00.000Z")
    say(maintenance="Carrier work", status="in_progress")
    assert page("scheduled-maintenances/upcoming")["scheduled_maintenances"] == []
    assert [plan["id"]] == [found["id"] for found in page("scheduled-maintenances/active")["scheduled_maintenances"]]
    say(maintenance="Carrier work", status="completed")
    assert page("summary")["scheduled_maintenances"] == []
    assert len(page("scheduled-maintenances")["scheduled_maintenances"]) == 1
