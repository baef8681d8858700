"""What a preview showed is all that its run may do."""

import json
from types import SimpleNamespace

import grpc
import pytest
from pulumi.runtime.proto.provider_pb2 import CreateRequest, DeleteRequest, UpdateRequest

from tenantry.engine.events.event import ResourceOutputs, ResourcePre
from tenantry.engine.events.urn import COMPONENT
from tenantry.engine.run.shown import SHOWN_VARIABLE, OnlyShown, allow, find_unshown, operations_of

KEY = "pulumi-python:dynamic/twilio:ApiKey"
WEB = f"urn:pulumi:dev::owl::{COMPONENT}${KEY}::acme/api_key/web-1"
CALLS = {
    "Create": CreateRequest(urn=WEB),
    "Update": UpdateRequest(urn=WEB, id="SK1"),
    "Delete": DeleteRequest(urn=WEB, id="SK1"),
}


class RefusedError(Exception):
    """A call was aborted."""


class Context:
    """A call's context."""

    def abort(self, code, details):
        raise RefusedError(f"{code.name} {details}")


def pre(op, id_="SK1"):
    return ResourcePre(op, WEB, KEY, "acme/api_key/web-1", id_)


def call(method):
    """Make a call of the engine as the plugin answers it."""
    handler = grpc.unary_unary_rpc_method_handler(lambda _request, _context: "done")
    details = SimpleNamespace(method=f"/pulumirpc.ResourceProvider/{method}")
    answering = OnlyShown().intercept_service(lambda _details: handler, details)
    return answering.unary_unary(CALLS.get(method), Context())


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv(SHOWN_VARIABLE, str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    ("op", "may"),
    [
        ("create", {"Create"}),
        ("create-replacement", {"Create"}),
        ("update", {"Update"}),
        ("delete", {"Delete"}),
        ("delete-replaced", {"Delete"}),
        ("replace", set()),
        ("same", set()),
        ("read", set()),
        ("refresh", set()),
    ],
)
def test_only_the_calls_of_a_step_that_was_shown_reach_a_provider(folder, op, may):
    allow(folder, [pre(op)])
    for method in CALLS:
        if method in may:
            assert call(method) == "done"
            continue
        with pytest.raises(RefusedError, match=r"^FAILED_PRECONDITION \w+ acme/api_key/web-1.*Run again, which shows"):
            call(method)


def test_an_object_that_was_not_shown_is_neither_changed_nor_deleted(folder):
    allow(folder, [pre("delete", "SK2"), pre("update", "SK2")])
    for method in ("Update", "Delete"):
        with pytest.raises(RefusedError, match=r"acme/api_key/web-1 \(SK1\): the preview of this run did not show it"):
            call(method)


def test_where_what_was_shown_can_not_be_read_nothing_is_done(folder):
    with pytest.raises(RefusedError):
        call("Create")


def test_reads_and_checks_are_never_held(folder):
    for method in ("Check", "Diff", "Read", "Configure", "Cancel"):
        assert call(method) == "done"


def test_a_run_without_such_a_folder_is_held_to_nothing(monkeypatch):
    monkeypatch.delenv(SHOWN_VARIABLE, raising=False)
    assert [call(method) for method in CALLS] == ["done"] * 3


def test_what_is_written_holds_names_and_ids_alone(folder):
    allow(folder, [pre("delete")])
    [file] = folder.iterdir()
    assert json.loads(file.read_text()) == [["Delete", WEB, "SK1"]]


def test_what_a_run_did_beyond_its_preview_is_named():
    ended = [ResourceOutputs("delete", WEB, KEY, "acme/api_key/web-1"), ResourceOutputs("same", WEB, KEY, "x")]
    assert find_unshown([pre("delete")], ended) == ()
    assert find_unshown([pre("update")], ended) == ("acme/api_key/web-1",)
    assert operations_of([pre("same")]) == frozenset()
