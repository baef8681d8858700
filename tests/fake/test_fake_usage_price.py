"""What usage costs: the currency, corrections, charges of numbers, the balance, and a row for each category."""

from pathlib import Path

import pytest
from twilio.base.exceptions import TwilioRestException

ROOT = "/2010-04-01/Accounts"
CATEGORIES = (Path(__file__).parents[2] / "tenantry" / "model" / "usage-categories.txt").read_text().split()


def test_every_category_of_twilios_has_a_row(wire, acme):
    names = [
        row["category"]
        for row in wire("GET", f"{ROOT}/{acme['sid']}/Usage/Records.json?PageSize=1000").json()["usage_records"]
    ]
    assert len(names) == len(set(names)) == 643
    assert set(names) == set(CATEGORIES)


@pytest.mark.parametrize("currency", ["eur", "jpy"])
def test_the_currency_is_the_parents(wire, acme, rows, use, currency):
    wire.fake_control("POST", "/behaviour", {"currency": currency})
    use("sms-inbound", 5, "0.05")
    found = rows(acme["sid"])
    assert {row["price_unit"] for row in found.values()} == {currency}
    assert found["totalprice"]["usage_unit"] == currency
    balance = wire("GET", f"{ROOT}/{wire.fake.account_sid}/Balance.json").json()
    assert balance["currency"] == currency.upper()


def test_a_later_correction_lowers_a_day_that_is_over(wire, acme, rows, use):
    use("sms-inbound", 5, "0.05")
    wire.advance(86400)
    correction = {"sms-inbound": {"count": 0, "usage": -1, "price": "-0.01"}}
    order = {"accounts": [acme["sid"]], "until": "2027-01-15", "categories": correction}
    assert wire.fake_control("POST", "/usage/daily", order).status_code == 200
    found = rows(acme["sid"], StartDate="2027-01-15", EndDate="2027-01-15")["sms"]
    assert (found["count"], found["usage"], found["price"]) == ("5", "4", "0.04")


def test_a_number_is_charged_on_its_own_day_of_each_month(wire, acme, rows):
    wire.fake_control("POST", "/behaviour", {"number_price": "2.5"})
    wire.advance(16 * 86400)  # to 31 January
    numbers = f"{ROOT}/{acme['sid']}/IncomingPhoneNumbers"
    bought = wire("POST", f"{numbers}.json", data={"AreaCode": "415"}).json()
    wire.advance(59 * 86400)  # to 31 March
    wire("DELETE", f"{numbers}/{bought['sid']}.json")
    wire.advance(59 * 86400)
    daily = wire("GET", f"{ROOT}/{acme['sid']}/Usage/Records/Daily.json?Category=phonenumbers&PageSize=1000").json()
    charged = {row["start_date"]: row["price"] for row in daily["usage_records"] if row["price"] != "0"}
    assert charged == {"2027-01-31": "2.5", "2027-02-28": "2.5", "2027-03-31": "2.5"}


def test_a_number_that_is_released_at_once_is_charged_once(wire, acme, rows):
    numbers = f"{ROOT}/{acme['sid']}/IncomingPhoneNumbers"
    bought = wire("POST", f"{numbers}.json", data={"PhoneNumber": "+18885550100"}).json()
    wire("DELETE", f"{numbers}/{bought['sid']}.json")
    assert rows(acme["sid"])["phonenumbers-tollfree"]["price"] == "1.15"


def test_the_usage_of_a_closed_account_goes_with_it(wire, parent, acme, use):
    use("sms-inbound", 5)
    parent.api.v2010.accounts(acme["sid"]).update(status="closed")
    path = f"{ROOT}/{acme['sid']}/Usage/Records.json"
    wire.advance(30 * 86400 - 1)
    assert wire("GET", path).status_code == 200
    wire.advance(1)
    assert wire("GET", path).status_code == 404


def test_a_parent_has_a_balance(parent, wire):
    wire.fake_control("POST", "/balance", {"balance": "-1.50"})
    balance = parent.api.v2010.accounts(parent.username).balance.fetch()
    assert (balance.balance, balance.currency) == ("-1.50", "USD")


def test_a_subaccount_has_none(parent, wire, acme):
    """Twilio's documentation of usage records; whether that is an error is a switch."""
    with pytest.raises(TwilioRestException) as caught:
        parent.api.v2010.accounts(acme["sid"]).balance.fetch()
    assert caught.value.status == 404
    wire.fake_control("POST", "/behaviour", {"balance_of_subaccount": "null"})
    assert parent.api.v2010.accounts(acme["sid"]).balance.fetch().balance is None


@pytest.mark.parametrize("order", [{}, {"balance": 3}, {"balance": "much"}, {"balance": "1", "currency": "EUR"}])
def test_a_balance_that_is_none_is_refused(wire, order):
    assert wire.fake_control("POST", "/balance", order).status_code == 400
