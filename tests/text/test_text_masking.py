"""User, password and the values of a query are shown of no URL, and two that differ still do."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenantry.text.masking import mask_secrets

URL = "https://hooks.example/x"
WORDS = st.text("abcdefgh0123456789-_~", min_size=1)
QUERIES = st.dictionaries(WORDS, st.text(min_size=1), min_size=1, max_size=3)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("https://ana:pass@hooks.example/x", "https://…@hooks.example/x"),
        ("https://ana:p@ss@hooks.example/x", "https://…@hooks.example/x"),
        ({"sink": ["https://ana@hooks.example"]}, {"sink": ["https://…@hooks.example"]}),
        (("https://ana@hooks.example",), ["https://…@hooks.example"]),
        (f"{URL}?token=abc", f"{URL}?token=…"),
        (f"{URL}?a=b&c=;d=e=f&g", f"{URL}?a=…&c=;d=…&…"),
        (f"{URL}?abc", f"{URL}?…"),
        (f"{URL}?to=a@b#rc=3&rp=5xx", f"{URL}?to=…#rc=3&rp=5xx"),
        (f"{URL}?a=https://b?c=d", f"{URL}?a=…"),
        (f"see {URL}?a=b c", f"see {URL}?a=…"),
    ],
)
def test_what_may_be_secret_is_left_out_wherever_the_url_stands(value, shown):
    assert mask_secrets(value, None) == (shown, None)
    assert mask_secrets(None, value) == (None, shown)


@pytest.mark.parametrize(
    "value", ["https://hooks.example/@ana", f"{URL}#rc=3", f"{URL}?", "is it a=b?c=d", "ana@b", "a://b c@d", 1]
)
def test_all_else_stays_as_it_is(value):
    assert mask_secrets(value, value) == (value, value)


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        (f"{URL}?a=1&b=2", f"{URL}?a=1&b=3", f"{URL}?a=…&b=…(differs)"),
        (f"{URL}?a=1&b=2", f"{URL}?a=2&b=1", f"{URL}?a=…(differs)&b=…(differs)"),
        ("https://ana:x@b.example", "https://ana:y@b.example", "https://…(differs)@b.example"),
        (f"{URL}?a=1", f"{URL}/y?a=2", f"{URL}/y?a=…"),
        (f"{URL}?a=1", f"{URL}?a=", f"{URL}?a="),
        ({"u": f"{URL}?a=1", "m": "GET"}, {"m": "GET", "u": f"{URL}?a=2"}, {"u": f"{URL}?a=…(differs)", "m": "GET"}),
    ],
)
def test_values_that_differ_in_what_is_left_out_alone_say_so(old, new, shown):
    assert mask_secrets(old, new)[1] == shown


@given(QUERIES, QUERIES)
def test_values_of_a_query_are_masked_and_differences_are_marked(old, new):
    urls = [
        f"{URL}?{'&'.join(f'{key}={quote(value)}' for key, value in sorted(query.items()))}" for query in (old, new)
    ]
    shown = mask_secrets(*urls)
    assert (shown[0] == shown[1]) == (urls[0] == urls[1])
    for text, query in zip(shown, (old, new), strict=True):
        assert text.replace("…(differs)", "…") == f"{URL}?{'&'.join(f'{key}=…' for key in sorted(query))}"
