"""What a reviewer must not miss."""

import pytest
from plan_steps import add_change, remove_change, step, update_change

from tenantry.operations.changes.danger import DANGERS, find_danger, rank


@pytest.mark.parametrize(
    ("found", "danger"),
    [
        (step("update", "acme", remove_change("status", "closed")), "gone"),
        (step("update", "acme", remove_change("status", "missing")), "gone"),
        (step("create", "acme/account_state", add_change("status", "suspended")), "suspend"),
        (step("create", "acme/account_state", add_change("status", "closed")), "close"),
        (step("update", "acme/account_state", update_change("status", "suspended", "closed")), "close"),
        (step("adopt", "acme/account_state", update_change("status", "active", "suspended")), "suspend"),
        (step("adopt", "acme", add_change("recovers", "AC1 'Acme (acme)'")), "recover"),
        (step("adopt", "acme/api_key/web-1", update_change("policy", ["/a", "/b"], ["/b"])), "cut_key"),
        (step("delete", "acme/api_key/web-1"), "delete_key"),
        (step("replace", "acme/api_key/web-1"), "replace_key"),
        (step("update", "acme/api_key/web-1", update_change("policy", ["/a", "/b"], ["/b", "/c"])), "cut_key"),
        (step("delete", "acme/usage_trigger/sms"), "delete_trigger"),
        (step("replace", "acme/usage_trigger/sms"), "replace_trigger"),
        (step("delete", "acme/event_subscription/debugger"), "delete_webhook"),
        (step("replace", "acme/event_sink/debugger"), "replace_webhook"),
        (step("delete", "acme/bucket/files"), "delete"),
        (step("replace", "acme/bucket/files"), "replace"),
        (step("finish", "acme/api_key/web-1"), "delete_key"),
        (step("finish", "acme/bucket/files"), "delete"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_takes_something_away_is_dangerous(found, danger):
    assert find_danger(found) == danger


@pytest.mark.parametrize(
    "found",
    [
        step("create", "acme"),
        step("adopt", "acme", add_change("takes_over", "AC1 'Acme (acme)'")),
        step("adopt", "acme/account_state"),
        step("update", "acme", update_change("active", old=False, new=True)),
        step("update", "acme", remove_change("status", "suspended")),
        step("update", "acme/api_key/web-1", update_change("policy", ["/a"], ["/a", "/b"])),
        step("update", "acme/usage_trigger/sms", update_change("callback_url", "https://a", "https://b")),
        step("forget", "acme/account_state"),
        step("forget", "acme/api_key/web-1"),
        step("wait", "acme/api_key/web-1"),
        step("finish", "acme/usage_trigger/sms"),
        step("finish", "acme/event_sink/debugger"),
        step("update", "fleet", update_change("standing.acme", "open", "suspended")),
        step("update", "acme/account_state", add_change("frozen", new=True)),
    ],
    ids=lambda found: f"{found.op} {found.name}",
)
def test_what_takes_nothing_away_is_not(found):
    assert find_danger(found) is None


def test_the_worst_comes_first_and_what_is_no_danger_last():
    assert sorted([None, "replace_trigger", "close"], key=rank) == ["close", "replace_trigger", None]
    assert rank(None) > max(rank(danger) for danger in DANGERS)
