"""Why a tenant is suspended is a set: the races that people and programs can run into, with what follows once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial

import pytest

from faketwilio.store.fault import Fault
from tenantry.ledger.standing import NewStanding, read_standing, update_standing
from tenantry.ledger.suspensions import NewSuspension, add_suspension, lift_suspension, open_suspensions
from tenantry.manifest.load import load_or_refuse
from tenantry.model.tenant_standing import TenantStanding
from tenantry.operations.caps.duty import ClockError
from tenantry.operations.caps.people import Raised, approve_cap, override_cap
from tenantry.operations.caps.sync import sync_kept
from tenantry.operations.suspensions.account import bring_account
from tenantry.operations.suspensions.notices import make_resumed_notices, make_suspended_notices

APRIL = datetime(2026, 4, 1, tzinfo=UTC)
SUSPENDED, RESUMED = "tenant.suspended", "tenant.resumed"


def suspend(world, reason, slug="acme"):
    """Suspend a tenant as `tenantry suspend` does."""
    tenant = load_or_refuse(world.folder).tenants[slug]
    new = NewSuspension(world.stack, slug, world.sids[slug], reason, "INV-7", "ana")
    with world.ledger() as ledger:
        add_suspension(ledger, new, partial(make_suspended_notices, tenant))
        bring(world, ledger, slug)
    world.instant += timedelta(seconds=1)


def resume(world, reason, slug="acme"):
    """Lift a reason as `tenantry resume` does."""
    make = partial(make_resumed_notices, load_or_refuse(world.folder).tenants[slug])
    with world.ledger() as ledger:
        lift_suspension(ledger, world.parent, slug, reason, by="ana", make_notices=make)
        bring(world, ledger, slug)


def bring(world, ledger, slug):
    held = partial(open_suspensions, ledger, world.parent, slug)
    bring_account(world.duty.open_session(), world.sids[slug], lambda: bool(held()))


def override(world, limit, until="2026-04-30"):
    with world.ledger() as ledger:
        raised = Raised(Decimal(limit), datetime.fromisoformat(until).date(), "ana")
        override_cap(ledger, world.parent, "acme", "monthly-sms", raised)


def test_a_callback_that_comes_twice_suspends_once(world):
    world.fire(1000)
    assert [world.send(), world.send()] == [204, 204]
    world.work()
    assert (len(world.suspensions()), world.list_notices()) == (1, [SUSPENDED])


def test_a_callback_and_the_sweep_suspend_once(world):
    world.fire(1000)
    world.sweep()
    assert world.sweep().found == 0
    assert world.send() == 204
    world.work()
    assert (len(world.suspensions()), world.list_notices(), len(world.events())) == (1, [SUSPENDED], 1)


def test_a_callback_that_was_lost_is_found_by_the_sweep(world):
    world.stop()
    world.fire(1000)
    assert world.sweep().found == 1
    assert (world.status(), world.list_notices()) == ("suspended", [SUSPENDED])
    world.move(APRIL)
    world.work()
    assert (world.status(), world.list_notices()) == ("active", [SUSPENDED, RESUMED])


def test_two_workers_decide_once(world):
    world.fire(1000)
    world.work()
    world.work()
    world.move(APRIL)
    world.work()
    world.work()
    assert (len(world.suspensions()), world.list_notices()) == (1, [SUSPENDED, RESUMED])


def test_capped_and_unpaid_stays_suspended_until_it_is_paid(world):
    world.fire(1000)
    world.work()
    world.move(datetime(2026, 3, 20, tzinfo=UTC))
    suspend(world, "nonpayment")
    world.move(APRIL)
    world.work()
    assert (world.status(), world.reasons()) == ("suspended", ["nonpayment"])
    world.move(datetime(2026, 4, 3, tzinfo=UTC))
    resume(world, "nonpayment")
    assert (world.status(), world.reasons(), world.list_notices()) == ("active", [], [SUSPENDED, RESUMED])


def test_fraud_and_a_cap_stay_suspended_in_the_next_month(world):
    suspend(world, "fraud")
    world.send()
    world.work()
    assert world.reasons() == ["fraud", "cap"]
    world.move(APRIL)
    world.work()
    assert (world.status(), world.reasons()) == ("suspended", ["fraud"])
    assert world.list_notices() == [SUSPENDED, "cap.reached"]


def test_an_override_wakes_and_the_sweep_suspends_again_without_a_firing(world):
    world.fire(1000)
    world.work()
    override(world, "1500")
    world.work()
    assert (world.status(), world.reasons()) == ("active", [])
    world.fire(400)
    assert (world.sweep().found, world.status()) == (0, "active")
    world.fire(100)
    assert (world.sweep().found, world.status()) == (1, "suspended")
    assert world.sweep().found == 0
    world.move(APRIL)
    world.work()
    assert (world.status(), world.list_notices()) == ("active", [SUSPENDED, RESUMED, SUSPENDED, RESUMED])


def test_an_override_that_ends_lets_the_cap_hold_again(world):
    world.fire(1000)
    world.work()
    override(world, "1500", until="2026-03-16")
    world.work()
    world.move(datetime(2026, 3, 17, 1, tzinfo=UTC))
    assert (world.sweep().found, world.status()) == (1, "suspended")


def test_an_override_before_the_cap_is_reached_lets_it_pass(world):
    override(world, "1500")
    world.fire(1000)
    world.work()
    assert (world.status(), world.list_notices()) == ("active", [])


def test_an_override_at_the_moment_of_the_callback_leaves_one_of_both(world):
    world.fire(1000)  # kept, and not decided yet
    override(world, "1500")
    world.work()
    assert (world.status(), world.reasons(), world.list_notices()) == ("active", [], [])


def test_a_cap_that_needs_approval_waits_for_it(world):
    world.write(more="    on_fire: {action: suspend, approval: required}\n")
    world.sync()
    world.fire(1000)
    world.work()
    assert (world.status(), world.list_notices()) == ("active", ["cap.awaiting_approval"])
    with world.ledger() as ledger:
        approve_cap(ledger, world.parent, "acme", "monthly-sms", "ana")
    world.work()
    assert (world.status(), world.list_notices()) == ("suspended", ["cap.awaiting_approval", SUSPENDED])


def test_what_nobody_approved_ends_with_its_period(world):
    world.write(more="    on_fire: {action: suspend, approval: required}\n")
    world.sync()
    world.fire(1000)
    world.work()
    world.move(APRIL)
    world.work()
    assert (world.status(), world.list_notices()) == ("active", ["cap.awaiting_approval"])
    assert [event.outcome for event in world.events()] == ["its period is over, and nobody approved"]


def test_a_manifest_that_suspends_meanwhile_keeps_it_suspended(world):
    world.fire(1000)
    world.work()
    world.write(more="    on_fire: {action: suspend}\nstate: suspended\n")
    with world.ledger() as ledger:  # what `up` does before it suspends
        sync_kept(ledger, world.stack, load_or_refuse(world.folder))
    world.move(APRIL)
    world.work()
    assert (world.status(), world.reasons()) == ("suspended", [])
    assert world.list_notices() == [SUSPENDED]


def test_an_account_that_somebody_woke_is_suspended_again_by_the_sweep(world):
    world.fire(1000)
    world.work()
    world.in_console("active")
    assert (world.sweep().woken, world.status(), world.list_notices()) == (1, "suspended", [SUSPENDED])


def test_a_callback_of_last_month_does_nothing(world):
    world.fire(1000)
    world.move(APRIL + timedelta(seconds=30))
    world.work()
    assert (world.status(), world.list_notices(), world.suspensions()) == ("active", [], ())
    assert [event.outcome for event in world.events()] == ["its period was over"]


def test_just_after_midnight_old_figures_suspend_nobody(world):
    world.stop()
    world.move(APRIL - timedelta(seconds=90))
    world.use(1000)
    world.control("/behaviour", {"usage_lag_seconds": 0})
    world.move(APRIL + timedelta(seconds=5))
    assert (world.sweep().found, world.status()) == (0, "active")


@pytest.mark.parametrize("times", [1, 3])
def test_while_twilio_is_down_the_reason_stands_and_the_account_follows_later(world, times):
    world.fire(1000)
    path = f"/2010-04-01/Accounts/{world.sids['acme']}.json"
    world.fake.store.faults.append(Fault("error", method="POST", path=path, status=400, code=20001, times=times))
    for _ in range(times):
        world.work()
        assert (world.status(), world.reasons()) == ("active", ["cap"])
        world.move(timedelta(minutes=11))
    world.work()
    assert (world.status(), world.list_notices()) == ("suspended", [SUSPENDED])


def test_two_caps_of_one_tenant_resume_when_both_periods_are_over(world):
    daily = (
        "  daily-sms:\n    usage_category: sms\n    trigger_by: count\n    trigger_value: 500\n    recurring: daily\n"
        "    callback_url: /usage\n    on_fire: {action: suspend}\n"
    )
    world.write(more=f"    on_fire: {{action: suspend}}\n{daily}")
    world.up()
    world.fire(1000)
    world.work()
    assert (world.status(), sorted(world.list_notices())) == ("suspended", ["cap.reached", SUSPENDED])
    world.move(datetime(2026, 3, 16, 1, tzinfo=UTC))
    world.work()
    assert world.status() == "suspended"
    world.move(APRIL)
    world.work()
    assert (world.status(), world.reasons()) == ("active", [])
    assert sorted(world.list_notices()) == ["cap.reached", RESUMED, SUSPENDED]


def test_warnings_and_a_suspension_at_another_percent(world):
    world.write(more="    warn_at_percent: [80]\n    on_fire: {action: suspend, at_percent: 110}\n")
    world.up()
    for count in (800, 200, 100):
        world.fire(count)
        world.work()
    assert (world.status(), world.list_notices()) == ("suspended", ["cap.warned", "cap.reached", SUSPENDED])


def test_a_trigger_without_on_fire_only_notifies(world):
    world.write(more="    on_fire: {action: notify, stop: [sms]}\n")
    world.sync()
    world.fire(1000)
    world.work()
    assert (world.status(), world.list_notices()) == ("active", ["cap.reached"])


def test_in_shadow_nothing_is_done_but_written_down(world):
    world.stop()
    world.shadow = True
    world.serve()
    world.fire(1000)
    world.work()
    assert [event.outcome for event in world.events()] == ["shadow: it would suspend the account"]
    assert (world.status(), world.list_notices(), world.application.received) == ("active", [], [])
    world.shadow = False
    assert (world.sweep().found, world.status()) == (1, "suspended")


def test_nothing_is_decided_while_clocks_differ(world):
    world.fire(1000)
    duty = world.duty
    late = replace(duty, clock=lambda: world.instant - timedelta(seconds=70))
    with late.open_ledger() as ledger, pytest.raises(ClockError, match="this machine's clock is 70 seconds behind"):
        late.agree_on_time(ledger, late.open_session())


def test_an_observed_tenant_gets_a_notice_only(world):
    with world.ledger() as ledger:
        [row] = read_standing(ledger, world.parent)
        observed = TenantStanding.model_validate_json(row.document).model_copy(update={"observed": True})
        update_standing(ledger, world.stack, [NewStanding("acme", world.sids["acme"], observed.model_dump_json())])
    world.fire(1000)
    world.work()
    assert (world.status(), world.reasons(), world.list_notices()) == ("active", [], ["cap.reached"])


def test_calls_in_progress_end_where_that_is_asked(world):
    world.write(more="    on_fire: {action: suspend, end_calls: true}\n")
    world.sync()
    fields = {"status": "in-progress"}
    order = {"kind": "call", "account": world.sids["acme"], "count": 1, "fields": fields}
    [call] = world.control("/seed", order)["sids"]
    world.fire(1000)
    world.work()
    found = world.read(f"/2010-04-01/Accounts/{world.sids['acme']}/Calls/{call}.json")
    assert (world.status(), found["status"]) == ("suspended", "completed")
