"""What a policy pack answers without the SDK, and what it keeps of the stack for all of its policies."""

from types import SimpleNamespace

import grpc
import pytest
from google.protobuf import struct_pb2
from pulumi.runtime import proto
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE, UnknownValueError

from tenantry.model.kinds import KINDS
from tenantry.plugin.shared_resources import PACKAGE, SharedResources

SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": "s3cret"}


def bag(**props):
    struct = struct_pb2.Struct()
    struct.update(props)
    return struct


@pytest.fixture
def call():
    """`call("Analyze", request)` is the answer and what reached the SDK."""
    shared, reached = SharedResources(), []

    def answer(request, _context):
        reached.append(request)
        return proto.AnalyzeResponse(not_applicable=[proto.PolicyNotApplicable(policy_name="of the SDK")])

    def run(method, request):
        stock = grpc.unary_unary_rpc_method_handler(answer, lambda raw: raw, lambda message: message)
        details = SimpleNamespace(method=f"{PACKAGE}{method}")
        handler = shared.intercept_service(lambda _: stock, details)
        return handler.unary_unary(request, None), reached, shared

    return run


def test_nothing_is_looked_for_to_repair(call):
    answer, reached, _ = call("Remediate", b"whatever it is")
    assert (answer, reached) == (proto.RemediateResponse(), [])


def test_a_resource_at_which_nothing_is_reported_does_not_reach_the_sdk(call):
    trigger = proto.AnalyzeRequest(type=KINDS["usage_trigger"].token, name="acme/usage_trigger/sms")
    answer, reached, _ = call("Analyze", trigger)
    assert (answer, reached) == (proto.AnalyzeResponse(), [])


@pytest.mark.parametrize("kind", ["fleet", "subaccount"])
def test_a_resource_at_which_violations_are_reported_reaches_it_by_name(call, kind):
    request = proto.AnalyzeRequest(type=KINDS[kind].token, name="acme", properties=bag(friendly_name="Acme"))
    answer, [passed], _ = call("Analyze", request)
    assert (passed.name, passed.HasField("properties"), len(answer.not_applicable)) == ("acme", False, 1)


def test_the_stack_is_kept_as_far_as_rules_look(call):
    props = bag(callback_url="https://a.example", account_sid=UNKNOWN_STRING_VALUE, __provider="x", secret=SECRET)
    resources = [
        proto.AnalyzerResource(
            type=KINDS["usage_trigger"].token, urn="urn:1", name="acme/usage_trigger/a", properties=props
        ),
        proto.AnalyzerResource(type="aws:s3:Bucket", urn="urn:2", name="logs", properties=bag(acl="private")),
    ]
    _, [passed], shared = call("AnalyzeStack", proto.AnalyzeStackRequest(resources=resources))
    [kept] = shared.of_stack
    assert (len(passed.resources), kept.urn, sorted(kept.props)) == (0, "urn:1", ["account_sid", "callback_url"])
    assert kept.props["callback_url"] == "https://a.example"
    with pytest.raises(UnknownValueError):
        kept.props["account_sid"]


def test_other_calls_are_the_sdks(call):
    answer, reached, _ = call("GetAnalyzerInfo", "a request")
    assert (len(answer.not_applicable), reached) == (1, ["a request"])
