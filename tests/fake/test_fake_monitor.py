"""Monitor v1: alerts of the Debugger, and the audit log."""

import pytest

DAY = 86_400


@pytest.fixture
def log(wire, acme):
    def _log(level="error", **more):
        return wire.fake_control("POST", "/errors", {"account": acme["sid"], "level": level, **more}).json()["alert"]

    return _log


@pytest.fixture
def alerts(acme_client):
    def _alerts(**filters):
        return [alert.sid for alert in acme_client.monitor.v1.alerts.list(**filters)]

    return _alerts


@pytest.fixture
def audit(acme_client):
    def _audit(**filters):
        return [event.event_type for event in acme_client.monitor.v1.events.list(**filters)]

    return _audit


def test_alerts_are_listed_newest_first_and_by_level(log, alerts):
    error, warning, info = log("error"), log("warning"), log("info")
    assert alerts() == [info, warning, error]
    assert alerts(log_level="error") == [error]
    assert alerts(log_level="warning") == [warning]
    assert alerts(log_level="notice") == [info]


def test_only_a_single_alert_shows_what_was_sent_and_answered(wire, acme_auth, acme_client, log):
    sid = log(error_code="11200", request_variables="a=b", response_headers="x: y", response_body="<html>")
    [listed] = wire.monitor("GET", "/v1/Alerts", auth=acme_auth).json()["alerts"]
    assert not {"request_variables", "response_body", "response_headers", "request_headers"} & set(listed)
    item = acme_client.monitor.v1.alerts(sid).fetch()
    assert (item.request_variables, item.response_headers, item.response_body) == ("a=b", "x: y", "<html>")
    assert (item.error_code, item.more_info) == ("11200", "https://www.twilio.com/docs/errors/11200")


def test_alerts_are_found_by_day_and_by_moment(wire, log, alerts):
    first = log()
    wire.advance(DAY)
    second = log()
    assert alerts(start_date="2027-01-16") == [second]
    assert alerts(end_date="2027-01-15") == [first]
    assert alerts(start_date="2027-01-15T12:00:01Z") == [second]
    assert alerts(end_date="2027-01-16T11:59:59Z") == [first]
    assert alerts(start_date="2027-01-15", end_date="2027-01-16") == [second, first]


def test_alerts_are_gone_after_thirty_days(wire, acme_auth, log, alerts):
    sid = log()
    wire.advance(30 * DAY)
    assert alerts() == [sid]
    wire.advance(1)
    assert alerts() == []
    assert wire.monitor("GET", f"/v1/Alerts/{sid}", auth=acme_auth).json()["code"] == 20404


@pytest.mark.parametrize(("switch", "status"), [("refuse", 400), ("empty", 200)])
def test_what_an_older_query_gets_is_a_switch(wire, acme_auth, switch, status):
    """Twilio says only that it is not supported."""
    wire.fake_control("POST", "/behaviour", {"old_monitor_queries": switch})
    for path in ("/v1/Alerts", "/v1/Events"):
        assert wire.monitor("GET", f"{path}?StartDate=2026-12-15", auth=acme_auth).status_code == status
        assert wire.monitor("GET", f"{path}?StartDate=2026-12-16", auth=acme_auth).status_code == 200


@pytest.mark.parametrize("query", ["StartDate=today", "EndDate=2027-01-32", "LogLevel=fatal", "StartDate=2027-1-1"])
def test_a_query_that_is_none_is_refused(wire, acme_auth, query):
    answer = wire.monitor("GET", f"/v1/Alerts?{query}", auth=acme_auth)
    assert (answer.status_code, answer.json()["code"]) == (400, 20001)


def test_an_account_sees_its_own_alerts_alone(wire, log, parent):
    """Statement 18, on this host."""
    sid = log()
    assert parent.monitor.v1.alerts.list() == []
    assert wire.monitor("GET", f"/v1/Alerts/{sid}").status_code == 404


