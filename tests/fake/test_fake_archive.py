"""The archive: what SIDs say, what is stored comes back, and lists are what a plain sorted list would be."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faketwilio.store.archive import Archive, Kind, Span, Where
from faketwilio.store.archive.places import SidCode, place
from faketwilio.store.sids import Sids

START = datetime(2026, 1, 1, tzinfo=UTC)
OWL, FOX = "AC" + "1" * 32, "AC" + "2" * 32


@dataclass(frozen=True)
class Letter:
    sid: str
    account_sid: str
    to: str | None
    created: datetime
    sent: datetime | None = None
    due: datetime | None = None
    pages: int = 1


KIND = Kind("letters", Letter, lambda values: "LL" if values["pages"] > 1 else "LE", ("sent", "created"), ("to",))


@pytest.fixture
def archive():
    return Archive(KIND, Sids("letters"))


def _letter(hours=0, account=OWL, **values):
    return Letter("", account, "+1", START + timedelta(hours=hours), **values)


@given(st.integers(0, 2**40), st.integers(0, 2**63 - 1), st.integers())
def test_a_sid_says_where_its_record_is(account, where, seed):
    code = SidCode(Sids(seed))
    digits = code.digits(account, where)
    assert (len(digits), code.where(digits)) == (32, (account, where))


def test_neighbours_have_sids_that_are_nothing_alike():
    code = SidCode(Sids(1))
    item, two = (code.digits(3, place(1_800_000_000, number)) for number in (7, 8))
    assert sum(a == b for a, b in zip(item, two, strict=True)) < 10


def test_what_is_stored_comes_back_as_it_was(archive):
    kept = archive.add(_letter(sent=START, pages=2))
    assert kept == replace(_letter(sent=START, pages=2), sid=kept.sid)
    assert (archive.get(kept.sid), kept.sid[:2]) == (kept, "LL")


def test_a_changed_record_keeps_its_place(archive):
    old, new = archive.add(_letter(1)), archive.add(_letter(2))
    changed = archive.put(replace(old, created=START + timedelta(hours=9), to=None))
    assert archive.find(OWL, Where()).all() == [new, changed]


@pytest.mark.parametrize("sid", ["", "LE", "LE" + "g" * 32, "LE" + "0" * 32, "LE" + "A" * 32])
def test_what_is_no_sid_is_not_there(archive, sid):
    archive.add(_letter())
    assert archive.get(sid) is None


def test_a_sid_with_another_prefix_or_in_capitals_is_not_there(archive):
    sid = archive.add(_letter()).sid
    assert [archive.get(other) for other in ("LL" + sid[2:], "LE" + sid[2:].upper())] == [None, None]


def test_only_the_accounts_own_records_are_listed(archive):
    archive.add(_letter(account=FOX))
    mine = archive.add(_letter())
    assert archive.find(OWL, Where()).all() == [mine]
    assert (archive.count(OWL), archive.count(FOX), archive.count("AC")) == (1, 1, 0)


def test_removing_an_account_leaves_the_others(archive):
    kept, gone = archive.add(_letter()), archive.add(_letter(account=FOX))
    archive.remove_account(FOX)
    assert (archive.get(gone.sid), archive.get(kept.sid)) == (None, kept)


def test_a_removed_record_is_nowhere(archive):
    kept, gone = archive.add(_letter()), archive.add(_letter())
    archive.remove(gone.sid)
    assert (archive.get(gone.sid), archive.find(OWL, Where()).all()) == (None, [kept])


def test_what_is_due_comes_longest_waiting_first(archive):
    late, early, never = (archive.add(_letter(due=due)) for due in (START + timedelta(2), START, None))
    assert archive.due(START + timedelta(1)) == [early]
    assert archive.due(START + timedelta(2)) == [early, late]
    assert archive.get(never.sid).due is None


def test_filled_records_have_the_samples_dates_from_their_own_moment_on(archive):
    sample = _letter(sent=START + timedelta(hours=1), due=START + timedelta(hours=3))
    sids = list(archive.fill([sample], [OWL], 2, START, START + timedelta(days=2)))
    first, second = (archive.get(sid) for sid in sids)
    assert (first.created, first.sent, first.due) == (
        START - timedelta(hours=1),
        START,
        START + timedelta(hours=2),
    )
    assert second.sent - first.sent == timedelta(days=1)


def test_an_archive_ends_before_its_numbers_do(archive):
    with pytest.raises(ValueError, match="holds"):
        archive.fill([_letter()], [OWL], 2**25 + 1, START, START)


@given(
    st.lists(st.tuples(st.integers(0, 20), st.booleans(), st.sampled_from(["+1", "+2"])), max_size=25),
    st.sampled_from([None, "+1", "+2"]),
    st.tuples(st.none() | st.integers(0, 20), st.none() | st.integers(0, 20)),
    st.integers(1, 7),
)
def test_pages_of_any_filter_are_those_of_a_sorted_list(letters, to, period, size):
    archive = Archive(KIND, Sids("any"))
    created = [
        archive.add(replace(_letter(hours, sent=START + timedelta(hours=hours) if sent else None), to=number))
        for hours, sent, number in letters
    ]
    since, until = (None if hours is None else int((START + timedelta(hours=hours)).timestamp()) for hours in period)
    where = Where({} if to is None else {"to": to}, (Span("sent", since, until),) if since or until else ())
    newest_first = sorted(created, key=lambda item: (item.created, created.index(item)), reverse=True)
    wanted = [item for item in newest_first if _fits(item, to, since, until)]
    found, pages, name = archive.find(OWL, where), [], None
    while page := found.after(name, size):
        pages += page
        name = page[-1].sid
    assert pages == wanted
    assert all(found.has(item.sid) == (item in wanted) for item in created)
    for place_of_one, item in enumerate(wanted):
        assert found.before(item.sid, size) == wanted[max(place_of_one - size, 0) : place_of_one]


def _fits(letter, to, since, until):
    if to is not None and letter.to != to:
        return False
    if not since and not until:
        return True
    sent = letter.sent and letter.sent.timestamp()
    return sent is not None and (not since or sent >= since) and (not until or sent < until)
