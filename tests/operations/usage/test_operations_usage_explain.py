"""Why logs and usage differ: each reason with what it comes to, and nothing claimed where nothing is known."""

from datetime import UTC, tzinfo
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from usage_world import MARCH, NOW, World

from faketwilio.control.seed import seed
from tenantry.operations.usage.explain import ExplainError, Question, explain_usage, find_kept_days
from tenantry.operations.usage.values import Comparison, Explanation

MESSAGE = {"status": "delivered", "num_segments": 1, "price": "-0.0079", "price_unit": "USD"}
CALL = {"status": "completed", "duration": 60, "price": "-0.0085", "price_unit": "USD"}


def log(world: World, sid: str, kind: str, *moments: str, **fields: Any) -> None:
    """Put records into a log, one at each moment."""
    when = "date_sent" if kind == "message" else "start_time"
    base = MESSAGE if kind == "message" else CALL
    for moment in moments:
        order = {"kind": kind, "account": sid, "fields": {**base, "date_created": moment, when: moment, **fields}}
        seed(world.fake.store, order)


def explain_world(world: World, zone: tzinfo = UTC, most: int = 10_000) -> Explanation:
    session = world.session()
    [tenant] = world.gather("acme", session=session).tenants
    keep_days = find_kept_days(world.loaded.tenants["acme"])
    return explain_usage(Question(session, tenant, MARCH, zone, keep_days, NOW, most))


def compare_log(world: World, log_name: str, measure: str, **options: Any) -> Comparison:
    comparisons = explain_world(world, **options).comparisons
    return next(found for found in comparisons if (found.log, found.measure) == (log_name, measure))


def effects(comparison: Comparison) -> dict[str, tuple[int | None, Any]]:
    """Records and quantity of the effects that move anything."""
    return {effect.name: (effect.records, effect.quantity) for effect in comparison.effects if effect.records}


def test_books_that_agree_leave_nothing_over(world: World, acme: str):
    log(world, acme, "message", "2026-03-01T00:00:00Z", "2026-03-31T23:59:59Z")
    world.use(acme, ("2026-03-01", "sms-outbound", 1, 1, "0.0079"), ("2026-03-31", "sms-outbound", 1, 1, "0.0079"))
    found = compare_log(world, "messages", "count")
    assert (found.unexplained_quantity, found.unexplained_price, effects(found)) == (0, 0, {})


def test_segments_explain_what_is_billed(world: World, acme: str):
    log(world, acme, "message", "2026-03-02T12:00:00Z", num_segments=3, price="-0.0237")
    world.use(acme, ("2026-03-02", "sms-outbound", 1, 3, "0.0237"))
    found = compare_log(world, "messages", "usage")
    assert (found.unexplained_quantity, effects(found)) == (0, {"segments": (1, 2)})


def test_failed_messages_are_in_the_log_alone(world: World, acme: str):
    log(world, acme, "message", "2026-03-02T12:00:00Z", "2026-03-03T12:00:00Z", status="failed", price=None)
    log(world, acme, "message", "2026-03-02T12:00:00Z", status="undelivered")
    world.use(acme, ("2026-03-02", "sms-outbound", 1, 1, "0.0079"))
    found = compare_log(world, "messages", "count")
    assert found.unexplained_quantity == 0
    assert effects(found) == {"messages_not_billed": (2, -2), "undelivered": (1, 0)}


def test_local_days_are_other_days(world: World, acme: str):
    log(world, acme, "message", "2026-03-01T04:59:59Z", "2026-03-15T12:00:00Z")
    log(world, acme, "message", "2026-04-01T03:59:59Z", "2026-04-01T02:00:00Z")
    world.use(acme, ("2026-03-01", "sms-outbound", 2, 2, "0.0158"))
    found = compare_log(world, "messages", "count", zone=ZoneInfo("America/New_York"))
    assert (found.log_records, found.unexplained_quantity, found.unexplained_price) == (3, 0, 0)
    assert effects(found)["time_zone"] == (-1, -1)


