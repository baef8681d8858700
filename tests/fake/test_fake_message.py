"""Messages: sent, listed by date, redacted, canceled, deleted. Statements 48 to 51, 53, 55."""

from datetime import date

import pytest

from faketwilio.hosts.api.archives import MEDIA

ROOT = "/2010-04-01/Accounts"
CUSTOMER = "+14155550123"


@pytest.fixture
def account(parent, acme):
    return parent.api.v2010.accounts(acme["sid"])


@pytest.fixture
def number(account):
    return account.incoming_phone_numbers.create(phone_number="+15005550006").phone_number


@pytest.fixture
def messages(acme):
    return f"{ROOT}/{acme['sid']}/Messages"


def _code(answer):
    return answer.status_code, answer.json()["code"]


def test_a_message_is_queued_then_sent_then_delivered(wire, account, number):
    message = account.messages.create(CUSTOMER, from_=number, body="hello")
    seen = [(message.status, message.date_sent)]
    for seconds in (1, 2):
        wire.advance(seconds)
        message = account.messages(message.sid).fetch()
        seen.append((message.status, message.date_sent and message.date_sent.second))
    assert seen == [("queued", None), ("sent", 1), ("delivered", 1)]
    assert (message.from_, message.to, message.body, message.num_segments) == (number, CUSTOMER, "hello", "1")


def test_a_jump_of_the_clock_does_not_move_what_happened_meanwhile(wire, account, number):
    message = account.messages.create(CUSTOMER, from_=number, body="hello")
    wire.advance(86_400)
    message = account.messages(message.sid).fetch()
    assert (message.status, (message.date_sent - message.date_created).seconds) == ("delivered", 1)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"To": ""}, 21604),
        ({"To": "4155550123"}, 21211),
        ({"From": ""}, 21603),
        ({"From": "+15005550007"}, 21606),
        ({"Body": ""}, 21602),
        ({"Body": "x" * 1601}, 21617),
        ({"MediaUrl": ["https://a.example/a.png"] * 11}, 21623),
        ({"ScheduleType": "fixed"}, 35118),
    ],
)
def test_a_message_that_twilio_would_not_take_is_refused(wire, number, messages, data, code):
    good = {"To": CUSTOMER, "From": number, "Body": "hello"}
    assert _code(wire("POST", f"{messages}.json", data=good | data)) == (400, code)
    assert wire("GET", f"{messages}.json").json()["messages"] == []


@pytest.mark.parametrize(
    "data",
    [{"From": "OWL"}, {"From": "whatsapp:+15005550006"}, {"MessagingServiceSid": "MG" + "0" * 32}],
)
def test_senders_that_are_not_built_are_a_loud_501(wire, number, messages, data):
    good = {"To": CUSTOMER, "From": number, "Body": "hello"}
    assert wire("POST", f"{messages}.json", data=good | data).status_code == 501


def test_a_message_counts_as_usage_by_its_segments(account, number):
    account.messages.create(CUSTOMER, from_=number, body="x" * 161)
    [sms] = account.usage.records.list(category="sms")
    assert (sms.count, sms.usage, sms.price) == ("1", "2", 0)


@pytest.mark.parametrize(
    ("body", "segments"), [("x" * 160, "1"), ("x" * 161, "2"), ("ж" * 70, "1"), ("ж" * 71, "2"), ("😀" * 36, "2")]
)
def test_long_texts_are_cut_into_segments(account, number, body, segments):
    assert account.messages.create(CUSTOMER, from_=number, body=body).num_segments == segments


def test_statement_48_a_message_is_deleted_once(account, acme, wire):
    [sid] = wire.seed("message", acme["sid"])
    assert account.messages(sid).delete()
    answer = wire("DELETE", f"{ROOT}/{acme['sid']}/Messages/{sid}.json")
    assert _code(answer) == (404, 20404)
    assert sid in answer.json()["message"]


@pytest.mark.parametrize("status", ["accepted", "scheduled", "queued", "sending", "receiving"])
def test_statement_49_a_message_in_flight_is_not_deleted(wire, acme, messages, status):
    [sid] = wire.seed("message", acme["sid"], status=status)
    assert _code(wire("DELETE", f"{messages}/{sid}.json")) == (409, 20009)
    wire.fake_control("POST", "/behaviour", {"incomplete_status": 422})
    assert _code(wire("DELETE", f"{messages}/{sid}.json")) == (422, 20009)


def test_statement_49_once_it_is_sent_it_can_be_deleted(wire, acme, messages):
    [sid] = wire.seed("message", acme["sid"], status="queued", due="2027-01-15T13:00:00Z")
    wire.advance(3599)
    assert wire("DELETE", f"{messages}/{sid}.json").status_code == 409
    wire.advance(1)
    assert wire("DELETE", f"{messages}/{sid}.json").status_code == 204


