"""Which part of a state the preview of some tenants needs: what they need, and all that is not plain."""

import pytest

from tenantry.engine.events.event import same_events
from tenantry.engine.run.part_of_state import part_resources

STACK = "urn:pulumi:dev::owl::pulumi:pulumi:Stack::owl-dev"
PROVIDER = "urn:pulumi:dev::owl::pulumi:providers:pulumi-python::default"
TENANT = "tenantry:index:Tenant"
TOKEN = "pulumi-python:dynamic/twilio:Thing"


def component(slug: str) -> str:
    return f"urn:pulumi:dev::owl::{TENANT}::{slug}"


def thing(name: str) -> str:
    return f"urn:pulumi:dev::owl::{TENANT}${TOKEN}::{name}"


def entry(urn: str, **fields) -> dict:
    return {"urn": urn, "type": urn.split("::")[2].rpartition("$")[2], **fields}


def tenant(slug: str, **fields) -> list[dict]:
    """Return the entries of a tenant with an account and a key, which `fields` are of."""
    common = {"parent": component(slug), "provider": f"{PROVIDER}::some-id"}
    key = {"dependencies": [thing(slug)], "deletedWith": thing(slug), **common, **fields}
    return [
        entry(component(slug), parent=STACK),
        entry(thing(slug), **common),
        entry(thing(f"{slug}/key"), **key),
    ]


BASE = [entry(STACK), entry(PROVIDER), entry("urn:pulumi:dev::owl::pulumi-python:dynamic/twilio:Fleet::fleet")]
BESIDE = ["owl-dev", "default", "fleet"]


def names(resources) -> list[str]:
    return [resource["urn"].split("::", 3)[-1] for resource in resources]


def part(*tenants: list[dict], slugs=("acme",)) -> list[str]:
    """Return the names of what is kept, and check that all else is left out."""
    state = [*BASE, *(resource for resources in tenants for resource in resources)]
    parted = part_resources(state, frozenset(slugs))
    assert sorted(names(parted.kept) + names(parted.omitted)) == sorted(names(state))
    return names(parted.kept)


ACME = ["acme", "acme", "acme/key"]


def test_a_tenant_is_kept_with_the_stack_and_without_other_tenants():
    assert part(tenant("acme"), tenant("acme-2"), tenant("birch")) == BESIDE + ACME
    assert part(tenant("acme"), tenant("birch"), slugs=["new"]) == BESIDE


@pytest.mark.parametrize("field", ["parent", "deletedWith", "dependencies", "replaceWith", "propertyDependencies"])
def test_what_a_tenant_needs_of_another_is_kept_with_its_own_needs(field):
    needed = thing("acme-2/key")
    value = {"dependencies": [needed], "replaceWith": [needed], "propertyDependencies": {"size": [needed]}}
    kept = part(tenant("acme-2"), tenant("acme", **{field: value.get(field, needed)}), tenant("birch"))
    assert kept == [*BESIDE, "acme-2", "acme-2", "acme-2/key", *ACME]


def test_what_depends_on_a_tenant_is_kept():
    follower = tenant("birch", dependencies=[thing("acme/key")])
    assert part(tenant("acme"), tenant("acme-2"), follower) == [*BESIDE, *ACME, "birch", "birch", "birch/key"]


def test_a_resource_named_otherwise_below_a_tenant_is_kept():
    stray = entry(thing("bucket"), parent=component("acme"))
    assert part(tenant("acme"), [stray], tenant("birch")) == [*BESIDE, *ACME, "bucket"]


@pytest.mark.parametrize(
    "field",
    ["delete", "pendingReplacement", "external", "taint", "refreshBeforeUpdate", "initErrors", "fieldOfNextYear"],
)
def test_what_is_not_plain_is_kept_whosever_it_is(field):
    assert part(tenant("acme"), tenant("birch", **{field: True})) == [*BESIDE, *ACME, "birch", "birch", "birch/key"]


def test_both_halves_of_a_replacement_are_kept_whichever_comes_first():
    new, old = (entry(thing("birch/key"), parent=component("birch"), **half) for half in ({}, {"delete": True}))
    for halves in ([new, old], [old, new]):
        kept = part(tenant("acme"), tenant("birch")[:2], halves)
        assert kept == [*BESIDE, *ACME, "birch", "birch/key", "birch/key"]


def test_resources_of_others_are_kept_with_the_tenant_that_they_need():
    other = entry(f"urn:pulumi:dev::owl::{TENANT}$aws:s3:Bucket::birch/bucket", parent=component("birch"))
    assert part(tenant("acme"), tenant("birch"), [other]) == [*BESIDE, *ACME, "birch", "birch/bucket"]


def test_an_omitted_resource_is_reported_as_unchanged():
    resource = {**tenant("birch", outputs={"name": "n"})[2], "id": "SK1"}
    before, after = same_events(resource)
    assert (before.op, before.name, before.id, before.changes) == ("same", "birch/key", "SK1", ())
    assert after.outputs == {"name": "n"}
