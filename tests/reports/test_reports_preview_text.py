"""A preview for a terminal."""

import click
from plan_steps import add_change, plan, report, slugs, step, update_change

from tenantry.operations.preview.report import make_preview_report
from tenantry.operations.stack.about import About, Scope
from tenantry.reports.preview.as_text import as_text
from tenantry.text.wrapping import Layout

VALUE = update_change("trigger_value", "1000", "2000", replaces=True)


def test_dangers_come_first_with_what_they_mean_then_tenants_resources_and_properties():
    found = report(
        step(
            "update", "birch/usage_trigger/sms", update_change("callback_url", "https://a.example", "https://b.example")
        ),
        step("create", "acme/retention", add_change("messages", {"keep_days": "30"})),
        step("replace", "acme/usage_trigger/sms", VALUE),
    )
    assert as_text(found) == (
        "Signs: + create  ~ update  ± replace\n"
        "DANGER: replace trigger. Here another trigger takes its place; it may fire again in the same period.\n"
        "acme\n"
        "  ± usage_trigger/sms\n"
        "      trigger_value: 1000 => 2000  (makes a new one)\n"
        "\n"
        "acme\n"
        "  + retention\n"
        '      messages: {"keep_days": 30}\n'
        "\n"
        "birch\n"
        "  ~ usage_trigger/sms\n"
        '      callback_url: "https://a.example" => "https://b.example"\n'
        "\n"
        "1 to create, 1 to update, 1 to replace, 7 unchanged; 2 tenants."
    )


def test_many_tenants_are_one_block_with_their_number_and_the_first_names():
    text = as_text(report(*(step("replace", f"{slug}/usage_trigger/sms", VALUE) for slug in slugs(812))))
    assert text.splitlines()[2].startswith("812 tenants: customer-0000, customer-0001, ")
    assert text.splitlines()[2].endswith(", customer-0009 and 802 more")
    assert text.count("usage_trigger/sms") == 1


def test_nothing_to_change_is_one_sentence():
    assert as_text(report()) == "Nothing to change; 7 resources are as the manifests say."


def test_a_preview_of_some_tenants_says_nothing_of_the_others():
    about = About(scope=Scope(tenants=1, every=12, changed_since=None))
    nothing = as_text(make_preview_report(plan(), "dev", about))
    assert nothing == "Nothing to change for 1 of 12 tenants; the others were not looked at."
    changed = as_text(make_preview_report(plan(step("create", "acme/retention")), "dev", about))
    assert changed.endswith("1 to create, 7 unchanged or not looked at; 1 tenant.")


def test_what_waits_for_its_tenant_is_listed_and_is_no_change():
    waiting = (step("wait", "acme/usage_trigger/sms", VALUE), step("wait", "acme/api_key/web-1"))
    assert as_text(report(waiting=waiting)) == (
        "Signs: . wait for an active tenant\n"
        "Waiting for their tenant to be active:\n"
        "acme\n"
        "  . api_key/web-1\n"
        "  . usage_trigger/sms\n"
        "      trigger_value: 1000 => 2000  (makes a new one)\n"
        "\n"
        "Nothing to change; 7 resources are as the manifests say."
    )


def test_what_begins_to_wait_is_a_change_that_does_nothing_in_twilio():
    assert as_text(report(step("wait", "acme/api_key/web-1"))).endswith(
        "1 to wait (tenant not active), 7 unchanged; 1 tenant."
    )


def test_what_a_refresh_found_is_listed_unless_a_step_puts_it_right():
    repaired = update_change("callback_url", "https://ours.example", "https://theirs.example")
    drift = (
        step("update", "acme", update_change("status", "active", "suspended")),
        step("update", "acme/usage_trigger/sms", repaired),
    )
    text = as_text(report(step("update", "acme/usage_trigger/sms", repaired), drift=drift))
    assert text.count("callback_url") == 1
    assert (
        'Changed in Twilio, and left as it is:\nacme\n  ~ subaccount\n      status: "active" => "suspended"\n' in text
    )


def test_of_a_list_only_what_differs_is_told():
    changed = step("update", "acme/api_key/web-1", update_change("policy", ["/a", "/b"], ["/b", "/c"]))
    assert '      policy:\n        - "/a"\n        + "/c"\n' in as_text(report(changed))


def test_a_list_whose_order_alone_changes_is_told_whole():
    turned = step("update", "acme/bucket/files", update_change("rules", ["a", "b"], ["b", "a"]))
    assert '      rules: ["a", "b"] => ["b", "a"]\n' in as_text(report(turned))


def test_of_the_fleet_so_much_is_told_as_a_person_reads():
    standings = [add_change(f"standing.{slug}", "open") for slug in slugs(800)]
    text = as_text(report(step("update", "fleet", *standings)))
    assert "      and 760 more properties; --format json has all\n" in text
    assert text.count("standing.") == 40


def test_a_long_value_loses_its_middle():
    text = as_text(
        report(step("update", "acme/usage_trigger/sms", update_change("callback_url", "a", "x" * 2000 + "end")))
    )
    assert "…" in text
    assert 'end"\n' in text
    assert len(text) < 600


def test_a_projects_own_resource_is_told_with_its_type():
    assert "  - bucket/files (aws:s3/bucket:Bucket)\n" in as_text(report(step("delete", "acme/bucket/files")))


def test_the_legend_has_the_signs_that_occur_and_no_other():
    changed = step("update", "acme/api_key/web-1", update_change("policy", ["/a"], ["/b"]))
    text = as_text(report(step("adopt", "birch/api_key/web-1"), changed))
    assert text.splitlines()[0] == "Signs: > take over  ~ update  (in a list: + joins, - leaves)"
    assert not as_text(report()).startswith("Signs")


def test_numbers_have_no_quotes_and_what_only_looks_like_one_has():
    def show(value):
        text = as_text(report(step("update", "acme/usage_trigger/sms", update_change("trigger_value", value, "1.5"))))
        return text.partition("trigger_value: ")[2].partition(" => ")[0]

    assert [show(value) for value in ("1000", "0.25", "-3", "+30", "007", "1e5")] == [
        "1000",
        "0.25",
        "-3",
        '"+30"',
        '"007"',
        '"1e5"',
    ]


def test_terminal_rows_fit_and_break_no_name_url_or_value():
    found = report(
        *(step("create", f"{slug}/retention", add_change("note", "kept for a year")) for slug in slugs(30)),
        step(
            "update",
            "acme/usage_trigger/sms",
            update_change("callback_url", f"https://a.example/{'x' * 40}", "https://b"),
        ),
    )
    rows = as_text(found, Layout(width=60)).splitlines()
    assert [row for row in rows if len(row) > 60] == [f'          "https://a.example/{"x" * 40}"']
    assert "  customer-0003, customer-0004, customer-0005," in rows
    assert '      note: "kept for a year"' in rows
    assert "".join("".join(rows).split()) == "".join(as_text(found).split())


def test_colours_change_no_letter():
    found = report(step("replace", "acme/usage_trigger/sms", VALUE), step("create", "birch/retention"))
    coloured = as_text(found, Layout(coloured=True))
    assert "\x1b[1;31mDANGER: replace trigger.\x1b[0m" in coloured
    assert "  \x1b[32m+ retention\x1b[0m" in coloured
    assert click.unstyle(coloured) == as_text(found)
