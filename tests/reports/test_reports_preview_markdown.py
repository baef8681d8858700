"""A preview for a comment on a pull request."""

import random
from itertools import pairwise

import pytest
from markdown_it import MarkdownIt
from plan_steps import add_change, report, slugs, step, update_change

from tenantry.engine.events.event import Diagnostic, PolicyViolation
from tenantry.reports.preview.as_html import as_html
from tenantry.reports.preview.as_markdown import as_markdown
from tenantry.reports.preview.summary import WaivedRule
from tenantry.text.markdown import BESIDE_LENGTH, COMMENT_LENGTH

VALUE = update_change("trigger_value", "1000", "2000", replaces=True)


def headings(markdown: str) -> list[str]:
    """Return the headings that a reader sees, in their order."""
    tokens = MarkdownIt().parse(markdown)
    return [after.content for token, after in pairwise(tokens) if token.type == "heading_open"]


def replace_triggers(number: int, value=lambda _: "2000"):
    """Steps that replace a trigger of so many tenants."""
    return [
        step("replace", f"{slug}/usage_trigger/sms", update_change("trigger_value", "1000", value(slug), replaces=True))
        for slug in slugs(number)
    ]


def test_a_comment_has_marker_title_summary_and_dangers_first():
    found = report(
        step("create", "acme/retention"), *replace_triggers(1), waiting=(step("wait", "birch/api_key/web-1"),)
    )
    assert as_markdown(found) == (
        "<!-- tenantry:preview stack=dev -->\n\n"
        "### Tenantry: preview of <code>dev</code>\n\n"
        "**1 to create, 1 to replace, 7 unchanged; 2 tenants.**\n\n"
        "#### DANGER: replace trigger\n\n"
        "Here another trigger takes its place; it may fire again in the same period.\n\n"
        "<code>customer-0000</code>\n\n"
        "```diff\n"
        "! replace usage_trigger/sms\n"
        "-     trigger_value: 1000\n"
        "+     trigger_value: 2000  (makes a new one)\n"
        "```\n\n"
        "#### Changes\n\n"
        "<code>acme</code>\n\n"
        "```diff\n"
        "+ create retention\n"
        "```\n\n"
        "#### Waiting for their tenant to be active\n\n"
        "<code>birch</code>\n\n"
        "```diff\n"
        "# wait api_key/web-1\n"
        "```\n"
    )


def test_a_thousand_equal_tenants_are_one_folded_block():
    markdown = as_markdown(report(*replace_triggers(1000)))
    assert len(markdown) < COMMENT_LENGTH
    assert markdown.count("```diff") == 1
    assert "<details><summary>1,000 tenants</summary>" in markdown
    assert all(slug in markdown for slug in slugs(1000))


def test_a_thousand_different_tenants_fit_and_the_cut_is_counted():
    markdown = as_markdown(report(*replace_triggers(1000, value=lambda slug: slug)))
    kept = markdown.count("```diff")
    room = COMMENT_LENGTH - BESIDE_LENGTH  # the rest is for what `tenantry overlay` says
    assert room - 1000 < len(markdown) <= room
    assert (
        f"**Not all of it fits into a comment.** Left out: {1000 - kept} groups about {1000 - kept} tenants, "
        f"{1000 - kept} of the groups dangerous. "
        "All of it is in the log of this run; <code>tenantry preview --stack dev</code> shows it too."
    ) in markdown


def test_dangers_are_kept_before_anything_else():
    harmless = [step("update", slug, update_change("friendly_name", "a", slug)) for slug in slugs(1000)]
    markdown = as_markdown(report(*harmless, step("create", "zebra/account_state", add_change("status", "closed"))))
    assert headings(markdown)[1:] == ["DANGER: close", "Changes"]
    assert "<code>zebra</code>" in markdown
    assert ", 0 of the groups dangerous." in markdown


def test_only_whole_groups_are_left_out():
    markdown = as_markdown(report(*replace_triggers(1000, value=lambda slug: slug)))
    fences = [token.content for token in MarkdownIt().parse(markdown) if token.type == "fence"]
    assert all(len(content.splitlines()) == 3 for content in fences)


@pytest.mark.parametrize("limit", [1_500, 5_000, 65_536])
def test_any_limit_is_kept(limit):
    assert len(as_markdown(report(*replace_triggers(1000, value=lambda slug: slug)), limit)) <= limit


def test_characters_that_take_four_bytes_are_counted_as_github_does():
    names = [
        step("update", slug, update_change("friendly_name", "🦷" * 60, f"{slug} " + "🦷" * 60)) for slug in slugs(1000)
    ]
    markdown = as_markdown(report(*names))
    assert len(markdown) <= 65_536
    assert len(markdown.encode()) <= 4 * 65_536


