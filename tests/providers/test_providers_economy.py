"""What is cheaper is the same."""

import asyncio

import pulumi
import pytest
from pulumi.runtime.resource import create_urn as stock

from tenantry.providers.economy import create_urn

PARENT = "urn:pulumi:dev::owl::tenantry:index:Tenant::acme"


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
