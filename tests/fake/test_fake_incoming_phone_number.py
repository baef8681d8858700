"""Phone numbers: got, set, moved within a parent's accounts, released. Statement 9."""

import pytest

ROOT = "/2010-04-01/Accounts"


@pytest.fixture
def account(parent, acme):
    return parent.api.v2010.accounts(acme["sid"])


@pytest.fixture
def numbers(acme):
    return f"{ROOT}/{acme['sid']}/IncomingPhoneNumbers"


@pytest.fixture
def owl(wire):
    return wire.subaccount("Owl")


def _code(answer):
    return answer.status_code, answer.json()["code"]


def test_a_number_is_got_by_itself_or_by_area(account):
    named = account.incoming_phone_numbers.create(phone_number="+442071838750", friendly_name="London")
    by_area = [account.incoming_phone_numbers.create(area_code="415").phone_number for _ in range(2)]
    assert (named.phone_number, named.friendly_name) == ("+442071838750", "London")
    assert by_area == ["+14155550000", "+14155550001"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({}, 20001),
        ({"PhoneNumber": "415"}, 21421),
        ({"PhoneNumber": "+14155550000"}, 21422),
        ({"AreaCode": "12"}, 21451),
        ({"AreaCode": "212", "FriendlyName": "x" * 65}, 70001),
        ({"AreaCode": "212", "VoiceMethod": "PUT"}, 20001),
    ],
)
def test_a_number_that_can_not_be_had_is_refused(wire, account, numbers, data, code):
    account.incoming_phone_numbers.create(area_code="415")
    assert _code(wire("POST", f"{numbers}.json", data=data)) == (400, code)
    assert len(account.incoming_phone_numbers.list()) == 1


def test_settings_are_kept_and_changed_one_by_one(account):
    phone_number = account.incoming_phone_numbers.create(
        area_code="415", sms_url="https://a.example/s", sms_method="GET"
    )
    changed = account.incoming_phone_numbers(phone_number.sid).update(
        voice_url="https://a.example/v", friendly_name="web"
    )
    assert (changed.sms_url, changed.sms_method) == ("https://a.example/s", "GET")
    assert (changed.voice_url, changed.voice_method, changed.friendly_name) == ("https://a.example/v", "POST", "web")


def test_numbers_are_listed_by_part_and_name(account):
    phone_number = account.incoming_phone_numbers.create(area_code="415", friendly_name="web")
    account.incoming_phone_numbers.create(area_code="212")
    assert [item.sid for item in account.incoming_phone_numbers.list(phone_number="415555")] == [phone_number.sid]
    assert [item.sid for item in account.incoming_phone_numbers.list(friendly_name="web")] == [phone_number.sid]
    assert account.incoming_phone_numbers.list(beta=True) == []
    assert account.incoming_phone_numbers.list(origin="hosted") == []


def test_a_released_number_is_gone_and_free(wire, account, numbers):
    phone_number = account.incoming_phone_numbers.create(area_code="415")
    assert account.incoming_phone_numbers(phone_number.sid).delete()
    assert _code(wire("DELETE", f"{numbers}/{phone_number.sid}.json")) == (404, 20404)
    assert account.incoming_phone_numbers.create(area_code="415").phone_number == phone_number.phone_number


def test_the_parent_moves_a_number_to_another_of_its_accounts(parent, account, owl):
    phone_number = account.incoming_phone_numbers.create(area_code="415")
    moved = account.incoming_phone_numbers(phone_number.sid).update(account_sid=owl["sid"])
    assert moved.account_sid == owl["sid"]
    assert account.incoming_phone_numbers.list() == []
    assert parent.api.v2010.accounts(owl["sid"]).incoming_phone_numbers(phone_number.sid).fetch().uri == moved.uri


def test_a_number_is_moved_to_open_accounts_by_the_parent_only(wire, account, numbers, owl, acme_auth):
    path = f"{numbers}/{account.incoming_phone_numbers.create(area_code='415').sid}.json"
    wire("POST", f"{ROOT}/{owl['sid']}.json", data={"Status": "suspended"})
    refused = [
        _code(wire("POST", path, data={"AccountSid": "junk"})),
        _code(wire("POST", path, data={"AccountSid": "AC" + "0" * 32})),
        _code(wire("POST", path, data={"AccountSid": owl["sid"]})),
        _code(wire("POST", path, data={"AccountSid": owl["sid"]}, auth=acme_auth)),
    ]
    assert refused == [(400, 21470), (400, 21471), (400, 21472), (400, 21474)]
    assert len(account.incoming_phone_numbers.list()) == 1


@pytest.mark.parametrize("by", ["api", "console"])
def test_statement_09_closing_releases_all_numbers(wire, acme, account, fake, by):
    phone_number = account.incoming_phone_numbers.create(area_code="415")
    if by == "api":
        account.update(status="closed")
    else:
        wire.fake_control("POST", "/console", {"set": acme["sid"], "fields": {"status": "closed"}})
    assert account.incoming_phone_numbers.list() == []
    assert wire(
        "POST", f"{ROOT}/{fake.account_sid}/IncomingPhoneNumbers.json", data={"PhoneNumber": phone_number.phone_number}
    )


def test_statement_09_suspending_keeps_them(account):
    account.incoming_phone_numbers.create(area_code="415")
    account.update(status="suspended")
    assert len(account.incoming_phone_numbers.list()) == 1
