"""Seeds: records of the past and by the thousand, and the Console's acts on them."""

import json
import re
from pathlib import Path

import pytest

from faketwilio.control.seed import seed
from faketwilio.hosts.api.archives import CALLS, MESSAGES
from faketwilio.hosts.api.records import IncomingPhoneNumber
from faketwilio.store.store import Store

ROOT = "/2010-04-01/Accounts"
PAGE = (Path(__file__).parents[2] / "docs" / "fake.md").read_text(encoding="utf-8")
YEAR = {"start": "2026-01-01", "end": "2027-01-01"}


def _seed(wire, **order):
    return wire.fake_control("POST", "/seed", order)


def test_records_are_spread_evenly_and_listed_newest_first(wire, acme):
    created = wire.seed("message", acme["sid"], count=4, **YEAR)
    listed = wire("GET", f"{ROOT}/{acme['sid']}/Messages.json").json()["messages"]
    assert [item["sid"] for item in listed] == created[::-1]
    assert [item["date_sent"][5:16] for item in listed] == ["01 Oct 2026", "02 Jul 2026", "02 Apr 2026", "01 Jan 2026"]


def test_lists_of_values_are_taken_in_turn(wire, acme):
    delivery = wire.seed("message", acme["sid"], count=6, **YEAR, status=["delivered", "failed"], to=["+1", "+2", "+3"])
    listed = wire("GET", f"{ROOT}/{acme['sid']}/Messages.json").json()["messages"]
    turns = {item["sid"]: (item["status"], item["to"]) for item in listed}
    delivered, failed = "delivered", "failed"
    wanted = [(delivered, "+1"), (failed, "+2"), (delivered, "+3"), (failed, "+1"), (delivered, "+2"), (failed, "+3")]
    assert [turns[sid] for sid in delivery] == wanted


def test_all_means_every_open_subaccount(wire, fake):
    record = _seed(wire, kind="subaccount", count=3, fields={"friendly_name": "Tenant {number}"}).json()["sids"]
    wire("POST", f"{ROOT}/{record[0]}.json", data={"Status": "closed"})
    answer = _seed(wire, kind="call", account="all", count=2, **YEAR).json()
    counts = [fake.store.archive(CALLS).count(sid) for sid in (fake.account_sid, *record)]
    assert (answer["made"], len(answer["sids"]), counts) == (4, 4, [0, 0, 2, 2])
    assert [item.friendly_name for item in fake.store.accounts.of(fake.account_sid)][:3] == [
        "Tenant 2",
        "Tenant 1",
        "Tenant 0",
    ]


def test_seeded_accounts_are_real_ones(wire, fake):
    sid = _seed(wire, kind="subaccount").json()["sids"][0]
    account = wire("GET", f"{ROOT}/{sid}.json").json()
    keys = wire("GET", f"{ROOT}/{sid}/Messages.json", auth=(sid, account["auth_token"]))
    assert (account["friendly_name"], account["status"], keys.status_code) == ("Seeded 0", "active", 200)


def test_an_answer_has_a_thousand_sids_at_most(wire, acme):
    answer = _seed(wire, kind="message", account=acme["sid"], count=1500, **YEAR).json()
    assert (answer["made"], len(answer["sids"]), len(set(answer["sids"]))) == (1500, 1000, 1000)


def test_the_same_seed_gives_the_same_sids():
    def _sids():
        store = Store(seed=3)
        order = {"account": store.parent_sid, "count": 2, **YEAR}
        return [seed(store, {"kind": kind, **order})["sids"] for kind in ("message", "call", "message")]

    assert _sids() == _sids()


def test_after_a_reset_no_sid_comes_again(wire, fake):
    before = wire.seed("message", fake.account_sid, count=2)
    wire.fake_control("POST", "/reset")
    assert wire("GET", f"{ROOT}/{fake.account_sid}/Messages/{before[0]}.json").status_code == 404
    assert not set(before) & set(wire.seed("message", fake.account_sid, count=2))


