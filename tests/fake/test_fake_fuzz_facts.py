"""Requests that are nearly right, by Twilio's own OpenAPI: with its parameters, some of them with hostile values."""

import json
import re
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

from asgi_wire import AsgiWire
from fuzz_world import CREDENTIALS, KNOWN_SIDS, is_twilios, new_store, texts
from hypothesis import given, settings
from hypothesis import strategies as st

FACTS = json.loads((Path(__file__).parent / "facts" / "openapi.json").read_text(encoding="utf-8"))["operations"]
OPERATIONS = [
    (host, *operation.split(" "), facts["parameters"])
    for host, operations in sorted(FACTS.items())
    for operation, facts in sorted(operations.items())
]
BY_TYPE = {
    "boolean": st.sampled_from(["true", "false"]),
    "integer": st.integers(-1, 1001).map(str),
    "array": st.sampled_from(['{"type":"com.twilio.error-logs.error.logged"}', "https://a.example/x.jpg"]),
    "object": st.sampled_from(['{"destination":"https://a.example"}', '{"allow":["/twilio/iam/api-keys/read"]}', "{}"]),
}


def _value(facts):
    """A value that Twilio may take, or now and then one that nobody takes."""
    if "enum" in facts:
        likely = st.sampled_from(facts["enum"])
    elif pattern := facts.get("pattern"):
        likely = st.sampled_from([sid for sid in KNOWN_SIDS if re.match(pattern, sid)] or KNOWN_SIDS)
    else:
        likely = BY_TYPE.get(
            facts.get("type"), st.sampled_from(["+15005550006", "sms", "https://a.example", "2027-01-15"])
        )
    return st.one_of(likely, likely, likely, texts)


def _values(facts, place):
    """The parameters of one place: the required ones nearly always, any of the others."""
    named = {name: fact for name, fact in facts.items() if fact["in"] == place}
    always = {name: _value(fact) for name, fact in named.items() if fact.get("required")}
    never_sure = {name: _value(fact) for name, fact in named.items() if not fact.get("required")}
    return st.fixed_dictionaries(always, optional=never_sure)


@settings(max_examples=12 * settings.default.max_examples)
@given(operation=st.sampled_from(OPERATIONS), data=st.data())
def test_requests_that_are_nearly_right_break_no_operation(operation, data):
    host, method, path, facts = operation
    for name in re.findall(r"{(\w+)}", path):
        known = [sid for sid in KNOWN_SIDS if re.match(facts.get(name, {}).get("pattern", ""), sid)]
        path = path.replace(f"{{{name}}}", data.draw(st.sampled_from(known or KNOWN_SIDS)))
    query, form = (urlencode(data.draw(_values(facts, place))) for place in ("query", "form"))
    auth = data.draw(st.sampled_from(CREDENTIALS[:2]))
    with closing(AsgiWire(new_store())) as wire:
        for _ in range(2):  # the second time, what the first made is there
            target = f"{path}?{query}".encode()
            is_twilios(wire.form(method, target, form.encode(), host=host.encode(), auth=auth))
