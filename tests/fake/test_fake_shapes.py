"""Every answer of the fake has the shape that Twilio's own OpenAPI gives it, seen through the real SDK."""

import re
from fnmatch import fnmatchcase

import pytest
import shape_page
from shape_calls import CALLS, NO_FACTS
from shape_facts import CORRECTIONS, facts, facts_of
from shape_observer import Observer
from shape_rules import exchange_problems

from faketwilio.hosts.registry import list_operations_by_host

OPERATIONS = sorted(
    (host, f"{operation.method} {operation.path}")
    for host, operations in list_operations_by_host().items()
    for operation in operations
    if operation.is_built
)
CALLED = sorted((host, operation) for host, calls in CALLS.items() for operation in calls)


@pytest.fixture(scope="module")
def observer():
    with Observer() as watching:
        yield watching


def test_every_operation_of_the_fake_is_called():
    assert [name for name in OPERATIONS if name not in CALLED] == [], "each needs its call in tests/fake/shape_calls.py"
    assert [name for name in CALLED if name not in OPERATIONS] == []


def test_exactly_what_twilio_publishes_no_facts_of_is_listed_so():
    assert [name for name in CALLED if facts_of(*name) is None] == sorted(NO_FACTS)


@pytest.mark.parametrize(("host", "operation"), CALLED)
def test_an_operation_answers_as_twilios_openapi_says(observer, host, operation):
    exchanges = observer.observe(CALLS[host][operation])
    assert (host, operation) in {(seen.host, seen.operation) for seen in exchanges if seen.status < 300}
    problems = [problem for seen in exchanges for problem in exchange_problems(seen)]
    assert problems == []


@pytest.mark.parametrize("correction", CORRECTIONS, ids=lambda correction: correction.field)
def test_a_correction_changes_what_the_facts_say(correction):
    fields = [
        fields[correction.field]
        for name, fields in facts()["objects"].items()
        if fnmatchcase(name, correction.objects) and correction.field in fields
    ]
    assert fields
    assert all(field | correction.change != field for field in fields)


@pytest.mark.parametrize(("host", "operation"), list(shape_page.missing()))
def test_what_is_not_built_is_refused_loudly(wire, acme, host, operation):
    method, path = operation.split(" ")
    connection = re.sub(r"\{\w+\}", f"RE{'0' * 32}", path.replace("{AccountSid}", acme["sid"]))
    assert wire(method, connection, host=host).status_code == 501


def test_the_page_of_what_is_covered_is_fresh():
    assert shape_page.FILE.read_text(encoding="utf-8") == shape_page.page(), "run: make docs"