@pytest.mark.parametrize(
    ("order", "text"),
    [
        ({"kind": "letter"}, "message"),
        ({"kind": ["message"]}, "message"),
        ({"kind": "subaccount", "fields": []}, "fields"),
        ({"kind": "message", "count": 0}, "count"),
        ({"kind": "message", "count": "2"}, "count"),
        ({"kind": "message", "many": 2}, "many"),
        ({"kind": "message", "fields": {"boddy": "x"}}, "body"),
        ({"kind": "message", "fields": {"body": 5}}, "body"),
        ({"kind": "message", "fields": {"num_media": True}}, "num_media"),
        ({"kind": "message", "fields": {"num_media": 10**30}}, "num_media"),
        ({"kind": "message", "fields": {"date_created": "soon"}}, "soon"),
        ({"kind": "message", "fields": {"date_created": "9999-12-31"}}, "4999"),
        ({"kind": "message", "fields": {"date_created": "1969-12-31"}}, "1971"),
        ({"kind": "message", "fields": {"status": []}}, "lists"),
        ({"kind": "message", "fields": []}, "fields"),
        ({"kind": "message", "start": "2026-01-01"}, "both"),
        ({"kind": "message", "start": "2026-01-02", "end": "2026-01-01"}, "before it starts"),
        ({"kind": "message", "start": "1900-01-01", "end": "2026-01-01"}, "1971"),
        ({"kind": "message", **YEAR, "fields": {"date_sent": "2026-01-01"}}, "either"),
        ({"kind": "media"}, "parent_sid"),
        ({"kind": "subaccount", "fields": {"sid": "AC"}}, "friendly_name"),
        ({"kind": "subaccount", "fields": {"status": "closd"}}, "active, suspended, closed"),
    ],
)
def test_a_seed_that_is_none_is_refused_and_makes_nothing(wire, fake, order, text):
    answer = _seed(wire, account=fake.account_sid, **order)
    assert answer.status_code == 400
    assert text in answer.json()["error"]
    assert fake.store.archive(MESSAGES).count(fake.account_sid) == 0
    assert len(fake.store.accounts_of(fake.account_sid)) == 1


@pytest.mark.parametrize("account", [None, "AC" + "0" * 32, [], ["junk"], {"sid": 1}, "all", [None]])
def test_a_seed_in_no_account_is_not_found(wire, account):
    assert _seed(wire, kind="message", account=account).status_code == 404


def test_a_seed_in_all_of_no_subaccounts_says_to_make_one(wire):
    assert "no open subaccount to seed; make one" in _seed(wire, kind="message", account="all").json()["error"]


def test_the_documented_seeds_work(wire, acme):
    orders = [json.loads(line) for line in re.findall(r'^\{"kind".*$', PAGE, re.MULTILINE)]
    for order in orders:
        if order.get("account") == "AC…":
            order["account"] = acme["sid"]
        assert _seed(wire, **order).json()["made"] > 0
    assert len(orders) == 4


def test_the_console_changes_and_deletes_seeded_records(wire, acme):
    [sid] = wire.seed("message", acme["sid"], status="queued")
    path = f"{ROOT}/{acme['sid']}/Messages/{sid}.json"
    fields = {"status": "failed", "error_code": 30003, "from": "+1"}
    wire.fake_control("POST", "/console", {"set": sid, "fields": fields})
    read = wire("GET", path).json()
    assert {name: read[name] for name in fields} == fields
    assert wire.fake_control("POST", "/console", {"delete": sid}).json() == {"deleted": sid}
    assert wire("GET", path).status_code == 404
    for act in ({"set": sid, "fields": {}}, {"delete": sid}):
        assert wire.fake_control("POST", "/console", act).status_code == 404


@pytest.mark.parametrize("name", ["date_sent", "due", "date_created", "nmae"])
def test_the_console_moves_no_record_in_its_list(wire, acme, name):
    [sid] = wire.seed("message", acme["sid"])
    answer = wire.fake_control("POST", "/console", {"set": sid, "fields": {name: "2026-01-01"}})
    assert (answer.status_code, name in answer.json()["error"]) == (400, True)


def test_the_console_makes_no_text_message_a_picture(wire, acme):
    [sid] = wire.seed("message", acme["sid"])
    assert wire.fake_control("POST", "/console", {"set": sid, "fields": {"num_media": 1}}).status_code == 400
    assert wire("GET", f"{ROOT}/{acme['sid']}/Messages/{sid}.json").json()["num_media"] == "0"


def test_a_record_is_as_old_as_its_only_date(wire, acme):
    [sid] = wire.seed("message", acme["sid"], date_sent="2026-01-01T12:00:00Z")
    message = wire("GET", f"{ROOT}/{acme['sid']}/Messages/{sid}.json").json()
    assert {message["date_created"], message["date_sent"], message["date_updated"]} == {
        "Thu, 01 Jan 2026 12:00:00 +0000"
    }


def test_an_account_that_the_console_deletes_takes_all_along(wire, fake, acme):
    wire.seed("message", acme["sid"], count=3)
    wire("POST", f"{ROOT}/{acme['sid']}/IncomingPhoneNumbers.json", data={"AreaCode": "415"})
    wire.fake_control("POST", "/console", {"delete": acme["sid"]})
    assert fake.store.archive(MESSAGES).count(acme["sid"]) == 0
    assert fake.store.table(IncomingPhoneNumber).all() == []
