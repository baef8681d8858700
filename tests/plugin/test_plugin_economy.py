"""What is cheaper is the same."""

import asyncio
from types import SimpleNamespace

import pulumi
import pytest
from pulumi.runtime.resource import _get_stack_trace
from pulumi.runtime.resource import create_urn as stock
from pulumi.runtime.rpc import transfer_properties

from tenantry.plugin.economy import make_named_outputs, record_wanted_stack_traces, sum_urns
from tenantry.providers import RESOURCES
from tenantry.providers.resource import no_stack_trace

PARENT = "urn:pulumi:dev::owl::tenantry:index:Tenant::acme"
create_urn = sum_urns(stock)


def future(output):
    async def wait():
        return await output().future()

    return asyncio.run(wait())


@pytest.mark.parametrize("name", ["acme", "acme/api_key/web-1", "a::b", ""])
@pytest.mark.parametrize("parent", [PARENT, f"{PARENT}::x", "urn:pulumi:dev::owl::pulumi:pulumi:Stack::owl-dev"])
def test_a_urn_is_that_of_the_sdk(name, parent):
    of_sdk = future(lambda: stock(name, "aws:s3:Bucket", parent))
    assert future(lambda: create_urn(name, "aws:s3:Bucket", parent)) == of_sdk


def test_a_urn_of_an_output_is_left_to_the_sdk():
    assert future(lambda: create_urn(pulumi.Output.from_input("x"), "t:t:T", PARENT)).endswith("$t:t:T::x")


def test_a_urn_without_a_parent_is_left_to_the_sdk():
    assert future(lambda: create_urn("x", "t:t:T", None, "owl", "dev")) == "urn:pulumi:dev::owl::t:t:T::x"


async def outputs_of(resource, *props):
    make_named_outputs(transfer_properties)(resource, dict.fromkeys(props), True)
    return sorted(name for name, value in vars(resource).items() if isinstance(value, pulumi.Output))


def test_a_resource_that_is_not_ours_has_all_its_outputs():
    assert asyncio.run(outputs_of(SimpleNamespace(), "bucket", "acl", "id")) == ["acl", "bucket"]


@pytest.mark.parametrize("kind", RESOURCES)
def test_one_of_ours_has_those_that_only_twilio_knows(kind):
    resource = object.__new__(RESOURCES[kind])
    text = ["secret"] if kind == "api_key" else []
    assert asyncio.run(outputs_of(resource, "friendly_name", "account_sid")) == text


class Base:
    """What the SDK looks for in a stack: three constructors, the innermost of them its own."""

    def __init__(self):
        self.frames = len(record_wanted_stack_traces(_get_stack_trace)().frames)


class Custom(Base):
    def __init__(self):
        super().__init__()


class Bucket(Custom):
    def __init__(self):
        super().__init__()


def test_a_resource_of_others_keeps_its_stack_trace():
    assert Bucket().frames > 0


def test_one_of_ours_records_no_stack_trace():
    with no_stack_trace():
        assert Bucket().frames == 0
