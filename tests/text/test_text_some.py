"""Some of many."""

from tenantry.text.some import and_more, first_of


def test_the_first_are_named_and_the_others_counted():
    assert first_of(["acme"], 2) == "acme"
    assert first_of(["acme", "birch"], 2) == "acme, birch"
    assert first_of(["acme", "birch", "cedar"], 1) == "acme and 2 more"


def test_the_rest_is_counted_with_its_noun_and_none_is_silent():
    assert (and_more(1200), and_more(3, "resources"), and_more(0)) == (" and 1,200 more", " and 3 more resources", "")
