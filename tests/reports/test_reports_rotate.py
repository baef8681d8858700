"""What `tenantry rotate` tells people: what was written and why, what was not, and what comes next."""

from datetime import UTC, date, datetime

from tenantry.operations.rotation.rotation_values import KeyRotation, RotationReport
from tenantry.reports.rotate.as_text import NAMED, as_text

NOW = datetime(2026, 11, 30, 2, 41, tzinfo=UTC)


def key(action, tenant="acme", **more):
    values = {"generations": (1,), "current": 1, "sid": "SK1", "made_at": NOW, "age_days": 90, "reason": "Because."}
    values |= {"due_on": date(2027, 1, 1), "delivered_to": (), "lacking_sinks": (), "works": None, "retires_on": None}
    return KeyRotation(tenant=tenant, key="web", action=action, **{**values, **more})


def report(*keys, dry_run=False):
    return RotationReport(format=1, stack="dev", dry_run=dry_run, now=NOW, keys=keys)


def test_what_was_written_is_told_with_its_reason_and_the_next_step():
    added = key("added", generations=(1, 2), added=2, file="tenants/acme.yaml")
    gone = key("removed", "birch", generations=(3,), removed=(1, 2), file="tenants/birch.yaml")
    assert as_text(report(added, gone, key("not_due", "cedar"))).splitlines() == [
        "acme web: generation 2 is added in tenants/acme.yaml. Because.",
        "birch web: generations 1, 2 are removed from tenants/birch.yaml. Because.",
        "Rotation of 3 keys: 1 added, 1 removed, 1 not due. The next is due on 2027-01-01.",
        "Commit the manifests, then run `tenantry up`: it makes, delivers and retires what they say.",
    ]


def test_a_dry_run_says_would_be():
    lines = as_text(report(key("added", added=2, file="tenants/acme.yaml"), dry_run=True)).splitlines()
    assert lines == [
        "acme web: generation 2 would be added in tenants/acme.yaml. Because.",
        "Rotation of 1 key: 1 to be added. Nothing was written: this was a dry run.",
    ]


def test_failures_come_first_and_many_are_counted():
    keys = [key("left_out", f"t{number:03}") for number in range(NAMED + 5)]
    lines = as_text(report(*keys, key("failed", "zed"))).splitlines()
    assert (lines[0], lines[NAMED + 1]) == ("zed web: Because.", "… and 5 more left out; --format json names them")


def test_no_key_that_rotates_is_told():
    assert as_text(report()).startswith("No key rotates here: only one with `rotation` does")


def test_exit_codes_follow_what_matters_most():
    def end(*actions, dry_run=False):
        return report(*map(key, actions), dry_run=dry_run).exit_code

    assert [end("failed", "left_out"), end("left_out", "added"), end("undelivered")] == [1, 2, 2]
    assert [end("added", "removed", "waiting"), end("added", dry_run=True), end("not_due", dry_run=True)] == [0, 2, 0]
