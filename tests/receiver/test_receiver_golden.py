"""The golden path: 1,000 SMS, a callback, a suspension, a notice, and the next month resumes it."""

import json
from datetime import UTC, datetime

from receiver_world import SECRET
from standardwebhooks import Webhook

from tenantry.operations.notices.values import SENT_NOTICE

APRIL = datetime(2026, 4, 1, tzinfo=UTC)


def test_a_cap_suspends_and_the_next_month_resumes(world):
    world.fire(1000)
    world.work()
    assert (world.status(), world.reasons()) == ("suspended", ["cap"])
    world.move(APRIL)
    world.work()
    assert (world.status(), world.reasons()) == ("active", [])
    sent = [SENT_NOTICE.validate_json(got.body) for got in world.application.received]
    assert [notice.type for notice in sent] == ["tenant.suspended", "tenant.resumed"]
    assert (sent[0].data.cap, sent[0].data.used, sent[0].data.until) == ("monthly-sms", "1000", "2026-04-01")


def test_a_notice_is_signed_as_standard_webhooks_says(world):
    world.fire(1000)
    world.work()
    [got] = world.application.received
    assert Webhook(SECRET).verify(got.body, got.headers) == json.loads(got.body)
