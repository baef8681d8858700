"""How a request and an answer look on the wire: headers, bodies, methods, hosts, dates and errors."""

import re
from email.utils import parsedate_to_datetime

import pytest

ROOT = "/2010-04-01/Accounts"
FORM = "application/x-www-form-urlencoded"
OBSERVED = {
    "Access-Control-Allow-Credentials": "true",
    "Access-Control-Allow-Methods": "GET, POST, DELETE, OPTIONS",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag",
    "Content-Type": "application/json",
    "Strict-Transport-Security": "max-age=31536000",
    "X-API-Domain": "api.twilio.com",
    "X-Home-Region": "us1",
    "X-Powered-By": "AT-5000",
    "X-Shenanigans": "none",
}
"""What published logs show on answers of api.twilio.com."""
RFC_2822 = r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d \+0000"
ISO = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"


@pytest.mark.parametrize("path", [f"{ROOT}.json", f"{ROOT}/AC{'0' * 32}.json"], ids=["success", "error"])
def test_statement_62_each_answer_has_the_headers_that_logs_of_twilio_show(wire, path):
    headers = wire("GET", path).headers
    assert {name: headers.get(name) for name in OBSERVED} == OBSERVED
    assert "Idempotency-Key" in headers["Access-Control-Allow-Headers"]


def test_statement_62_each_request_has_an_id_of_its_own(wire):
    ids = {wire("GET", f"{ROOT}.json").headers["Twilio-Request-Id"] for _ in range(5)}
    assert len(ids) == 5


def test_the_headers_name_the_host_that_was_asked(wire, acme_auth):
    assert wire.events("GET", "/v1/Sinks", auth=acme_auth).headers["X-API-Domain"] == "events.twilio.com"


def test_a_refusal_of_credentials_asks_for_basic_authentication(wire):
    answer = wire("GET", f"{ROOT}.json", auth=("AC", "x"))
    assert answer.headers["WWW-Authenticate"] == 'Basic realm="Twilio API"'


@pytest.mark.parametrize(
    ("method", "path", "data", "status", "code"),
    [
        ("GET", f"{ROOT}/AC{'0' * 32}.json", None, 404, 20404),
        ("GET", f"{ROOT}.json?PageSize=1001", None, 400, 20007),
        ("GET", f"{ROOT}.json?PageToken=PAnone", None, 400, 21481),
        ("PUT", f"{ROOT}.json", None, 405, 20004),
        ("POST", f"{ROOT}.json", {"FriendlyName": "x" * 65}, 400, 70001),
    ],
)
def test_an_error_has_four_fields_and_says_its_status(wire, method, path, data, status, code):
    answer = wire(method, path, data=data)
    body = answer.json()
    assert answer.status_code == status
    assert set(body) == {"code", "message", "more_info", "status"}
    assert (body["status"], body["code"]) == (status, code)
    assert body["more_info"] == f"https://www.twilio.com/docs/errors/{code}"


def test_dates_are_rfc_2822_on_v2010_and_iam_and_iso_on_events(wire, acme, acme_auth):
    key = wire("POST", f"{ROOT}/{acme['sid']}/Keys.json").json()
    iam = wire.iam("GET", f"/v1/Keys/{key['sid']}", auth=acme_auth).json()
    sink = wire.sink(acme_auth).json()
    for field in ("date_created", "date_updated"):
        assert re.fullmatch(RFC_2822, key[field])
        assert re.fullmatch(RFC_2822, iam[field])
        assert re.fullmatch(ISO, sink[field])


def test_the_date_header_agrees_with_the_dates(wire):
    answer = wire("POST", f"{ROOT}.json")
    assert parsedate_to_datetime(answer.headers["Date"]) == parsedate_to_datetime(answer.json()["date_created"])


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ('{"FriendlyName": "x"}', "application/json"),
        ('{"FriendlyName": "x"}', FORM),
        ("FriendlyName=x", "text/plain"),
        ("FriendlyName=x", None),
        (
            '--b\r\nContent-Disposition: form-data; name="FriendlyName"\r\n\r\nx\r\n--b--\r\n',
            "multipart/form-data; boundary=b",
        ),
    ],
    ids=["json", "json-as-form", "text", "untyped", "multipart"],
)
def test_only_a_form_is_a_body(wire, fake, body, kind):
    headers = {} if kind is None else {"Content-Type": kind}
    answer = wire("POST", f"{ROOT}.json", data=body.encode(), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, 20001)
    assert len(fake.store.accounts_of(fake.account_sid)) == 1


