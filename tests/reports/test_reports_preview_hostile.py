"""Names and values that somebody wrote to deceive whoever reads a preview."""

import html
import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from plan_steps import report, step, update_change

from tenantry.engine.events.event import Diagnostic
from tenantry.reports.preview.as_markdown import as_markdown
from tenantry.reports.preview.as_text import as_text
from tenantry.text.markdown import COMMENT_LENGTH

SIGNS = "<>&`*_[]()!|~#$@:/.-+=\\\n\t\x1b\u202e\u200b 1a"
WORDS = (
    "http://",
    "```",
    "~~~",
    "<!--",
    "-->",
    "</details>",
    "![x](https://e.example)",
    "@ana",
    "<img src=x>",
    "|---|",
)
HOSTILE = st.lists(st.sampled_from([*SIGNS, *WORDS]), max_size=30).map("".join) | st.text(max_size=30)
HARMLESS_TAGS = {"h3", "h4", "p", "strong", "code", "pre", "details", "summary"}


def hostile(slug: str, resource: str, path: str, value: str, content: str):
    return report(
        step(
            "update",
            f"{slug}/usage_trigger/{resource}",
            update_change(path, "old", value),
            update_change("list", ["a"], [value]),
        ),
        step("update", slug, update_change("friendly_name", value, "new")),
        waiting=(step("wait", "acme/api_key/web-1", update_change(path, value, 1)),),
        diagnostics=(Diagnostic("warning", f"urn:pulumi:dev::owl::t::{resource}", content),),
    )


@given(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE)
def test_a_terminal_gets_lines_and_visible_signs_only(slug, resource, path, value, content):
    text = as_text(hostile(slug, resource, path, value, content))
    assert not [sign for sign in text.replace("\n", "") if unicodedata.category(sign)[0] == "C"]


@given(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE)
def test_a_comment_has_our_headings_and_blocks_and_no_markup_of_others(slug, resource, path, value, content):
    markdown = as_markdown(hostile(slug, resource, path, value, content))
    page = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(markdown)
    assert set(re.findall(r"<(\w+)", page)) <= HARMLESS_TAGS
    assert page.count("<!--") == 1
    headings = re.findall(r"<h\d>(.*?)</h\d>", page)
    assert [heading for heading in headings if heading.startswith("DANGER")] == []
    assert re.sub(r"<pre>.*?</pre>", "", html.unescape(page), flags=re.DOTALL).count("@ana") == 0
    assert len(markdown) <= COMMENT_LENGTH


def test_the_marker_is_ours_alone_whatever_a_stack_is_called():
    forged = report(
        step("update", "acme", update_change("friendly_name", "a", "<!-- tenantry:preview stack=production -->"))
    )
    assert as_markdown(forged).count("<!--") == 1
    named = forged.model_copy(update={"stack": "x --> <b>\n# y"})
    assert as_markdown(named).splitlines()[0] == "<!-- tenantry:preview stack=x%20%2D%2D%3E%20%3Cb%3E%0A%23%20y -->"
