"""Text of others in Markdown, read back with a CommonMark parser."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tenantry.text.markdown import code, details, fence, marker, text
from tenantry.text.plain import plain

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
SIGNS = "<>&`*_[]()!|~#$@:/.-+=\\\n\t 1a"
WORDS = ("http://", "www.", "<!--", "-->", "```", "&lt;", "GH-1", "</details>", "![x](y)")
HOSTILE = st.lists(st.sampled_from([*SIGNS, *WORDS])).map("".join) | st.text()
PLACES = {
    "paragraph": ("{}", "p"),
    "heading": ("## {}", "h2"),
    "item": ("- {}", "li"),
    "cell": ("| a | b |\n|---|---|\n| {} | x |", "td"),
    "summary": ("<details><summary>{}</summary>\n\nbody\n\n</details>", "summary"),
}


def render(markdown: str, tag: str) -> str:
    """Return what is inside the first such element of the page."""
    page = PARSER.render(markdown)
    return re.search(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)[1]


def read_markup(markup: str) -> str:
    """Return what a reader sees of markup that should hold no tag but those of code."""
    shown = re.sub("</?code>", "", markup)
    assert "<" not in shown
    return html.unescape(shown).replace("\u200b", "")


def copy_out(markdown: str) -> str:
    """Return what a reader copies out of a paragraph, signs that nobody sees with it."""
    return html.unescape(re.sub("</?code>", "", render(markdown, "p")))


@pytest.mark.parametrize("place", PLACES)
@given(value=HOSTILE)
def test_a_reader_sees_the_value_wherever_it_stands(place, value):
    frame, tag = PLACES[place]
    shown = f"x{value}" if not plain(value).strip() else value
    assert read_markup(render(frame.format(text(shown)), tag)).strip() == plain(shown).strip()


@given(value=HOSTILE)
def test_a_value_as_code_is_the_value(value):
    report_text, shown = code(f"x{value}"), plain(f"x{value}").rstrip(" ")
    in_span = shown.replace("<!--", r"<!\x2d-") if report_text.startswith("`") else shown
    assert read_markup(render(report_text, "p")) == in_span


@pytest.mark.parametrize("value", ["https://e.example/a?b=c#d", "see http://www.e.example:80/ `now` ``", "`a://b`"])
def test_what_people_copy_from_code_has_no_sign_that_nobody_sees(value):
    report_text = code(value)
    assert "\u200b" not in report_text
    assert html.unescape(render(report_text, "code")) == value
    tokens = PARSER.parseInline(report_text)[0].children
    assert [token.type for token in tokens] == ["code_inline"]


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.owl.example/acme?b=c_d&e=*#1",
        "http://u:p@owl.example:8000/@ana/x:y:z",
        "www.owl.example/~a|b",
        "postgresql://db.example/owl",
    ],
)
@pytest.mark.parametrize("sentence", ["{}", "11200: {}.", "'{}' gave 404 (see {}); ask @ana", "**{}**, {}"])
@pytest.mark.parametrize("write", [text, code])
def test_a_url_in_a_sentence_is_copied_as_it_is(write, sentence, url):
    markdown = write(sentence.format(url, url))
    assert copy_out(markdown).count(url) == sentence.count("{}")
    assert not re.search(r"://|www\.|\w@\w", re.sub("(`+) .* \\1", "", markdown))


@pytest.mark.parametrize(
    "value",
    [
        "@ana",
        "@org/team",
        "#123",
        "owner/repo#1",
        "GH-7",
        "https://e.example",
        "WWW.e.example",
        "a@b.example",
        ":tada:",
    ],
)
def test_github_finds_nothing_to_link_in_rendered_text(value):
    page = html.unescape(re.sub("<code>.*?</code>", "", render(text(value), "p")))
    assert not re.search(r"@\w|#\d|GH-\d|://|www\.|:\w+:", page, re.IGNORECASE)


@given(lines=st.lists(HOSTILE))
def test_no_line_ends_a_fence(lines):
    tokens = PARSER.parse(f"{fence(lines, 'diff')}\n\nafter")
    assert [token.type for token in tokens] == ["fence", "paragraph_open", "inline", "paragraph_close"]
    assert tokens[0].content.splitlines() == [plain(line).replace("<!--", r"<!\x2d-") for line in lines]


@given(value=HOSTILE, lines=st.lists(HOSTILE))
def test_what_is_folded_ends_where_it_should(value, lines):
    page = PARSER.render(f"{details(text(value), fence(lines))}\n\nafter")
    assert page.count("<details>") == page.count("</details>") == 1
    assert page.endswith("</details>\n<p>after</p>\n")


@given(value=st.text(st.characters(exclude_categories=["Cs"])))
def test_a_marker_is_one_invisible_comment(value):
    found = marker("preview", stack=value)
    assert re.fullmatch(r"<!-- tenantry:preview stack=\S* -->", found)
    assert "--" not in found[4:-3]


def test_a_marker_of_an_ordinary_stack_is_readable():
    assert marker("preview", stack="owl/production-eu") == "<!-- tenantry:preview stack=owl/production-eu -->"


def test_nobody_can_write_a_marker_into_a_value():
    assert "<!--" not in text(marker("preview", stack="x")) + fence([marker("preview", stack="x")])
