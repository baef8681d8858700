"""A program that exits with 0 before it has asked for every tenant has not come to its end."""

import pytest

from tenantry.engine.events.asked_for import end_too_early
from tenantry.engine.events.event import ResourcePre
from tenantry.engine.events.urn import COMPONENT


def component(slug, op):
    return ResourcePre(op, f"urn:pulumi:dev::owl::{COMPONENT}::{slug}", COMPONENT, slug)


@pytest.mark.parametrize("op", ["same", "create", "update"])
def test_a_tenant_counts_as_asked_for_whatever_becomes_of_its_component(op):
    assert end_too_early([component("acme", op)], ["acme"]) is None


@pytest.mark.parametrize("op", ["delete", "refresh", "discard"])
def test_a_component_of_no_requested_tenant_does_not_count(op):
    error = end_too_early([component("acme", op), component("birch", "same")], ["acme", "birch"])
    assert error is not None
    assert (error.severity, "acme is not registered" in error.message) == ("error", True)


def test_a_resource_that_bears_a_tenants_name_is_not_its_component():
    account = ResourcePre("same", "urn:pulumi:dev::owl::a:b:C::acme", "a:b:C", "acme")
    assert end_too_early([account], ["acme"]) is not None


def test_of_many_tenants_the_first_are_named():
    error = end_too_early([], [f"t{number}" for number in range(9)])
    assert error is not None
    assert "t0, t1, t2, t3, t4 and 4 more are not registered" in error.message
