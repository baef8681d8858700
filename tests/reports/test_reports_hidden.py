"""User and password of a URL are shown nowhere."""

import pytest

from tenantry.reports.hidden import hidden


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("https://ana:pass@hooks.example/x", "https://…@hooks.example/x"),
        ("https://ana:p@ss@hooks.example/x", "https://…@hooks.example/x"),
        ({"sink": ["https://ana@hooks.example"]}, {"sink": ["https://…@hooks.example"]}),
        (("https://ana@hooks.example",), ["https://…@hooks.example"]),
    ],
)
def test_user_and_password_are_left_out_wherever_the_url_stands(value, shown):
    assert hidden(value) == shown


@pytest.mark.parametrize(
    "value", ["https://hooks.example/@ana", "https://hooks.example?to=a@b", "ana@b", "a://b c@d", 1]
)
def test_all_else_stays_as_it_is(value):
    assert hidden(value) == value
