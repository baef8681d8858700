"""Text of others for a terminal."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenantry.text.plain import plain

ANYTHING = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Zahnärzte Müller & Söhne 🦷", "Zahnärzte Müller & Söhne 🦷"),
        ("two\nlines", r"two\nlines"),
        ("\x1b[31mred", r"\x1b[31mred"),
        ("c1\x9b31m", r"c1\x9b31m"),
        ("back\x08\x7f", r"back\x08\x7f"),
        ("gpj.\u202eexe", r"gpj.\u202eexe"),
        ("\u2066isolate\u2069", r"\u2066isolate\u2069"),
        ("zero\u200bwidth\ufeff", r"zero\u200bwidth\ufeff"),
        ("line\u2028paragraph\u2029", r"line\u2028paragraph\u2029"),
        ("filler\u3164", r"filler\u3164"),
        ("half\ud800", r"half\ud800"),
        (7, "7"),
        ("::error::pwned", r"\x3a:error::pwned"),
        ("  ::stop-commands::x", r"  \x3a:stop-commands::x"),
        ("a ::b", "a ::b"),
        ("Acme ##[error]pwned", r"Acme \x23#[error]pwned"),
        ("###[add-mask]x", r"#\x23#[add-mask]x"),
        ("##vso[task.setvariable]x", r"\x23#vso[task.setvariable]x"),
        ("a\r::error::b", r"a\r::error::b"),
        ("## [not one]", "## [not one]"),
    ],
)
def test_what_has_no_glyph_is_written_out(text, shown):
    assert plain(text) == shown


@given(ANYTHING)
def test_any_text_becomes_one_line_of_visible_signs(text):
    shown = plain(text)
    assert len(shown.splitlines()) <= 1
    assert not [sign for sign in shown if unicodedata.category(sign)[0] == "C"]
    assert not [sign for sign in shown if unicodedata.category(sign)[0] == "Z" and sign != " "]


@given(ANYTHING)
def test_plain_text_stays_as_it_is(text):
    assert plain(plain(text)) == plain(text)
