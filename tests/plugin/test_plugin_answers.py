"""Which calls the plugin answers without the SDK's own server."""

from types import SimpleNamespace

import grpc
import pytest
from google.protobuf.struct_pb2 import Struct
from pulumi.dynamic import ResourceProvider
from pulumi.dynamic.dynamic import PROVIDER_KEY, serialize_provider
from pulumi.runtime.proto.provider_pb2 import CreateRequest, ReadRequest, ReadResponse

from tenantry.plugin.answers import DirectAnswers
from tenantry.providers.fleet import FleetProvider
from tenantry.providers.resource import serialize

ASKED = ReadResponse(id="asked")
READ, CREATE, DELETE = (f"/pulumirpc.ResourceProvider/{call}" for call in ("Read", "Create", "Delete"))


class TheirProvider(ResourceProvider):
    """A provider of a user."""

    serialize_as_secret_always = False


class Context:
    """What a gRPC call has: `abort` ends it."""

    def abort(self, code, details):
        raise RuntimeError(f"{code.name}: {details}")


def answer(method, request):
    """Return the answer to a call, which is ASKED where it went on to the SDK's server."""
    handler = grpc.unary_unary_rpc_method_handler(lambda _request, _context: ASKED)
    call = DirectAnswers().intercept_service(lambda _details: handler, SimpleNamespace(method=method))
    return call.unary_unary(request, Context())


def bag(**props):
    struct = Struct()
    struct.update(props)
    return struct


OURS = {PROVIDER_KEY: serialize(FleetProvider)}


@pytest.mark.parametrize(
    "saved", [{}, {PROVIDER_KEY: str(serialize_provider(TheirProvider()))}], ids=["none", "theirs"]
)
@pytest.mark.parametrize(
    ("method", "request_of"), [(READ, ReadRequest), (CREATE, CreateRequest)], ids=["read", "create"]
)
def test_what_is_not_ours_goes_on_to_the_sdk(saved, method, request_of):
    request = request_of(properties=bag(name="x", **saved))
    before = request.SerializeToString(deterministic=True)
    assert answer(method, request) == ASKED
    assert request.SerializeToString(deterministic=True) == before


def test_other_calls_go_on_to_the_sdk():
    assert answer(DELETE, ReadRequest(properties=bag(**OURS))) == ASKED


def test_a_failure_has_a_traceback_which_the_patch_before_shortens(monkeypatch):
    monkeypatch.delenv("TWILIO_ACCOUNT_SID", raising=False)
    monkeypatch.delenv("TWILIO_AUTH_TOKEN", raising=False)
    with pytest.raises(RuntimeError, match="UNKNOWN: Traceback") as caught:
        answer(CREATE, CreateRequest(properties=bag(account_sid="AC" + "1" * 32, **OURS)))
    assert "tenantry.twilio.errors.CredentialsMissing: " in str(caught.value)
