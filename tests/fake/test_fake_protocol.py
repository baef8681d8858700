"""Statements 60 to 64: pages, headers, concurrency, and what is refused loudly."""

import re
import threading

import pytest

ROOT = "/2010-04-01/Accounts"
REAL_HOST = "https://events.twilio.com"


@pytest.fixture
def five_keys(parent, acme):
    """The SIDs of five keys, newest first."""
    return [parent.api.v2010.accounts(acme["sid"]).new_keys.create().sid for _ in range(5)][::-1]


@pytest.fixture
def keys_path(acme):
    return f"{ROOT}/{acme['sid']}/Keys.json"


def test_statement_60_v2010_pages_link_relatively_and_end(wire, keys_path, five_keys):
    page, seen, links = wire("GET", f"{keys_path}?PageSize=2").json(), [], []
    while True:
        seen += [key["sid"] for key in page["keys"]]
        if page["next_page_uri"] is None:
            break
        links.append(page["next_page_uri"])
        page = wire("GET", links[-1]).json()
    assert seen == five_keys
    assert all(link.startswith(keys_path + "?") for link in links)
    assert (page["page"], page["page_size"], page["start"], page["end"]) == (2, 2, 4, 4)


def test_statement_60_v2010_pages_lead_back(wire, keys_path, five_keys):
    first = wire("GET", f"{keys_path}?PageSize=2").json()
    second = wire("GET", first["next_page_uri"]).json()
    assert first["previous_page_uri"] is None
    assert wire("GET", second["previous_page_uri"]).json()["keys"] == first["keys"]


def test_statement_60_product_pages_link_to_twilios_real_host(wire, acme_auth):
    sids = [wire.sink(acme_auth).json()["sid"] for _ in range(3)]
    page = wire.events("GET", "/v1/Sinks?PageSize=2&Status=active", auth=acme_auth).json()
    assert page["meta"]["key"] == "sinks"
    following = page["meta"]["next_page_url"]
    assert following.startswith(f"{REAL_HOST}/v1/Sinks?Status=active&")
    last = wire.events("GET", following.removeprefix(REAL_HOST), auth=acme_auth).json()
    assert [sink["sid"] for sink in page["sinks"] + last["sinks"]] == sids[::-1]
    assert last["meta"]["next_page_url"] is None


def test_statement_60_the_sdk_follows_both_kinds_of_links(parent, acme, acme_client, wire, acme_auth, five_keys):
    for _ in range(3):
        wire.sink(acme_auth)
    assert [key.sid for key in parent.api.v2010.accounts(acme["sid"]).keys.list(page_size=2)] == five_keys
    assert len(acme_client.events.v1.sinks.list(page_size=2)) == 3


def test_a_page_number_alone_moves_nothing(wire, keys_path, five_keys):
    """Twilio's documentation of paging: Page is the client's own."""
    assert wire("GET", f"{keys_path}?PageSize=2&Page=1").json()["keys"][0]["sid"] == five_keys[0]


def test_the_way_back_does_not_hang_on_the_number_of_a_page(wire, keys_path, five_keys):
    """Twilio's documentation of paging: Page is the client's own."""
    token = f"PA{five_keys[1]}"
    page = wire("GET", f"{keys_path}?PageSize=2&PageToken={token}").json()
    assert page["page"] == 0
    assert [key["sid"] for key in wire("GET", page["previous_page_uri"]).json()["keys"]] == five_keys[:2]


@pytest.mark.parametrize(("size", "code"), [("1001", 20007), ("0", 20001), ("-1", 20001), ("many", 20001)])
def test_statement_61_a_page_size_that_is_none_is_refused(wire, acme_auth, keys_path, size, code):
    for answer in (
        wire("GET", f"{keys_path}?PageSize={size}"),
        wire.events("GET", f"/v1/Sinks?PageSize={size}", auth=acme_auth),
    ):
        assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_statement_61_a_thousand_is_the_largest_page(wire, keys_path):
    assert wire("GET", f"{keys_path}?PageSize=1000").json()["page_size"] == 1000


def test_statement_61_whether_larger_pages_are_cut_is_a_switch(wire, acme_auth, keys_path):
    """Twilio does not document it: a switch of docs/fake.md decides."""
    wire.fake_control("POST", "/behaviour", {"too_large_pages": "cut"})
    assert wire("GET", f"{keys_path}?PageSize=1001").json()["page_size"] == 1000
    assert wire.events("GET", "/v1/Sinks?PageSize=5000", auth=acme_auth).json()["meta"]["page_size"] == 1000