@pytest.mark.parametrize("raw", [b"\xff\xfe", b"%", b"%zz=1", b"=&=&;", b"a" * 200_000, b"\x00"])
def test_a_body_that_is_no_form_makes_nothing_or_ignores_it(wire, raw):
    answer = wire("POST", f"{ROOT}.json", data=raw, headers={"Content-Type": FORM})
    assert answer.status_code in (201, 400)


def test_endless_nesting_is_no_json(wire, acme_auth):
    answer = wire.sink(acme_auth, SinkConfiguration="[" * 100_000)
    assert (answer.status_code, answer.json()["code"]) == (400, 20001)


def test_a_form_may_name_its_characters(wire):
    headers = {"Content-Type": f"{FORM}; charset=utf-8"}
    answer = wire("POST", f"{ROOT}.json", data="FriendlyName=Z%C3%BCrich+%F0%9F%A6%89", headers=headers)
    assert answer.json()["friendly_name"] == "Zürich 🦉"


def test_the_query_of_a_post_is_no_parameter(wire):
    assert wire("POST", f"{ROOT}.json?FriendlyName=x").json()["friendly_name"].startswith("SubAccount Created at")


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_methods_of_which_nobody_knows_the_answer_are_refused_loudly(wire, method):
    answer = wire(method, f"{ROOT}.json")
    assert answer.status_code == 501
    assert method == "HEAD" or "nobody could find out" in answer.json()["message"]


@pytest.mark.parametrize("method", ["TRACE", "PROPFIND"])
def test_no_method_gets_another_servers_words(wire, method):
    assert wire(method, f"{ROOT}.json").json()["code"] == 20004


@pytest.mark.parametrize("host", ["API.Twilio.com", "api.twilio.com:443"])
def test_a_host_is_known_in_any_case_and_with_its_port(wire, host):
    assert wire("GET", f"{ROOT}.json", host=host).status_code == 200


@pytest.mark.parametrize("path", ["/v1/Sinks/", "//v1/Sinks", "/v1/sinks", "/v1/Sinks/a/b"])
def test_a_path_is_taken_as_it_is_written(wire, acme_auth, path):
    assert wire.events("GET", path, auth=acme_auth).status_code == 501


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_statement_63_without_json_no_method_is_answered_and_nothing_is_done(wire, acme, method):
    key = wire("POST", f"{ROOT}/{acme['sid']}/Keys.json").json()["sid"]
    answer = wire(method, f"{ROOT}/{acme['sid']}/Keys/{key}")
    assert answer.status_code == 501
    assert "XML" in answer.json()["message"]
    assert wire("GET", f"{ROOT}/{acme['sid']}/Keys/{key}.json").status_code == 200


@pytest.mark.parametrize("counted_on", ["caller", "path"])
def test_statement_62_whose_concurrency_a_parents_request_uses_is_a_switch(wire, fake, acme, counted_on):
    """Unknown at Twilio: the account of the credentials, or the one in the path."""
    wire.fake_control("POST", "/behaviour", {"concurrency_is_counted_on": counted_on})
    wire.fake_control("POST", "/requests/reset")
    wire("GET", f"{ROOT}/{acme['sid']}/Keys.json")
    owner = wire.fake_control("GET", "/requests").json()["log"][0][4]
    assert owner == (fake.account_sid if counted_on == "caller" else acme["sid"])


def test_statement_64_each_list_starts_with_the_newest(wire, acme, acme_auth):
    triggers = [wire.trigger(acme["sid"]).json()["sid"] for _ in range(3)]
    sinks = [wire.sink(acme_auth).json()["sid"] for _ in range(3)]
    accounts = [acme["sid"], *(wire.subaccount(name)["sid"] for name in "ab")]
    listed = wire("GET", f"{ROOT}/{acme['sid']}/Usage/Triggers.json").json()["usage_triggers"]
    assert [item["sid"] for item in listed] == triggers[::-1]
    assert [item["sid"] for item in wire.events("GET", "/v1/Sinks", auth=acme_auth).json()["sinks"]] == sinks[::-1]
    assert [item["sid"] for item in wire("GET", f"{ROOT}.json").json()["accounts"]][:3] == accounts[::-1]
