"""Statements 56 to 59: usage records."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

ROOT = "/2010-04-01/Accounts"
CATEGORIES = (Path(__file__).parents[2] / "tenantry" / "model" / "usage-categories.txt").read_text().split()


@pytest.fixture
def by_day(wire, acme):
    """Category and first day of every row with usage, in order."""

    def _by_day(kind, **params):
        path = f"{ROOT}/{acme['sid']}/Usage/Records/{kind}.json"
        listed = wire("GET", path, params={"Category": "sms", "PageSize": 1000, **params}).json()["usage_records"]
        return [(row["start_date"], row["end_date"], row["count"]) for row in listed]

    return _by_day


def test_statement_56_the_parents_usage_holds_its_subaccounts(rows, use, wire, acme):
    parent = wire.fake.account_sid
    use("sms-inbound", 2, account=parent)
    use("sms-inbound", 3)
    assert rows(parent)["sms-inbound"]["count"] == "5"
    assert rows(parent, IncludeSubaccounts="true")["sms-inbound"]["count"] == "5"
    assert rows(acme["sid"])["sms-inbound"]["count"] == "3"


def test_statement_56_false_leaves_its_subaccounts_out(rows, use, wire):
    parent = wire.fake.account_sid
    use("sms-inbound", 2, account=parent)
    use("sms-inbound", 3)
    assert rows(parent, IncludeSubaccounts="false")["sms-inbound"]["count"] == "2"


def test_statement_56_the_sdk_asks_so_too(parent, use):
    use("sms-inbound", 3)
    records = parent.api.v2010.accounts(parent.username).usage.records
    assert [row.count for row in records.list(category="sms")] == ["3"]
    assert [row.count for row in records.list(category="sms", include_subaccounts=False)] == ["0"]


def test_statement_57_numbers_are_text(wire, acme, use):
    use("sms-inbound", 3, "0.02250")
    [row] = wire("GET", f"{ROOT}/{acme['sid']}/Usage/Records.json?Category=sms-inbound").json()["usage_records"]
    assert (row["count"], row["usage"], row["price"]) == ("3", "3", "0.0225")


def test_statement_57_the_total_has_its_price_as_usage_and_no_count(rows, use, acme):
    use("sms-inbound", 3, "0.0225")
    use("calls-inbound-local", 7, "0.0595")
    total = rows(acme["sid"])["totalprice"]
    assert (total["usage"], total["price"], total["count"], total["usage_unit"]) == ("0.082", "0.082", None, "usd")


def test_statement_57_no_price_passes_through_a_float(parent, acme, use):
    use("sms-inbound", 1, "123456789012.123456789")
    [row] = parent.api.v2010.accounts(acme["sid"]).usage.records.list(category="sms")
    assert row.price == Decimal("123456789012.123456789")


def test_statement_58_a_parent_is_the_sum_of_its_children(rows, use, acme):
    use("sms-inbound-longcode", 1, "0.0075")
    use("sms-inbound-shortcode", 2, "0.02")
    use("sms-outbound-tollfree", 4, "0.03")
    found = {name: (row["count"], row["price"]) for name, row in rows(acme["sid"]).items() if name != "totalprice"}
    assert found == {
        "sms-inbound-longcode": ("1", "0.0075"),
        "sms-inbound-shortcode": ("2", "0.02"),
        "sms-inbound": ("3", "0.0275"),
        "sms-outbound-tollfree": ("4", "0.03"),
        "sms-outbound": ("4", "0.03"),
        "sms": ("7", "0.0575"),
    }


def test_statement_58_the_sum_of_all_rows_is_not_the_total(rows, use, acme):
    use("sms-inbound-longcode", 1, "0.0075")
    found = rows(acme["sid"])
    rest = sum(Decimal(row["price"]) for name, row in found.items() if name != "totalprice")
    assert (Decimal(found["totalprice"]["price"]), rest) == (Decimal("0.0075"), Decimal("0.0225"))


@pytest.mark.parametrize("apart", ["calls-client", "calls-sip-inbound"])
def test_statement_58_calls_hold_neither_client_nor_sip(rows, use, acme, apart):
    use(apart, 5)
    assert "calls" not in rows(acme["sid"])


def test_statement_59_daily_has_a_row_a_category_and_day_newest_first(by_day, use):
    use("sms-inbound", 1, at="2027-01-13T23:59:59Z")
    use("sms-inbound", 2, at="2027-01-14T00:00:00Z")
    use("sms-outbound", 4, at="2027-01-14T23:00:00-05:00")
    assert by_day("Daily") == [
        ("2027-01-15", "2027-01-15", "4"),
        ("2027-01-14", "2027-01-14", "2"),
        ("2027-01-13", "2027-01-13", "1"),
    ]


def test_statement_59_a_category_that_was_not_used_has_rows_too(wire, acme, use):
    use("sms-inbound", 1, at="2027-01-14T12:00:00Z")
    path, rows = f"{ROOT}/{acme['sid']}/Usage/Records/Daily.json?PageSize=1000", []
    while path:
        page = wire("GET", path).json()
        rows += [(row["start_date"], row["category"]) for row in page["usage_records"]]
        path = page["next_page_uri"]
    assert len(rows) == len(set(rows)) == 2 * len(CATEGORIES)


def test_statement_59_months_and_years_are_cut_at_midnight_gmt(by_day, use):
    for moment in ("2026-11-30T23:59:59Z", "2026-12-01T00:00:00Z", "2026-12-31T12:00:00Z", "2027-01-01T00:00:00Z"):
        use("sms-inbound", 1, at=moment)
    assert by_day("Monthly") == [
        ("2027-01-01", "2027-01-15", "1"),
        ("2026-12-01", "2026-12-31", "2"),
        ("2026-11-30", "2026-11-30", "1"),
    ]
    assert by_day("Yearly") == [("2027-01-01", "2027-01-15", "1"), ("2026-11-30", "2026-12-31", "3")]


@pytest.mark.parametrize(
    ("kind", "row"),
    [
        ("Today", ("2027-01-15", "2027-01-15", "1")),
        ("Yesterday", ("2027-01-14", "2027-01-14", "2")),
        ("ThisMonth", ("2027-01-01", "2027-01-15", "7")),
        ("LastMonth", ("2026-12-01", "2026-12-31", "8")),
        ("AllTime", ("2026-12-31", "2027-01-15", "15")),
    ],
)
def test_a_named_period_is_one_row_a_category(by_day, use, kind, row):
    moments = ("2027-01-15T00:00:00Z", "2027-01-14T12:00:00Z", "2027-01-02T12:00:00Z", "2026-12-31T12:00:00Z")
    for moment, count in zip(moments, (1, 2, 4, 8), strict=True):
        use("sms-inbound", count, at=moment)
    assert by_day(kind) == [row]


@pytest.mark.parametrize(
    ("dates", "count"),
    [
        ({"StartDate": "2027-01-14"}, "3"),
        ({"EndDate": "2027-01-13"}, "4"),
        ({"StartDate": "2027-01-14", "EndDate": "2027-01-14"}, "2"),
        ({"StartDate": "-1days"}, "3"),
        ({"StartDate": "-2days", "EndDate": "-1day"}, "6"),
        ({"EndDate": "+30days"}, "7"),
    ],
)
def test_dates_are_days_in_gmt_or_offsets_and_both_are_included(wire, acme, use, dates, count):
    for moment, number in zip(("15T01", "14T01", "13T01"), (1, 2, 4), strict=True):
        use("sms-inbound", number, at=f"2027-01-{moment}:00:00Z")
    path = f"{ROOT}/{acme['sid']}/Usage/Records.json"
    [row] = wire("GET", path, params={"Category": "sms", **dates}).json()["usage_records"]
    assert row["count"] == count


@pytest.mark.parametrize(
    "wrong",
    [
        {"StartDate": "yesterday"},
        {"StartDate": "20270101"},
        {"EndDate": "2027-02-30"},
        {"StartDate": "-9999999days"},
        {"StartDate": "-999999days"},
        {"StartDate": "2027-01-02", "EndDate": "2027-01-01"},
        {"IncludeSubaccounts": "yes"},
    ],
)
def test_what_is_no_date_is_refused(wire, acme, wrong):
    answer = wire("GET", f"{ROOT}/{acme['sid']}/Usage/Records/Daily.json", params=wrong)
    assert (answer.status_code, answer.json()["code"]) == (400, 20001)


def test_rows_have_pages_that_hold_each_once(parent, acme, use):
    use("sms-inbound", 1, at="2027-01-01T00:00:00Z")
    daily = parent.api.v2010.accounts(acme["sid"]).usage.records.daily
    rows = [(row.category, row.start_date) for row in daily.list(page_size=700)]
    assert len(rows) == len(set(rows)) == 15 * len({category for category, _ in rows})
    assert rows == [(row.category, row.start_date) for row in daily.list(page_size=1000)]


def test_what_lags_is_not_counted_yet(rows, wire, use, acme):
    wire.fake_control("POST", "/behaviour", {"usage_lag_seconds": 3600})
    use("sms-inbound", 5)
    assert rows(acme["sid"]) == {}
    wire.advance(3600)
    assert rows(acme["sid"])["sms"]["as_of"] == "2027-01-15T12:00:00+00:00"


def test_whether_unused_categories_have_rows_is_a_switch(wire, acme, use):
    wire.fake_control("POST", "/behaviour", {"unused_categories_have_rows": False})
    use("sms-inbound", 5)
    listed = wire("GET", f"{ROOT}/{acme['sid']}/Usage/Records.json").json()["usage_records"]
    assert {row["category"] for row in listed} == {"sms-inbound", "sms", "totalprice"}


def test_a_category_unknown_to_the_fake_is_shown_after_its_use(rows, use, acme):
    use("next-year-push", 5, "0.25")
    found = rows(acme["sid"])
    assert (found["next-year-push"]["count"], found["totalprice"]["price"]) == ("5", "0.25")


def test_usage_of_a_closed_account_stays_with_its_parent(rows, use, wire, parent, acme):
    use("sms-inbound", 5)
    parent.api.v2010.accounts(acme["sid"]).update(status="closed")
    assert rows(wire.fake.account_sid)["sms"]["count"] == "5"


def test_a_restricted_key_reads_usage_with_its_permission(wire, acme):
    path = f"{ROOT}/{acme['sid']}/Usage/Records/Today.json"
    good = wire.key(acme["sid"], kind="restricted", policy=["/twilio/billing/usage/read"])
    bad = wire.key(acme["sid"], kind="restricted", policy=["/twilio/iam/accounts/read"])
    assert wire("GET", path, auth=good).status_code == 200
    assert wire("GET", path, auth=bad).json()["code"] == 70051


def test_a_thousand_accounts_have_a_month_of_usage(wire):
    store = wire.fake.store
    for number in range(1000):
        store.accounts.put(replace(store.parent, sid=f"AC{number:032x}"))
    categories = {name: {"count": 3, "usage": 3, "price": "0.03"} for name in ("sms-inbound", "sms-outbound", "mms")}
    order = {"accounts": "all", "days": 31, "categories": categories}
    assert wire.fake_control("POST", "/usage/daily", order).json() == {"accounts": 1000, "days": 31, "categories": 3}
    path = f"{ROOT}/{wire.fake.account_sid}/Usage/Records/LastMonth.json?Category=sms"
    [row] = wire("GET", path).json()["usage_records"]
    assert (row["count"], row["start_date"]) == (str(16 * 1000 * 6), "2026-12-01")


@pytest.mark.parametrize(
    "order",
    [
        {"categories": []},
        {"categories": {"sms": 3}},
        {"categories": {"sms": {"count": "x"}}},
        {"categories": {}, "days": 0},
        {"categories": {}, "until": "2027-01-16"},
        {"categories": {}, "accounts": "some"},
        {"categories": {}, "more": 1},
    ],
)
def test_daily_usage_that_is_none_is_refused(wire, order):
    assert wire.fake_control("POST", "/usage/daily", order).status_code == 400