def test_a_price_that_is_not_known_yet_is_not_zero(world: World, acme: str):
    log(world, acme, "message", "2026-03-02T12:00:00Z", price=None)
    world.use(acme, ("2026-03-02", "sms-outbound", 1, 1, "0.0079"))
    found = compare_log(world, "messages", "count")
    [missing] = [effect for effect in found.effects if effect.name == "price_missing"]
    assert (missing.records, missing.price, found.unexplained_price) == (1, None, Decimal("0.0079"))


def test_what_a_retention_rule_deleted_is_known_from_daily_usage(world: World):
    acme = str(world.tenant("acme", "retention: {messages: {keep_days: 10}, calls: {keep_days: 400}}\n"))
    log(world, acme, "message", "2026-03-30T12:00:00Z")
    world.use(acme, ("2026-03-02", "sms-outbound", 5, 5, "0.0395"), ("2026-03-30", "sms-outbound", 1, 1, "0.0079"))
    found = compare_log(world, "messages", "count")
    [deleted] = [effect for effect in found.effects if effect.name == "deleted"]
    assert (deleted.quantity, deleted.price, found.unexplained_quantity) == (5, Decimal("0.0395"), 0)


def test_redacted_messages_stay_in_the_log(world: World):
    world.tenant("acme", "retention: {messages: {keep_days: 10, action: redact}}\n")
    assert find_kept_days(world.loaded.tenants["acme"]) == {}


def test_what_no_reason_explains_is_said(world: World, acme: str):
    world.use(acme, ("2026-03-02", "sms-outbound", 4, 4, "0.04"))
    found = compare_log(world, "messages", "count")
    assert (found.unexplained_quantity, found.unexplained_price) == (4, Decimal("0.04"))
    assert "corrected" in [effect.name for effect in found.effects]


def test_a_log_that_was_cut_claims_nothing(world: World, acme: str):
    log(world, acme, "message", "2026-03-02T12:00:00Z", "2026-03-03T12:00:00Z")
    found = compare_log(world, "messages", "count", most=1)
    assert (found.is_whole, found.unexplained_quantity, found.unexplained_price) == (False, None, None)


def test_calls_are_billed_in_begun_minutes(world: World, acme: str):
    log(world, acme, "call", "2026-03-02T12:00:00Z", duration=61)
    world.use(acme, ("2026-03-02", "calls-inbound", 1, 2, "0.0085"))
    found = compare_log(world, "calls", "usage")
    assert (found.log_quantity, found.usage_quantity, found.unexplained_quantity) == (61, 120, 0)
    assert effects(found) == {"rounding": (1, 59)}


def test_calls_of_clients_and_unanswered_ones_are_told(world: World, acme: str):
    log(world, acme, "call", "2026-03-02T12:00:00Z", to="client:alice")
    log(world, acme, "call", "2026-03-02T12:00:00Z", status="busy", duration=None, price=None)
    log(world, acme, "call", "2026-03-31T23:59:30Z", end_time="2026-04-01T00:00:30Z")
    world.use(acme, ("2026-03-02", "calls-client", 1, 1, "0.004"), ("2026-03-31", "calls-inbound", 1, 1, "0.0085"))
    found = compare_log(world, "calls", "count")
    assert found.unexplained_quantity == 0
    assert found.usage_categories == ("calls", "calls-client")
    assert effects(found) == {"calls_not_billed": (1, -1), "client_and_sip": (1, 0), "day_of_start": (1, 0)}


def test_numbers_and_carrier_fees_are_in_no_log(world: World, acme: str):
    world.use(acme, ("2026-03-07", "phonenumbers-local", 1, 1, "1.15"))
    world.use(acme, ("2026-03-08", "sms-messages-carrierfees", 9, 9, "0.027"))
    assert {effect.name: str(effect.price) for effect in explain_world(world).apart} == {
        "carrier_fees": "0.027",
        "numbers": "1.15",
    }


def test_a_tenant_that_is_not_available_is_not_explained(world: World, acme: str):
    world.switch(accounts_without_usage=[acme])
    with pytest.raises(ExplainError, match="acme is not available"):
        explain_world(world)