@pytest.mark.parametrize("number", [300, 5000])
def test_a_danger_longer_than_a_comment_loses_its_properties(number):
    long = update_change(
        "callback_url", "https://a.example/" + "x" * 100, "https://b.example/" + "x" * 100, replaces=True
    )
    markdown = as_markdown(report(*(step("replace", f"acme/usage_trigger/t{item}", long) for item in range(number))))
    kept = markdown.count("! replace usage_trigger/t")
    assert kept >= min(number, 900)
    assert "callback_url" not in markdown
    more = f" and {number - kept:,} more resources" if number > kept else ""
    assert f"# properties{more} are in --format json\n" in markdown
    assert "Not all of it fits" not in markdown


def test_ten_thousand_long_names_of_one_group_leave_room_for_the_others():
    long = [f"{'a' * 26}{number:05}" for number in range(10_000)]
    markdown = as_markdown(
        report(*(step("create", f"{slug}/retention") for slug in long), step("create", "acme/api_key/web-1"))
    )
    assert len(markdown) < 25_000
    assert "<code>acme</code>" in markdown
    assert " and 9,394 more\n" in markdown


def test_the_same_plan_in_any_order_is_the_same_comment():
    steps = [
        *replace_triggers(30, value=lambda slug: slug[-1]),
        *(step("create", f"{slug}/retention") for slug in slugs(9)),
    ]
    turned = random.Random(5).sample(steps, len(steps))
    assert as_markdown(report(*steps)) == as_markdown(report(*turned))


def test_what_was_said_stands_first_each_sentence_once():
    text = tuple(
        Diagnostic("warning", f"urn:pulumi:dev::owl::t::{slug}", "unknown category 'x'") for slug in ("b", "a")
    )
    violations = (PolicyViolation("urn:pulumi:dev::owl::t::acme", "rules", "https-urls", "mandatory", "no https"),)
    markdown = as_markdown(report(step("create", "acme/retention"), diagnostics=text, violations=violations))
    assert headings(markdown)[1:] == ["Messages of this run", "Changes"]
    assert "```\npolicy https-urls (mandatory): acme: no https\n```" in markdown
    assert "```\nwarning: a, b: unknown category 'x'\n```" in markdown


def test_nothing_to_change_is_said_so():
    assert as_markdown(report()).endswith("**Nothing to change; 7 resources are as the manifests say.**\n")


@pytest.mark.parametrize("level", ["error", "mandatory"])
def test_a_preview_that_failed_says_so_and_why(level):
    text = {
        "error": {"diagnostics": (Diagnostic("error", "urn:pulumi:dev::owl::t::acme", "can't"),)},
        "mandatory": {
            "violations": (PolicyViolation("urn:pulumi:dev::owl::t::acme", "p", "rule", "mandatory", "can't"),)
        },
    }[level]
    markdown = as_markdown(report(**text))
    assert "**The preview failed; " in markdown
    assert "acme: can't\n```" in markdown


def test_what_a_rule_finds_in_many_tenants_leaves_room_for_the_changes():
    violations = tuple(
        PolicyViolation(
            f"urn:pulumi:dev::owl::t::{slug}", "p", "rule", "advisory", f"tenants/{slug}.yaml:2:1: calls: why"
        )
        for slug in slugs(500)
    )
    found = report(*replace_triggers(1), violations=violations)
    assert as_markdown(found).count("(advisory)") == as_html(found).count("(advisory)") == 1
    assert "(and at 499 more places)" in as_markdown(found)


WAIVED = {
    "tenant": "acme",
    "rule": "spend-trigger",
    "level": "mandatory",
    "until": "2027-01-31",
    "reason": "moves ![x](https://e.example) ``` soon",
    "owner": "ana@owl.example",
    "file": "waivers/acme.yaml",
    "line": 4,
    "findings": ("usage_triggers: no recurring trigger watches what is spent",),
}


def test_waivers_come_before_changes_and_new_ones_are_marked():
    rules = tuple(WaivedRule.model_validate(WAIVED | {"new": new}, strict=False) for new in (True, False))
    found = as_markdown(report(*replace_triggers(1)).model_copy(update={"waivers": rules}))
    assert headings(found)[1] == "Rules that waivers lift"
    text = "acme: spend-trigger (mandatory) is waived until 2027-01-31 by ana@owl.example: moves"
    [block] = [token.content for token in MarkdownIt().parse(found) if token.type == "fence" and not token.info]
    assert [line.partition(" ![x]")[0] for line in block.splitlines()] == [f"NEW: {text}", text]
    assert found.index("is waived until") < found.index("DANGER")


def test_without_waivers_nothing_is_said_of_them():
    assert "aive" not in as_markdown(report(*replace_triggers(1)))


def test_adopted_tenants_are_new_and_recovered_ones_are_not():
    again = step("adopt", "acme", update_change("friendly_name", "Acme", "Acme (acme)"))
    adopted = step("adopt", "birch", add_change("adopt", "AC1"))
    markdown = as_markdown(report(again, step("adopt", "acme/api_key/web-1"), adopted))
    assert markdown.index("#### New tenants") < markdown.index("birch") < markdown.index("#### Changes")
    assert "acme" in markdown.partition("#### Changes")[2]
