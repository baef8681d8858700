"""Which calls the plugin answers without the SDK's own server."""

from types import SimpleNamespace

import grpc
import pytest
from google.protobuf.struct_pb2 import Struct
from pulumi.dynamic import ResourceProvider
from pulumi.dynamic.dynamic import PROVIDER_KEY, serialize_provider
from pulumi.runtime.proto.provider_pb2 import CheckRequest, CreateRequest, ReadRequest, ReadResponse
from pulumi.runtime.rpc import UNKNOWN

from tenantry.plugin.answers import DirectAnswers
from tenantry.providers.fleet import FleetProvider
from tenantry.providers.resource import serialize
from tenantry.providers.usage_trigger import UsageTriggerProvider

ASKED = ReadResponse(id="asked")
READ, CREATE, DELETE, CHECK = (f"/pulumirpc.ResourceProvider/{call}" for call in ("Read", "Create", "Delete", "Check"))


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


TRIGGER = {
    "friendly_name": "sms",
    "usage_category": "sms",
    "trigger_by": "count",
    "trigger_value": "1000.00",
    "callback_url": "https://hooks.owl.example/usage",
    "callback_method": "POST",
    PROVIDER_KEY: serialize(UsageTriggerProvider),
}


def test_new_inputs_are_checked_and_written_back_in_canonical_form():
    checked = answer(CHECK, CheckRequest(news=bag(**TRIGGER)))
    assert list(checked.failures) == []
    assert (checked.inputs["trigger_value"], checked.inputs[PROVIDER_KEY]) == ("1000", TRIGGER[PROVIDER_KEY])


def test_a_wrong_input_is_a_failure_and_leaves_the_inputs():
    checked = answer(CHECK, CheckRequest(news=bag(**TRIGGER | {"usage_category": ["sms"]})))
    assert [failure.property for failure in checked.failures] == ["usage_category"]
    assert checked.inputs["trigger_value"] == "1000.00"


@pytest.mark.parametrize("value", [UNKNOWN, [UNKNOWN], {"part": UNKNOWN}], ids=["whole", "in a list", "in a mapping"])
def test_inputs_that_a_preview_does_not_know_are_the_sdks_to_check(value):
    assert answer(CHECK, CheckRequest(news=bag(**TRIGGER | {"account_sid": value}))) == ASKED


def test_a_failure_has_a_traceback_which_the_patch_before_shortens(monkeypatch):
    monkeypatch.delenv("TWILIO_ACCOUNT_SID", raising=False)
    monkeypatch.delenv("TWILIO_AUTH_TOKEN", raising=False)
    with pytest.raises(RuntimeError, match="UNKNOWN: Traceback") as caught:
        answer(CREATE, CreateRequest(properties=bag(account_sid="AC" + "1" * 32, **OURS)))
    assert "tenantry.twilio.errors.CredentialsMissing: " in str(caught.value)
