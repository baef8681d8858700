"""Whether somebody wants colours."""

import pytest

from tenantry.text.colour import is_wanted, paint


@pytest.mark.parametrize(
    ("choice", "environ", "is_terminal", "wanted"),
    [
        ("auto", {}, True, True),
        ("auto", {}, False, False),
        ("auto", {"NO_COLOR": "1"}, True, False),
        ("auto", {"NO_COLOR": ""}, True, True),
        ("auto", {"TERM": "dumb"}, True, False),
        ("auto", {"FORCE_COLOR": "1"}, False, True),
        ("auto", {"FORCE_COLOR": "1", "TERM": "dumb"}, True, True),
        ("auto", {"FORCE_COLOR": "1", "NO_COLOR": "1"}, True, False),
        ("always", {"NO_COLOR": "1"}, False, True),
        ("never", {"FORCE_COLOR": "1"}, True, False),
    ],
)
def test_the_option_decides_then_no_color_then_force_color_then_the_terminal(choice, environ, is_terminal, wanted):
    assert is_wanted(choice, environ, is_terminal=is_terminal) is wanted


def test_nothing_is_painted_where_there_is_no_style_or_no_text():
    assert (paint("a", "red"), paint("a", None), paint("", "red")) == ("\x1b[31ma\x1b[0m", "a", "")
