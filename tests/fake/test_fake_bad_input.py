"""Whatever is sent, the answer is Twilio's or a loud 501, never a 500 of ours."""

import re
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenantry.fake.hosts import operations_by_host

OPERATIONS = [(host, one) for host, operations in operations_by_host().items() for one in operations]
ANSWERS = (200, 201, 204, 400, 401, 404, 405, 501)
TRIGGER = ("CallbackMethod", "CallbackUrl", "FriendlyName", "Recurring", "TriggerBy", "TriggerValue", "UsageCategory")
KEY = ("AccountSid", "KeyType", "Policy", "Status")
EVENTS = (
    "Description",
    "SchemaVersion",
    "SinkConfiguration",
    "SinkSid",
    "SinkType",
    "TestId",
    "Type",
    "Types",
    "InUse",
)
PAGE = ("Page", "PageSize", "PageToken")
JSON = (
    '{"allow":["/twilio/iam/api-keys/read"]}',
    '{"allow":["\\ud800"]}',
    '{"destination":"https://a.example"}',
    '{"destination":"http://["}',
    '{"destination":"https://a.example/\\ud800"}',
    '{"type":"com.twilio.error-logs.error.logged"}',
    '{"type":"\\ud800"}',
    '{"type":NaN}',
)
WORDS = ("restricted", "webhook", "kinesis", "active", "closed", "true", "daily", "count", "GET", "1", "+1", "9" * 30)
TEXTS = ("https://a.example/", "http://[x", "sms", "SK", "PA", "PB")
values = st.one_of(st.sampled_from(JSON + WORDS + TEXTS), st.text(max_size=80))
forms = st.lists(st.tuples(st.sampled_from(TRIGGER + KEY + EVENTS + PAGE), values), max_size=6)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(OPERATIONS), forms, st.data())
def test_no_input_breaks_the_fake(wire, acme, acme_auth, operation, form, data):
    host, one = operation
    sids = [acme["sid"], wire.fake.account_sid, *(prefix + "0" * 32 for prefix in ("AC", "SK", "UT", "DG", "DF"))]
    segment = st.one_of(st.sampled_from(sids), st.text(min_size=1, max_size=20).map(quote))
    path = re.sub(r"{\w+}", lambda _: data.draw(segment), one.path)
    where = "data" if one.method == "POST" else "params"
    auth = data.draw(st.sampled_from([None, acme_auth]))
    answer = wire(one.method, path, host=host, auth=auth, **{where: form})
    assert answer.status_code in ANSWERS, answer.text


@pytest.mark.parametrize("raw", [b"\xff\xfe", b"%", b"%zz=1", b"=&=&;", b"a" * 200_000, b"\x00"])
def test_no_body_breaks_the_fake(wire, raw):
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert wire("POST", "/2010-04-01/Accounts.json", data=raw, headers=headers).status_code in (201, 400)


def test_endless_nesting_is_no_json(wire, acme_auth):
    answer = wire.sink(acme_auth, SinkConfiguration="[" * 100_000)
    assert (answer.status_code, answer.json()["code"]) == (400, 20001)
