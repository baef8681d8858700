"""Whatever is sent to any route, the answer is Twilio's error or a loud 501: never a 500 of ours, never a hang."""

import dataclasses
import json
import re
from contextlib import closing
from pathlib import Path
from urllib.parse import quote, quote_from_bytes, urlencode

from asgi_wire import AsgiWire
from fuzz_world import CREDENTIALS, KNOWN_SIDS, SIDS, is_twilios, new_store, texts
from hypothesis import given, settings
from hypothesis import strategies as st

import faketwilio
from faketwilio.control import ACTS
from faketwilio.control.kinds import KINDS
from faketwilio.hosts.registry import list_operations_by_host

OPERATIONS = [
    (host, operation.method, operation.path) for host, many in list_operations_by_host().items() for operation in many
]
LISTS = [
    operation
    for operation in OPERATIONS
    if operation[1] == "GET" and "{" not in operation[2].replace("{AccountSid}", "")
]
METHODS = ["GET", "POST", "DELETE", "PUT", "PATCH", "HEAD", "OPTIONS", "TRACE", "BREW"]
FORM = b"application/x-www-form-urlencoded"


SOURCE = "".join(file.read_text(encoding="utf-8") for file in sorted(Path(faketwilio.__path__[0]).glob("**/*.py")))


def _words(pattern):
    """The strings of the fake's own source: the names of parameters and fields, of whatever was built last."""
    return sorted(set(re.findall(f'"({pattern})"', SOURCE)))


PARAMETERS = _words(r"[A-Z][A-Za-z]+[<>]?")
FIELDS = _words(r"[a-z][a-z_]{1,40}")


def _path(data, pattern):
    segment = st.one_of(
        st.sampled_from(KNOWN_SIDS + SIDS),
        texts.map(lambda text: quote(text, safe="")),
        st.binary(min_size=1, max_size=12).map(quote_from_bytes),
    )
    return re.sub(r"{\w+(:\w+)?}", lambda _: data.draw(segment), pattern)


pairs = st.lists(st.tuples(st.sampled_from(PARAMETERS), texts), max_size=6).map(urlencode).map(str.encode)
raws = st.one_of(st.binary(max_size=60), st.sampled_from([b"%", b"%zz=1", b"=&=&;", b"\x00", b"a" * 200_000, b"\xff"]))
bodies = st.one_of(pairs, raws, texts.map(lambda text: json.dumps({"FriendlyName": text}).encode()))
types = st.sampled_from([FORM, FORM + b"; charset=latin-1", b"application/json", b"multipart/form-data", b"\xff", None])
authorizations = st.one_of(
    st.none(),
    st.binary(max_size=30),
    st.sampled_from([b"Basic ", b"Basic =", b"Basic \xff", b"Bearer x", b"Basic " + b"A" * 9_999, b"Digest a=b"]),
    st.binary(max_size=30).map(lambda raw: b"Basic " + quote_from_bytes(raw).encode()),
)


@settings(max_examples=12 * settings.default.max_examples)
@given(operation=st.sampled_from(OPERATIONS), body=bodies, query=pairs, kind=types, data=st.data())
def test_parameters_of_any_kind_break_no_operation(operation, body, query, kind, data):
    host, method, pattern = operation
    path = _path(data, pattern).encode() + (b"?" + query if data.draw(st.booleans()) else b"")
    auth = data.draw(st.sampled_from(CREDENTIALS))
    with closing(AsgiWire(new_store())) as wire:
        is_twilios(wire(method, path, host=host.encode(), headers=[(b"content-type", kind)], body=body, auth=auth))


@settings(max_examples=5 * settings.default.max_examples)
@given(st.sampled_from(OPERATIONS), st.sampled_from(METHODS), authorizations, raws, st.data())
def test_methods_hosts_credentials_and_queries_of_any_kind_break_no_route(operation, method, header, raw, data):
    host, _, pattern = operation
    named = data.draw(st.sampled_from([host, host.upper(), f"{host}:443", f"{host}.", "", "\xff", "a" * 5_000, "[::1"]))
    headers = [(b"host", named.encode("latin-1")), (b"authorization", header), (b"content-length", b"-1")]
    path = data.draw(st.sampled_from([_path(data, pattern).encode(), b"/" + raw.replace(b"?", b""), b"//"]))
    with closing(AsgiWire(new_store())) as wire:
        is_twilios(wire.raw(method, path + b"?" + raw, [pair for pair in headers if pair[1] is not None], raw))


scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    texts,
    st.sampled_from([*FIELDS, "\ud800", 10**400, -1, 0, 1, 600_001]),
)


def _objects(values):
    return st.dictionaries(st.sampled_from(FIELDS), values, max_size=5)


values = st.one_of(scalars, st.lists(scalars, max_size=3), _objects(scalars))
sids = st.sampled_from(KNOWN_SIDS)
record_fields = sorted({field.name for kind in KINDS.values() for field in dataclasses.fields(kind.record)})
records = st.dictionaries(st.sampled_from(record_fields), values, max_size=4)
console = st.one_of(
    st.builds(lambda sid, fields: {"set": sid, "fields": fields}, sids, records),
    st.builds(lambda sid, fields: {"set": sid, "fields": fields}, sids, records),
    st.builds(lambda sid: {"delete": sid}, sids),
    st.builds(
        lambda kind, sid, fields: {"create": kind, "account": sid, "fields": fields},
        st.sampled_from([*KINDS]),
        sids,
        records,
    ),
)
orders = st.one_of(_objects(values), st.builds(lambda sid, order: {**order, "account": sid}, sids, _objects(values)))


@given(st.sampled_from([(method, path) for method, path, _ in ACTS]), st.data())
def test_orders_of_any_kind_break_no_act_of_the_control_plane(route, data):
    method, path = route
    order = json.dumps(data.draw(orders)).encode()
    body = data.draw(st.sampled_from([*[order] * 9, b"\xff", b"[", b"[" * 100_000, b"1e999", b"NaN"]))
    with closing(AsgiWire(new_store())) as wire:
        answer = wire.raw(data.draw(st.sampled_from([*[method] * 9, *METHODS])), b"/_fake" + path.encode(), [], body)
        assert answer.status in (200, 400, 404), answer
        assert answer.status == 200 or list(answer.json()) == ["error"], answer
        _is_still_twilio(wire, CREDENTIALS[1])


@given(console)
def test_acts_of_any_kind_in_the_console_break_no_record(order):
    with closing(AsgiWire(new_store())) as wire:
        answer = wire.raw("POST", b"/_fake/console", [], json.dumps(order).encode())
        assert answer.status in (200, 400, 404), answer
        _is_still_twilio(wire, CREDENTIALS[0])


def _is_still_twilio(wire, auth):
    """Nothing that was ordered breaks what is asked later."""
    wire.store.latency_ms = 0
    wire.store.faults.clear()
    assert wire.raw("GET", b"/_fake/state", [], b"").status == 200
    for host, method, path in LISTS:
        for account in {sid for sid in KNOWN_SIDS if sid.startswith("AC") and "{" in path} or {auth[0]}:
            target = f"{path.replace('{AccountSid}', account)}?PageSize=2&AccountSid={account}"
            is_twilios(wire(method, target.encode(), host=host.encode(), auth=auth))
