"""What Twilio's OpenAPI requires, the fake requires: nothing of it is forgiven."""

import re
from dataclasses import replace

import pytest
from shape_calls import CALLS
from shape_facts import facts_of
from shape_observer import Observer

ELSEWHERE = "0123456789abcdef" * 2  # of no object
LAST_SID = re.compile(r"\b([A-Z]{2})[0-9a-f]{32}(?!.*\b[A-Z]{2}[0-9a-f]{32})")

OPERATIONS = sorted(
    (host, operation) for host, calls in CALLS.items() for operation in calls if facts_of(host, operation)
)
PARAMETERS = [
    (host, operation, name, about)
    for host, operation in OPERATIONS
    for name, about in facts_of(host, operation)["parameters"].items()
    if about["in"] != "path"
]
REQUIRED = [(host, operation, name) for host, operation, name, about in PARAMETERS if about.get("required")]
STRICT = [
    (host, operation, name)
    for host, operation, name, about in PARAMETERS
    if "enum" in about or about.get("type") in ("integer", "boolean") or about.get("format") in ("date", "date-time")
]
WITH_SID = [(host, operation) for host, operation in OPERATIONS if re.search(r"\{\w*Sid\}(\.json)?$", operation)]


@pytest.fixture(scope="module")
def observer():
    with Observer() as watching:
        yield watching


def provoke(observer, host, operation, change):
    """The refusal of that operation once its request was changed; None if it was taken all the same."""

    def _change(request):
        return change(request) if request.operation == (host, operation) else request

    refusal = observer.provoke(CALLS[host][operation], _change)
    if refusal is not None:
        assert (refusal.host, refusal.operation) == (host, operation)
        assert set(refusal.body) == {"code", "message", "more_info", "status"}
        assert refusal.body["status"] == refusal.status
    return refusal


@pytest.mark.parametrize(("host", "operation", "name"), REQUIRED)
def test_a_required_parameter_that_is_missing_is_refused(observer, host, operation, name):
    def _without(request):
        return replace(request, fields={key: value for key, value in request.fields.items() if key != name})

    assert provoke(observer, host, operation, _without).status == 400


@pytest.mark.parametrize(("host", "operation", "name"), STRICT)
def test_a_value_of_no_allowed_type_is_refused(observer, host, operation, name):
    def _nonsense(request):
        return replace(request, fields={**request.fields, name: "nonsense"})

    refusal = provoke(observer, host, operation, _nonsense)
    if name in observer.reads[host, operation]:
        assert refusal.status == 400
    else:
        assert refusal is None  # and docs/fake-coverage.md says that it is ignored


OWN_CODES = {"/v1/Sinks/": 91001, "/v1/Subscriptions/": 91102}
"""What is not there is 20404 everywhere but here."""


@pytest.mark.parametrize(("host", "operation"), WITH_SID)
def test_what_is_not_there_is_not_found(observer, host, operation):
    def _elsewhere(request):
        return replace(request, url=LAST_SID.sub(rf"\g<1>{ELSEWHERE}", request.url))

    refusal = provoke(observer, host, operation, _elsewhere)
    code = next((code for start, code in OWN_CODES.items() if operation.partition(" ")[2].startswith(start)), 20404)
    assert (refusal.status, refusal.body["code"]) == (404, code)
