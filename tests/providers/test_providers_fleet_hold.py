"""A hold that vanished from a manifest is refused by check, so by preview, up and plain Pulumi; and so is closing."""

from datetime import date

import pytest

from tenantry.model.fleet import closing_refusals
from tenantry.model.tenant import Tenant

HOLD = {"reason": "claim 12", "since": "2026-11-01", "by": "ana"}
RELEASED = {**HOLD, "released": {"by": "ben", "on": "2026-11-20"}}


def check(operation, before, now):
    old = {"standing": {"acme": "open"}, **({"held": before} if before else {})}
    return operation().check("fleet", {"standing": {"acme": "open"}, **({"held": now} if now else {})}, old)


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (None, None),
        (None, {"acme": "held"}),
        ({"acme": "held"}, {"acme": "held"}),
        ({"acme": "held"}, {"acme": "released"}),
        ({"acme": "released"}, None),
        ({"acme": "released"}, {"acme": "held"}),
    ],
)
def test_a_hold_may_begin_go_on_and_end_by_release(operation, before, now):
    news, failures = check(operation, before, now)
    assert (failures, news.get("held")) == ([], now)


def test_a_hold_that_vanished_without_a_release_is_refused(operation, twilio):
    _, failures = check(operation, {"acme": "held"}, None)
    assert failures == [
        (
            "",
            "acme: its hold is gone from the manifest, and nobody wrote `released` into it; nothing was changed. Put "
            "the hold back; whoever may lift it writes `released: {by: NAME, on: DAY}` into it, and it may be taken "
            "out after an `up` that saw that",
        )
    ]
    assert twilio.list_requests() == []


LATER = {**HOLD, "released": {"by": "ben", "on": "2026-12-01"}}


@pytest.mark.parametrize(("hold", "refused"), [(None, 0), (RELEASED, 0), (HOLD, 1), (LATER, 1)])
def test_a_held_tenant_is_not_closed(hold, refused):
    written = {"tenant": "acme", "name": "Acme", "state": "closed", "close_after": "2026-11-01", "hold": hold}
    tenant = Tenant.model_validate(written)
    refusals = closing_refusals([tenant], date(2026, 11, 30), {"acme"})
    assert len(refusals) == refused
    assert all("is held since 2026-11-01 (claim 12)" in sentence for sentence in refusals)


def test_plain_pulumi_closes_nothing_where_a_ledger_was_not_asked():
    written = {"tenant": "acme", "name": "Acme", "state": "closed", "close_after": "2026-11-01"}
    tenants, today = [Tenant.model_validate(written)], date(2026, 11, 30)
    assert closing_refusals(tenants, today, {"acme"}, {"birch"}) == ()
    [refusal] = closing_refusals(tenants, today, {"acme"}, {"acme"})
    assert refusal.endswith("Run `tenantry up --close acme`")