def test_an_incoming_message_is_received_when_it_is_due(wire, account, acme):
    [sid] = wire.seed("message", acme["sid"], status="receiving", direction="inbound", due="2027-01-15T12:00:01Z")
    wire.advance(1)
    message = account.messages(sid).fetch()
    assert (message.status, message.date_sent.second) == ("received", 1)


def test_statement_50_an_empty_body_redacts_and_nothing_else(wire, account, acme):
    [sid] = wire.seed("message", acme["sid"], num_media=1)
    [medium] = wire.seed("media", acme["sid"], parent_sid=sid)
    before = vars(account.messages(sid).fetch())
    wire.advance(60)
    after = vars(account.messages(sid).update(body=""))
    changed = {name for name in after if name[0] != "_" and after[name] != before[name]}
    assert changed == {"body", "date_updated"}
    assert after["body"] == ""
    assert [item.sid for item in account.messages(sid).media.list()] == [medium]


def test_a_message_gets_no_other_body(wire, acme, messages):
    [sid] = wire.seed("message", acme["sid"])
    assert _code(wire("POST", f"{messages}/{sid}.json", data={"Body": "other"})) == (400, 30400)
    assert wire("GET", f"{messages}/{sid}.json").json()["body"] == "A seeded message"


@pytest.mark.parametrize("data", [{}, {"Status": "sent"}, {"Status": "canceled", "Body": ""}])
def test_an_update_that_neither_cancels_nor_redacts_is_refused(wire, acme, messages, data):
    """twilio.com/docs/api/errors/30400."""
    [sid] = wire.seed("message", acme["sid"], status="scheduled")
    assert _code(wire("POST", f"{messages}/{sid}.json", data=data)) == (400, 30400)
    assert wire("GET", f"{messages}/{sid}.json").json()["status"] == "scheduled"


def test_whether_a_message_in_flight_is_redacted_is_a_switch(wire, acme, messages):
    [sid] = wire.seed("message", acme["sid"], status="queued")
    assert _code(wire("POST", f"{messages}/{sid}.json", data={"Body": ""})) == (409, 20009)
    wire.fake_control("POST", "/behaviour", {"in_flight_can_be_redacted": True})
    assert wire("POST", f"{messages}/{sid}.json", data={"Body": ""}).json()["body"] == ""


def test_statement_51_deleting_a_message_deletes_its_media(wire, account, number, fake):
    urls = ["https://a.example/a.png", "https://a.example/b"]
    message = account.messages.create(CUSTOMER, from_=number, media_url=urls)
    other = account.messages.create(CUSTOMER, from_=number, media_url=urls[:1])
    kinds = [item.content_type for item in account.messages(message.sid).media.list()]
    assert (message.sid[:2], message.num_media, sorted(kinds)) == ("MM", "2", ["application/octet-stream", "image/png"])
    wire.advance(60)
    account.messages(message.sid).delete()
    assert fake.store.archive(MEDIA).count(message.account_sid) == 1
    assert len(account.messages(other.sid).media.list()) == 1


def test_media_are_filtered_fetched_and_deleted(wire, account, acme):
    [sid] = wire.seed("message", acme["sid"], num_media=2)
    old, new = (
        wire.seed("media", acme["sid"], parent_sid=sid, date_created=day)[0] for day in ("2026-01-01", "2026-02-01")
    )
    media = account.messages(sid).media
    assert [item.sid for item in media.list(date_created_before=date(2026, 1, 15))] == [old]
    assert media(new).fetch().parent_sid == sid
    assert media(new).delete()
    assert [item.sid for item in media.list()] == [old]


def test_media_of_another_message_are_not_found(wire, acme, messages):
    mine, other = (wire.seed("message", acme["sid"], num_media=1)[0] for _ in range(2))
    [medium] = wire.seed("media", acme["sid"], parent_sid=other)
    assert wire("GET", f"{messages}/{mine}/Media/{medium}.json").status_code == 404
    assert wire("GET", f"{messages}/SM{'0' * 32}/Media.json").status_code == 404


def test_statement_53_the_day_itself_is_before_and_after_it(wire, account, acme):
    sids = [
        wire.seed("message", acme["sid"], date_sent=moment, date_created=moment)[0]
        for moment in ("2026-01-01T23:59:59Z", "2026-01-02T00:00:00Z", "2026-01-02T23:59:59Z", "2026-01-03T00:00:00Z")
    ]
    second = date(2026, 1, 2)
    lists = {
        "on": account.messages.list(date_sent=second),
        "before": account.messages.list(date_sent_before=second),
        "after": account.messages.list(date_sent_after=second),
        "both": account.messages.list(date_sent_before=second, date_sent_after=second),
    }
    names = {name: [sids.index(item.sid) for item in found] for name, found in lists.items()}
    assert names == {"on": [2, 1], "before": [2, 1, 0], "after": [3, 2, 1], "both": [2, 1]}


