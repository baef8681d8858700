"""The rules that hold answers to the facts find what is wrong, or the shapes prove nothing."""

import pytest
from shape_observer import Exchange
from shape_rules import answer_problems, exchange_problems

SID = "SK" + "0" * 32
DATE = "Fri, 15 Jan 2027 12:00:00 +0000"
KEY = {"sid": SID, "friendly_name": None, "date_created": DATE, "date_updated": DATE}
PAGE = {
    "end": 0,
    "first_page_uri": "/a",
    "next_page_uri": None,
    "page": 0,
    "page_size": 50,
    "previous_page_uri": None,
    "start": 0,
    "uri": "/a",
    "keys": [KEY],
}
SINK_PAGE = {"list": "meta", "key": "sinks", "of": "events.v1.sink"}


def test_a_right_answer_has_no_problem():
    assert answer_problems("api.v2010.account.key", KEY) == []
    assert answer_problems({"list": "v2010", "key": "keys", "of": "api.v2010.account.key"}, PAGE) == []
    assert answer_problems(None, None) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"secret": "x"}, "secret is none of Twilio's fields"),
        ({"friendly_name": 5}, "friendly_name is a int, not of type string"),
        ({"sid": "UT" + "0" * 32}, "does not match"),
        ({"date_created": "2027-01-15T12:00:00Z"}, "not of format date-time-rfc-2822"),
    ],
)
def test_a_field_that_is_wrong_is_named(change, problem):
    (found,) = answer_problems("api.v2010.account.key", KEY | change)
    assert problem in found


def test_a_field_that_is_missing_is_named():
    assert answer_problems("api.v2010.account.key", {"sid": SID, "date_created": DATE, "date_updated": DATE}) == [
        "friendly_name is missing"
    ]


def test_a_null_that_twilio_never_sends_is_named():
    problems = answer_problems({"list": "v2010", "key": "keys", "of": "api.v2010.account.key"}, PAGE | {"page": None})
    assert problems == ["page is null, which Twilio shows nowhere"]


def test_a_null_that_only_the_schema_allows_is_named():
    assert answer_problems("api.v2010.account.key", KEY | {"sid": None}) == ["sid is null, which Twilio shows nowhere"]


def test_a_word_that_is_none_of_twilios_is_named():
    problems = answer_problems("api.v2010.account", {"status": "sleeping"})
    assert any("status is 'sleeping', none of" in problem for problem in problems)


def test_links_that_are_none_of_twilios_are_named():
    links = {"media": "/a", "pictures": "/b"}
    problems = answer_problems("api.v2010.account.message", {"subresource_uris": links})
    assert "subresource_uris.pictures is none of Twilio's links" in problems
    problems = answer_problems("events.v1.sink", {"links": {"sink_test": "https://events.twilio.com/"}})
    assert "links has no sink_validate" in problems


def test_a_bool_is_no_number():
    problems = answer_problems({"list": "v2010", "key": "keys", "of": "api.v2010.account.key"}, PAGE | {"page": True})
    assert problems == ["page is a bool, not of type integer"]


@pytest.mark.parametrize("body", [None, [], {"keys": []}, {"sinks": {}}])
def test_a_list_under_another_key_is_named(body):
    assert answer_problems(SINK_PAGE, body) == ["no list sinks"]


def test_a_body_where_twilio_sends_none_is_named():
    assert answer_problems(None, {}) == ["has a body, and Twilio sends none"]


def test_a_status_that_twilio_does_not_answer_is_named():
    seen = Exchange("events.twilio.com", "POST /v1/Sinks", 200, {})
    assert exchange_problems(seen) == ["POST /v1/Sinks: answers 200, and Twilio 201"]
