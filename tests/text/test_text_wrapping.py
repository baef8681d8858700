"""Lines that fit a terminal."""

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tenantry.text.wrapping import Layout, Line, Span, lay_out, list_names, sentence

SID = f"SK{'0123456789abcdef' * 2}"
WORDS = st.lists(st.text("ab日-/: ", max_size=12), max_size=6)


def rows(line, width):
    return lay_out([line], Layout(width)).splitlines()


def test_a_line_goes_on_further_in_and_its_sid_is_whole():
    assert rows(sentence(f"  the key {SID} is not there any more, so a new one is made"), 40) == [
        "  the key",
        f"    {SID}",
        "    is not there any more, so a new one",
        "    is made",
    ]


def test_commands_and_values_keep_their_spaces():
    text = '`tenantry up acme --refresh` puts "Acme Dental" back'
    assert rows(sentence(text, hang=0), 30) == ["`tenantry up acme --refresh`", 'puts "Acme Dental" back']


def test_a_value_longer_than_a_row_is_broken_between_its_words():
    assert rows(Line((Span("one two three four", whole=True),), hang=0), 9) == ["one two", "three", "four"]


def test_a_list_is_broken_between_names_and_counts_the_others():
    names = [f"Tenant No {number}" for number in range(5)]
    text = Line((Span("in 5: "), *list_names(names, 3)))
    assert lay_out([text]) == "in 5: Tenant No 0, Tenant No 1, Tenant No 2 and 2 more"
    assert rows(text, 30) == ["in 5: Tenant No 0,", "  Tenant No 1, Tenant No 2 and", "  2 more"]


def test_signs_of_two_cells_count_as_two():
    assert rows(sentence("日本 日本 日本", hang=0), 9) == ["日本 日本", "日本"]


def test_colours_take_no_room():
    line = Line((Span("one two", "red"), Span(" three")))
    text = lay_out([line], Layout(7, coloured=True))
    assert [click.unstyle(row) for row in text.splitlines()] == ["one two", "  three"]


@given(WORDS, st.integers(1, 40), st.integers(0, 4))
def test_nothing_is_lost_and_only_a_single_word_exceeds_the_row(texts, width, indent):
    line = Line(tuple(Span(text) for text in texts), indent)
    report_text = lay_out([line], Layout(width))
    assert "".join(report_text.split()) == "".join("".join(texts).split())
    for row in report_text.split("\n"):
        assert cell_len(row) <= width or " " not in row.strip()


@pytest.mark.parametrize("text", ["", " ", "a  b", "  a b  ", "a: `b c` (d)"])
def test_without_a_width_a_line_is_as_it_was_written(text):
    assert lay_out([sentence(text)]).rstrip() == text.rstrip()
