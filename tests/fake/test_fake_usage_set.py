"""Usage that an order sets exactly, and the ways in which Twilio writes that there is none."""

import pytest

ROOT = "/2010-04-01/Accounts"


@pytest.fixture
def set_usage(wire, acme):
    def _set(*records, account=None):
        rows = [dict(zip(("day", "category", "count", "usage", "price"), record, strict=True)) for record in records]
        order = {"account": account or acme["sid"], "records": rows}
        return wire.fake_control("POST", "/usage/records", order)

    return _set


@pytest.fixture
def month(wire, acme):
    def _month(**params):
        dates = {"StartDate": "2026-03-01", "EndDate": "2026-03-31", "PageSize": 1000, **params}
        listed = wire("GET", f"{ROOT}/{acme['sid']}/Usage/Records.json", params=dates).json()["usage_records"]
        return {row["category"]: (row["count"], row["usage"], row["price"]) for row in listed}

    return _month


def test_days_hold_exactly_what_was_set(set_usage, month):
    set_usage(("2026-03-01", "sms-inbound", 9, 9, "9"), ("2026-03-31", "sms-outbound", 1, 3, "0.0237"))
    set_usage(("2026-03-01", "sms-inbound", 2, 2, "0.015"))
    found = month()
    assert found["sms"] == ("3", "5", "0.0387")
    assert found["totalprice"] == (None, "0.0387", "0.0387")


def test_the_parents_record_moves_with_it(set_usage, wire, month):
    set_usage(("2026-03-01", "sms-inbound", 9, 9, "9"))
    set_usage(("2026-03-01", "sms-inbound", 2, 2, "0.015"))
    params = {"StartDate": "2026-03-01", "EndDate": "2026-03-31", "Category": "sms"}
    [row] = wire("GET", f"{ROOT}/{wire.fake.account_sid}/Usage/Records.json", params=params).json()["usage_records"]
    assert row["price"] == "0.015"


def test_a_total_comes_on_top_of_the_categories(set_usage, month):
    set_usage(("2026-03-01", "sms-inbound", 1, 1, "0.01"), ("2026-03-01", "totalprice", 0, 0, "0.02"))
    assert month()["totalprice"] == (None, "0.03", "0.03")


@pytest.mark.parametrize(
    "records",
    [
        [("2027-01-16", "sms", 1, 1, "1")],
        [("2026-03-01", "sms", 1, 1, "1"), ("2026-03-01", "sms", 1, 1, "1")],
        [("1 March", "sms", 1, 1, "1")],
        [("2026-03-01", "", 1, 1, "1")],
        [("2026-03-01", "sms", 1, 1, 0.5)],
    ],
)
def test_records_that_are_none_are_refused(set_usage, month, records):
    assert set_usage(*records).status_code == 400
    assert month()["sms"] == ("0", "0", "0")


@pytest.mark.parametrize(("switch", "figure"), [("null", None), ("empty", ""), ("0", "0")])
def test_how_no_figure_is_written_is_a_switch(wire, month, set_usage, switch, figure):
    wire.fake_control("POST", "/behaviour", {"unused_figures": switch})
    set_usage(("2026-03-01", "sms-inbound", 1, 1, "0"))
    assert (month()["mms"], month()["sms"]) == ((figure,) * 3, ("1", "1", figure))


def test_whether_a_parent_adds_its_subaccounts_up_is_a_switch(wire, set_usage):
    set_usage(("2026-03-01", "sms-inbound", 1, 1, "5"))
    path = f"{ROOT}/{wire.fake.account_sid}/Usage/Records.json?Category=totalprice&IncludeSubaccounts=true"
    assert wire("GET", path).json()["usage_records"][0]["price"] == "5"
    wire.fake_control("POST", "/behaviour", {"parent_usage_holds_subaccounts": False})
    assert wire("GET", path).json()["usage_records"][0]["price"] == "0"


def test_an_account_may_have_no_records_and_a_last_month(wire, acme):
    wire.fake_control("POST", "/behaviour", {"accounts_without_usage": [acme["sid"]]})
    statuses = {
        kind: wire("GET", f"{ROOT}/{acme['sid']}/Usage/Records{kind}.json").status_code
        for kind in ("", "/Daily", "/LastMonth")
    }
    assert statuses == {"": 404, "/Daily": 404, "/LastMonth": 200}
