"""The table of small kinds: order, places that are kept, and pages of it."""

from dataclasses import dataclass, replace

from hypothesis import given
from hypothesis import strategies as st

from faketwilio.store.table import Table

OWL, FOX = "AC" + "1" * 32, "AC" + "2" * 32


@dataclass(frozen=True)
class Thing:
    sid: str
    account_sid: str = OWL
    name: str = ""


def _table(*sids):
    table = Table()
    for sid in sids:
        table.put(Thing(sid))
    return table


def _sids(records):
    return [record.sid for record in records]


def test_a_changed_record_keeps_its_place_and_a_moved_one_is_newest():
    table = _table("a", "b", "c")
    table.put(Thing("x", FOX))
    table.put(Thing("a", name="changed"))
    table.put(Thing("b", FOX))
    assert (_sids(table.of(OWL)), _sids(table.of(FOX))) == (["c", "a"], ["b", "x"])
    assert (table.count(OWL), table.count(FOX), table.get("b").account_sid) == (2, 2, FOX)


def test_a_removed_record_is_nowhere_and_comes_back_as_the_newest():
    table = _table("a", "b")
    table.remove("a")
    assert (table.get("a"), _sids(table.of(OWL))) == (None, ["b"])
    table.put(Thing("a"))
    assert _sids(table.of(OWL)) == ["a", "b"]


def test_a_listing_knows_what_is_in_it():
    table = _table("a", "b")
    table.put(Thing("x", FOX))
    listing = table.listing(OWL, lambda value: value.sid != "b")
    assert [listing.has(name) for name in ("a", "b", "x", "nothing")] == [True, False, False, False]


@given(st.integers(0, 30), st.sets(st.integers(0, 29)), st.integers(1, 8), st.booleans())
def test_pages_of_a_listing_are_those_of_the_list(size, removed, page_size, odd_only):
    table = _table(*(f"{number:02}" for number in range(size)))
    for number in sorted(removed & set(range(size))):
        table.remove(f"{number:02}")
    wanted = [sid for sid in _sids(table.of(OWL)) if not odd_only or int(sid) % 2]
    listing = table.listing(OWL, lambda value: not odd_only or bool(int(value.sid) % 2))
    pages, name = [], None
    while page := listing.after(name, page_size):
        pages += _sids(page)
        name = page[-1].sid
    assert pages == wanted
    for place, sid in enumerate(wanted):
        assert _sids(listing.before(sid, page_size)) == wanted[max(place - page_size, 0) : place]


def test_a_listing_sees_what_is_made_after_it():
    table = _table("a")
    listing = table.listing(OWL)
    table.put(replace(Thing("b")))
    assert _sids(listing.after(None, 5)) == ["b", "a"]