def test_statement_53_times_of_day_count_when_switched_on(wire, acme, messages):
    for moment in ("2026-01-02T11:59:59Z", "2026-01-02T12:00:01Z"):
        wire.seed("message", acme["sid"], date_sent=moment, date_created=moment)

    def _before_noon():
        return len(wire("GET", f"{messages}.json", params={"DateSent<": "2026-01-02T12:00:00Z"}).json()["messages"])

    assert _before_noon() == 2
    wire.fake_control("POST", "/behaviour", {"date_filters": "moment"})
    assert _before_noon() == 1


def test_ignored_date_filters_let_everything_through(wire, acme, messages):
    wire.seed("message", acme["sid"], date_sent="2026-01-02", date_created="2026-01-02")
    wire.fake_control("POST", "/behaviour", {"date_filters": "ignored"})
    found = wire("GET", f"{messages}.json", params={"DateSent<": "2020-01-01"}).json()["messages"]
    assert len(found) == 1


def test_ignored_number_filters_let_everything_through(wire, acme, messages):
    wire.seed("message", acme["sid"], to="+14155550100")
    wire.fake_control("POST", "/behaviour", {"number_filters": "ignored"})
    found = wire("GET", f"{messages}.json", params={"To": "+14155550111"}).json()["messages"]
    assert len(found) == 1


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "9999-12-31", "0001-01-01T00:00:00+14:00"])
def test_a_date_that_is_none_is_refused(wire, messages, text):
    assert _code(wire("GET", f"{messages}.json", params={"DateSent<": text})) == (400, 20001)


def test_messages_that_were_never_sent_have_no_date_to_filter_by(wire, account, acme):
    wire.seed("message", acme["sid"], status="failed", date_created="2026-01-01")
    assert account.messages.list(date_sent_before=date(2026, 6, 1)) == []
    assert [message.status for message in account.messages.list()] == ["failed"]


def test_messages_are_listed_by_their_numbers(wire, account, acme):
    wire.seed("message", acme["sid"], count=4, to=["+14155550101", "+14155550102"], from_=["+15005550006"] * 2)
    assert len(account.messages.list(to="+14155550101")) == 2
    assert len(account.messages.list(to="+14155550101", from_="+15005550006")) == 2
    assert account.messages.list(to="+14155550103") == []


@pytest.mark.parametrize(("name", "value", "code"), [("Content", "discard", 30029), ("Address", "obfuscate", 30030)])
def test_statement_55_privacy_needs_the_feature(wire, number, messages, name, value, code):
    data = {"To": CUSTOMER, "From": number, "Body": "hello", f"{name}Retention": value}
    assert _code(wire("POST", f"{messages}.json", data=data)) == (400, code)
    assert wire("POST", f"{messages}.json", data=data | {f"{name}Retention": "retain"}).status_code == 201
    wire.fake_control("POST", "/behaviour", {"message_privacy": True})
    assert _code(wire("POST", f"{messages}.json", data=data | {f"{name}Retention": "junk"})) == (400, code)
    record = wire("POST", f"{messages}.json", data=data).json()
    assert (record["body"], record["to"]) == (("", CUSTOMER) if name == "Content" else ("hello", "+1415555XXXX"))


def test_a_scheduled_message_is_canceled_any_other_is_not(wire, account, acme, messages):
    scheduled, sent = wire.seed("message", acme["sid"], count=2, status=["scheduled", "delivered"])
    assert account.messages(scheduled).update(status="canceled").status == "canceled"
    for sid in (scheduled, sent):
        assert _code(wire("POST", f"{messages}/{sid}.json", data={"Status": "canceled"})) == (400, 30409)
    wire.fake_control("POST", "/behaviour", {"uncancelable_status": 409})
    assert wire("POST", f"{messages}/{sent}.json", data={"Status": "canceled"}).status_code == 409


def test_a_restricted_key_needs_each_permission(wire, acme, messages):
    [sid] = wire.seed("message", acme["sid"])
    key = wire.key(acme["sid"], kind="restricted", policy=["/twilio/messaging/messages/read"])
    assert wire("GET", f"{messages}/{sid}.json", auth=key).status_code == 200
    answer = wire("DELETE", f"{messages}/{sid}.json", auth=key)
    assert _code(answer) == (401, 70051)
    assert "twilio/messaging/messages/delete" in answer.json()["message"]


def test_a_message_of_another_account_is_not_found(wire, fake, acme, messages):
    [sid] = wire.seed("message", fake.account_sid)
    assert wire("GET", f"{messages}/{sid}.json").status_code == 404
    assert _code(wire("GET", f"{messages}/CA{sid[2:]}.json")) == (400, 70002)
    assert wire("GET", f"{ROOT}/{fake.account_sid}/Messages/MM{sid[2:]}.json").status_code == 404