def test_statement_61_a_page_after_something_that_is_gone_is_refused(wire, keys_path, five_keys):
    first = wire("GET", f"{keys_path}?PageSize=2").json()
    wire("DELETE", keys_path.replace(".json", f"/{first['keys'][-1]['sid']}.json"))
    answer = wire("GET", first["next_page_uri"])
    assert (answer.status_code, answer.json()["code"]) == (400, 21481)


def test_statement_62_every_answer_carries_twilios_headers(wire):
    for path in (f"{ROOT}.json", f"{ROOT}/AC{'0' * 32}.json", "/nothing.json"):
        headers = wire("GET", path).headers
        assert re.fullmatch("RQ[0-9a-f]{32}", headers["Twilio-Request-Id"])
        assert headers["Twilio-Concurrent-Requests"] == "1"
        assert float(headers["Twilio-Request-Duration"]) >= 0


def test_the_date_is_the_fakes(wire):
    """The Date header is what a client takes for Twilio's clock."""
    wire.fake_control("POST", "/clock", {"advance_seconds": 400 * 86_400})
    now = wire.fake_control("GET", "/clock").json()["now"]
    assert now[:4] in wire("GET", f"{ROOT}.json").headers["Date"]


def test_statement_62_above_the_concurrency_nothing_is_done(wire, fake):
    wire.fake_control("POST", "/behaviour", {"max_concurrent_requests": 2, "retry_after_on_429": 3})
    wire.fake_control("POST", "/latency", {"ms": 300})
    answers = []
    barrier = threading.Barrier(6)

    def _post():
        barrier.wait()
        answers.append(wire("POST", f"{ROOT}.json", data={"FriendlyName": "x"}))

    threads = [threading.Thread(target=_post) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(refused) == 4
    assert {answer.json()["code"] for answer in refused} == {20429}
    assert {answer.headers["Retry-After"] for answer in refused} == {"3"}
    assert len(fake.store.accounts.all()) == 3


def test_the_limit_of_one_account_is_not_anothers(wire, acme_auth):
    """Twilio's documentation of rate limits: the limit is per account."""
    wire.fake_control("POST", "/behaviour", {"max_concurrent_requests": 0})
    assert wire("GET", f"{ROOT}.json").status_code == 429
    wire.fake_control("POST", "/behaviour", {"max_concurrent_requests": 1})
    assert wire.events("GET", "/v1/Sinks", auth=acme_auth).headers["Twilio-Concurrent-Requests"] == "1"


@pytest.mark.parametrize("path", [ROOT, f"{ROOT}/AC{'0' * 32}", f"{ROOT}.csv"])
def test_statement_63_v2010_without_json_is_refused_loudly(wire, path):
    answer = wire("GET", path)
    assert answer.status_code == 501
    assert "XML" in answer.json()["message"]


def test_statement_64_lists_start_with_the_newest(parent, acme, five_keys):
    assert [key.sid for key in parent.api.v2010.accounts(acme["sid"]).keys.list()] == five_keys


def test_what_is_not_built_says_what_is(wire, acme):
    """docs/fake.md: what it does not know it answers with 501."""
    answer = wire("GET", f"{ROOT}/{acme['sid']}/Applications.json")
    assert answer.status_code == 501
    assert f"GET https://api.twilio.com{ROOT}.json" in answer.json()["known"]
    assert "Applications.json is not built" in answer.json()["message"]


@pytest.mark.parametrize("host", ["messaging.twilio.com", "localhost", "api.dublin.ie1.twilio.com"])
def test_another_host_is_refused_with_the_hosts_there_are(wire, host):
    """docs/fake.md: what it does not know it answers with 501."""
    answer = wire("GET", f"{ROOT}.json", host=host)
    assert answer.status_code == 501
    assert "events.twilio.com" in answer.json()["message"]


def test_a_body_that_is_no_form_is_refused(wire):
    """Twilio's documentation of formats."""
    assert wire("POST", f"{ROOT}.json", json={"FriendlyName": "x"}).status_code == 400


@pytest.mark.parametrize(
    "body", ["FriendlyName=a&FriendlyName=b", "FriendlyName=%ff", "FriendlyName", "FriendlyName=ü"]
)
def test_a_form_that_is_broken_is_refused(wire, fake, body):
    """Never kinder than Twilio."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = wire("POST", f"{ROOT}.json", data=body.encode(), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, 20001)
    assert len(fake.store.accounts.all()) == 1


def test_an_unknown_parameter_is_ignored(wire):
    """Statement 32 of docs/fake-statements.md."""
    assert wire("POST", f"{ROOT}.json", data={"FriendlyName": "x", "Nonsense": "y"}).status_code == 201


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_a_method_that_a_path_has_not_is_not_allowed(wire, method):
    """Twilio's documentation of errors."""
    answer = wire(method, f"{ROOT}.json")
    assert (answer.status_code, answer.json()["code"]) == (405, 20004)
