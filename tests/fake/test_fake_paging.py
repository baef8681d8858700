"""Pages of lists that are long, filtered, or change meanwhile. Statements 60, 61, 64."""

from datetime import UTC, datetime

import pytest

from faketwilio.control.seed import seed
from faketwilio.hosts.api.archives import MESSAGES
from faketwilio.store.archive import Span, Where
from faketwilio.store.store import Store

ROOT = "/2010-04-01/Accounts"
YEAR = {"start": "2026-01-01", "end": "2027-01-01"}
MARCH = int(datetime(2026, 3, 1, tzinfo=UTC).timestamp())


@pytest.fixture
def pages(wire):
    """A reader of all pages from a path on, in the direction of a link; yields SIDs page by page."""

    def _pages(path, key, link="next_page_uri"):
        while path:
            page = wire("GET", path)
            assert page.status_code == 200, page.text
            yield [item["sid"] for item in page.json()[key]]
            path = page.json()[link]

    return _pages


def _messages(account, query=""):
    return f"{ROOT}/{account['sid']}/Messages.json?PageSize=10{query}"


def test_statement_60_pages_of_messages_end_and_lead_back(wire, acme, pages):
    created = wire.seed("message", acme["sid"], count=25, **YEAR)[::-1]
    assert list(pages(_messages(acme), "messages")) == [created[:10], created[10:20], created[20:]]
    first = wire("GET", _messages(acme)).json()
    second = wire("GET", first["next_page_uri"]).json()
    last = wire("GET", second["next_page_uri"]).json()
    assert (last["page"], last["start"], last["end"], last["next_page_uri"]) == (2, 20, 24, None)
    back = list(pages(last["previous_page_uri"], "messages", "previous_page_uri"))
    assert back == [created[10:20], created[:10]]


def test_statement_60_links_keep_the_filter(wire, acme, pages):
    delivery = wire.seed("message", acme["sid"], count=40, **YEAR, status=["delivered", "failed"])[::-1]
    query = "&DateSent%3C=2026-06-30&To=%2B14155550100"
    found = list(pages(_messages(acme, query), "messages"))
    delivered_until_june = [sid for place, sid in enumerate(delivery) if place % 2 and place >= 20]
    assert [sid for page in found for sid in page] == delivered_until_june


def test_statement_61_the_token_of_a_deleted_message_is_stale(wire, acme):
    wire.seed("message", acme["sid"], count=15, **YEAR)
    first = wire("GET", _messages(acme)).json()
    wire("DELETE", f"{ROOT}/{acme['sid']}/Messages/{first['messages'][-1]['sid']}.json")
    answer = wire("GET", first["next_page_uri"])
    assert (answer.status_code, answer.json()["code"]) == (400, 21481)


@pytest.mark.parametrize("token", ["PA", "PAjunk", "PASM" + "0" * 32, "XXSM" + "0" * 32, "PASM" + "é" * 32])
def test_statement_61_a_token_that_is_none_is_stale(wire, acme, token):
    wire.seed("message", acme["sid"], count=2)
    for key in ("Messages", "IncomingPhoneNumbers"):
        answer = wire("GET", f"{ROOT}/{acme['sid']}/{key}.json", params={"PageToken": token})
        assert (answer.status_code, answer.json()["code"]) == (400, 21481)


def test_statement_61_a_token_of_another_account_or_filter_is_stale(wire, fake, acme):
    [other] = wire.seed("message", fake.account_sid)
    [mine] = wire.seed("message", acme["sid"], to="+1")
    for query in (f"&PageToken=PA{other}", f"&PageToken=PA{mine}&To=%2B2"):
        assert wire("GET", _messages(acme, query)).json()["code"] == 21481


def test_statement_61_a_closed_account_leaves_a_stale_token(wire, acme):
    wire.subaccount("newer")
    first = wire("GET", f"{ROOT}.json?PageSize=2").json()
    assert first["accounts"][-1]["sid"] == acme["sid"]
    wire("POST", f"{ROOT}/{acme['sid']}.json", data={"Status": "closed"})
    wire.advance(30 * 86_400)
    assert wire("GET", first["next_page_uri"]).json()["code"] == 21481


def test_what_stays_comes_exactly_once_while_others_come_and_go(wire, acme, pages):
    created = wire.seed("message", acme["sid"], count=60, **YEAR)[::-1]
    gone = {sid for place, sid in enumerate(created) if place % 10 == 5}
    seen = []
    for number, page in enumerate(pages(_messages(acme), "messages")):
        seen += page
        wire.seed("message", acme["sid"])
        for sid in gone & set(created[number * 12 : number * 12 + 12]):
            wire("DELETE", f"{ROOT}/{acme['sid']}/Messages/{sid}.json")
    assert len(seen) == len(set(seen))
    assert set(created) - gone <= set(seen) <= set(created)


def test_statement_64_an_old_message_made_later_is_not_the_newest(wire, acme):
    [new] = wire.seed("message", acme["sid"])
    [old] = wire.seed("message", acme["sid"], date_created="2026-01-01")
    listed = wire("GET", _messages(acme)).json()["messages"]
    assert [item["sid"] for item in listed] == [new, old]


@pytest.mark.parametrize(
    "where",
    [
        Where(),
        Where({"to": "+14155550100"}),
        Where({}, (Span("date_sent", until=MARCH),)),
        Where({"from_": "+15005550006"}, (Span("date_sent", since=MARCH, until=MARCH + 90 * 86_400),)),
    ],
)
def test_a_page_of_100_000_costs_no_more_than_one_of_1000(where):
    """The work, not the time: how many steps SQLite takes, on the first page and on one after the middle."""
    few, many = (_steps(count, where) for count in (1_000, 100_000))
    assert max(many) < 1.5 * max(few)


def test_a_page_of_25_000_accounts_looks_at_its_own_rows_only():
    store, looked = Store(seed=1), []
    sids = seed(store, {"kind": "subaccount", "count": 25_000})["sids"]
    listing = store.accounts.listing(store.parent_sid, lambda value: looked.append(value) is None)
    page = listing.after(sids[500], 50)
    assert [value.sid for value in page] == sids[450:500][::-1]
    assert len(looked) <= 51


def _steps(count, where):
    store = Store(seed=1)
    seed(store, {"kind": "message", "account": store.parent_sid, "count": count, **YEAR})
    archive, steps = store.archive(MESSAGES), []
    found = archive.find(store.parent_sid, where)
    middle = archive.find(store.parent_sid, Where({}, (Span("date_sent", until=MARCH),))).after(None, 1)[0].sid
    for name in (None, middle):
        taken = []
        archive.database.set_progress_handler(lambda taken=taken: taken.append(1), 10)
        found.after(name, 51)
        archive.database.set_progress_handler(None, 0)
        steps.append(len(taken))
    return steps