def test_a_change_of_a_subaccount_is_in_its_log_with_its_author(acme_client, parent, acme, fake):
    parent.api.v2010.accounts(acme["sid"]).update(friendly_name="New name")
    [event] = acme_client.monitor.v1.events.list(event_type="account.updated")
    assert event.event_data == {"friendly_name": {"previous": "Acme Dental (acme)", "updated": "New name"}}
    assert (event.actor_sid, event.actor_type, event.source) == (fake.account_sid, "account", "api")
    assert (event.account_sid, event.resource_sid, event.resource_type) == (acme["sid"], acme["sid"], "account")


def test_a_person_in_the_console_is_told_apart(wire, acme, acme_client):
    wire.fake_control("POST", "/console", {"set": acme["sid"], "fields": {"friendly_name": "By hand"}})
    [event] = acme_client.monitor.v1.events.list()
    assert (event.actor_sid[:2], event.actor_type, event.source) == ("US", "user", "web")
    assert acme_client.monitor.v1.events.list(actor_sid=event.actor_sid)[0].sid == event.sid


def test_a_suspension_is_in_the_log(parent, acme, acme_client):
    parent.api.v2010.accounts(acme["sid"]).update(status="suspended")
    parent.api.v2010.accounts(acme["sid"]).update(status="active")
    changes = [event.event_data["status"] for event in acme_client.monitor.v1.events.list()]
    assert changes == [
        {"previous": "suspended", "updated": "active"},
        {"previous": "active", "updated": "suspended"},
    ]


def test_keys_leave_entries_and_no_secret(parent, acme, acme_client, audit, wire, acme_auth):
    keys = parent.api.v2010.accounts(acme["sid"])
    key = keys.new_keys.create(friendly_name="web")
    keys.keys(key.sid).update(friendly_name="web2")
    keys.keys(key.sid).delete()
    assert audit(resource_sid=key.sid) == ["api-key.deleted", "api-key.updated", "api-key.created"]
    assert key.secret not in wire.monitor("GET", "/v1/Events", auth=acme_auth).text


def test_a_policy_that_changes_is_in_the_log(acme, acme_client):
    old, new = ["/twilio/voice/calls/read"], ["/twilio/voice/calls/create"]
    record = acme_client.iam.v1.new_api_key.create(
        account_sid=acme["sid"], key_type="restricted", policy={"allow": old}
    )
    acme_client.iam.v1.api_key(record.sid).update(policy={"allow": new})
    [event] = acme_client.monitor.v1.events.list(event_type="api-key.updated")
    assert event.event_data == {"policy": {"previous": old, "updated": new}}


def test_a_new_subaccount_is_in_its_parents_log(parent, acme):
    [event] = parent.monitor.v1.events.list(event_type="account.created")
    assert (event.resource_sid, event.account_sid) == (acme["sid"], parent.username)
    assert parent.monitor.v1.events(event.sid).fetch().links["resource"].endswith(f"/Accounts/{acme['sid']}")


def test_an_update_that_changes_nothing_leaves_nothing(parent, acme, audit):
    parent.api.v2010.accounts(acme["sid"]).update(friendly_name="Acme Dental (acme)")
    assert audit() == []


def test_a_token_that_changes_is_no_part_of_the_log(wire, acme, acme_auth, acme_client):
    acme_client.accounts.v1.secondary_auth_token().create()
    token = acme_client.accounts.v1.auth_token_promotion().update().auth_token
    answer = wire.monitor("GET", "/v1/Events", auth=(acme["sid"], token))
    assert [event["event_type"] for event in answer.json()["events"]] == ["account.auth-token-promoted"]
    assert token not in answer.text
    assert acme_auth[1] not in answer.text


def test_events_are_gone_after_thirty_days(wire, parent, acme, audit, acme_client):
    parent.api.v2010.accounts(acme["sid"]).update(friendly_name="New name")
    sid = acme_client.monitor.v1.events.list()[0].sid
    wire.advance(30 * DAY + 1)
    assert audit() == []
    assert wire.monitor("GET", f"/v1/Events/{sid}", auth=(acme["sid"], acme["auth_token"])).status_code == 404
