"""What is the same for many tenants is told once."""

import random

from hypothesis import given
from hypothesis import strategies as st
from plan_steps import add_change, slugs, step, update_change

from tenantry.operations.changes.grouping import describe_change, group_steps

VALUE = update_change("trigger_value", "1000", "2000", replaces=True)


def outline(*steps):
    return [
        (group.danger, group.tenants, [f"{change.op} {change.resource}" for change in group.changes])
        for group in group_steps(steps)
    ]


def test_user_and_password_in_a_found_url_are_masked():
    found = update_change("sink_configuration.destination", "https://ana:pass@e.example", "https://hooks.example/e")
    (group,) = group_steps([step("replace", "acme/event_sink/debugger", found)])
    assert group.changes[0].fields[0].old == "https://…@e.example"


def test_the_same_change_of_many_tenants_is_one_group():
    many = slugs(800)
    [group] = group_steps(step("replace", f"{slug}/usage_trigger/sms", VALUE) for slug in many)
    assert group.tenants == tuple(many)
    assert [field.model_dump() for field in group.changes[0].fields] == [
        {"path": "trigger_value", "change": "update", "old": "1000", "new": "2000", "replaces": True}
    ]


def adoption(name, *changes):
    return step("adopt", name, add_change("adopt", f"SID of {name}"), *changes)


def test_adoptions_that_change_nothing_are_one_group():
    quiet = [adoption(f"{slug}/usage_trigger/{slug}-sms") for slug in ("acme", "birch")]
    key = adoption("birch/api_key/web-1", add_change("secret", "unknown"))
    loud = adoption("cedar/usage_trigger/sms", update_change("friendly_name", "SMS", "sms"))
    assert outline(*quiet, key, loud) == [
        (None, ("acme", "birch"), ["adopt api_key", "adopt usage_trigger"]),
        (None, ("cedar",), ["adopt usage_trigger/sms"]),
    ]


def test_the_adoptions_of_one_tenant_have_their_sids():
    [group] = group_steps([adoption("acme/usage_trigger/sms")])
    assert group.changes[0].fields[0].new == "SID of acme/usage_trigger/sms"


def test_urls_that_differ_by_slug_are_the_same_change():
    moved = [
        step(
            "update",
            f"{slug}/usage_trigger/sms",
            update_change("callback_url", f"https://a/{slug}", f"https://b/{slug}/x"),
        )
        for slug in ("acme", "acme-2")
    ]
    [group] = group_steps(moved)
    [field] = group.changes[0].fields
    assert (field.old, field.new) == ("https://a/{tenant}", "https://b/{tenant}/x")


def test_a_slug_that_is_a_part_of_a_word_is_no_slug():
    urls = {"acme": "https://a/acme-2", "acme-2": "https://a/acme-2"}
    changes = [
        step("update", f"{slug}/usage_trigger/sms", update_change("callback_url", "x", url))
        for slug, url in urls.items()
    ]
    assert len(group_steps(changes)) == 2


def test_a_url_with_the_placeholder_itself_is_another_change():
    urls = {"acme": "https://a/{tenant}", "birch": "https://a/birch"}
    assert (
        len(
            group_steps(
                step("update", f"{slug}/usage_trigger/sms", update_change("callback_url", "x", url))
                for slug, url in urls.items()
            )
        )
        == 2
    )


def test_the_url_of_a_single_tenant_is_told_as_it_is():
    [group] = group_steps(
        [step("update", "acme/usage_trigger/sms", update_change("callback_url", "x", "https://a/acme"))]
    )
    assert group.changes[0].fields[0].new == "https://a/acme"


def test_shared_changes_are_one_group_and_others_stay_apart():
    assert outline(
        step("create", "acme/usage_trigger/spend"),
        step("create", "birch/usage_trigger/spend"),
        step("update", "birch", update_change("friendly_name", "Birch (birch)", "Birke (birch)")),
    ) == [
        (None, ("acme", "birch"), ["create usage_trigger/spend"]),
        (None, ("birch",), ["update subaccount"]),
    ]


def test_changes_of_the_same_tenants_are_one_group():
    both = [step(op, f"{slug}/usage_trigger/{op}") for slug in ("acme", "birch") for op in ("create", "update")]
    assert outline(*both) == [(None, ("acme", "birch"), ["create usage_trigger/create", "update usage_trigger/update"])]


def test_worst_danger_first_then_largest_groups_and_the_fleet_last():
    assert outline(
        step("update", "fleet", update_change("standing.acme", "open", "suspended")),
        step("create", "birch/retention"),
        step("create", "acme/retention"),
        step("update", "acme"),
        step("replace", "acme/usage_trigger/sms", VALUE),
        step("create", "birch/account_state", add_change("status", "suspended")),
    ) == [
        ("suspend", ("birch",), ["create account_state"]),
        ("replace_trigger", ("acme",), ["replace usage_trigger/sms"]),
        (None, ("acme", "birch"), ["create retention"]),
        (None, ("acme",), ["update subaccount"]),
        (None, (), ["update fleet"]),
    ]


def test_new_tenants_are_one_group_despite_different_account_names():
    new = [step("create", slug, add_change("friendly_name", f"Name of {slug} ({slug})")) for slug in slugs(5)]
    assert len(group_steps(new)) == 1


def test_the_account_that_a_new_tenant_takes_over_is_told():
    [group] = group_steps([step("create", "acme", add_change("adopt", "AC1"), add_change("slug", "acme"))])
    assert [field.path for field in group.changes[0].fields] == ["adopt"]


def test_what_only_steers_us_is_not_told():
    [group] = group_steps(
        [step("update", "acme/api_key/web-1", add_change("frozen", new=True), update_change("account_sid", "a", "b"))]
    )
    assert group.changes[0].fields == ()


STEPS = st.lists(
    st.builds(
        lambda op, slug, key, value: step(
            op, f"{slug}/usage_trigger/{key}", update_change("callback_url", "https://a/", value)
        ),
        st.sampled_from(["create", "update", "replace", "delete", "forget", "wait"]),
        st.sampled_from(["acme", "acme-2", "birch"]),
        st.sampled_from(["sms", "calls"]),
        st.sampled_from(["https://a/acme", "https://a/acme-2", "https://a/birch", "https://a/x"]),
    ),
    unique_by=lambda created: created.name,
)


@given(steps=STEPS, seed=st.integers())
def test_any_order_of_steps_gives_the_same_groups(steps, seed):
    turned = random.Random(seed).sample(steps, len(steps))
    assert group_steps(steps) == group_steps(turned)


@given(steps=STEPS)
def test_every_step_is_told_exactly_once(steps):
    found = sorted(
        f"{change.op} {slug}/{change.resource}"
        for group in group_steps(steps)
        for slug in group.tenants
        for change in group.changes
    )
    assert found == sorted(f"{created.op} {created.name}" for created in steps)


@given(steps=STEPS)
def test_what_a_group_tells_is_what_happens_to_each_of_its_tenants(steps):
    by_name = {created.name: describe_change(created) for created in steps}
    for group in group_steps(steps):
        for slug in group.tenants:
            for change in group.changes:
                own = change.model_dump_json().replace("{tenant}", slug)
                assert own == by_name[f"{slug}/{change.resource}"].model_dump_json()
