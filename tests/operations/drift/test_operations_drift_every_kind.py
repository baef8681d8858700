"""Drift looks at every kind that lives in an account, a new one too: manifests are made of the providers' samples."""

import json

import pytest
from drift_world import World
from provider_samples import manifest_of_samples

from tenantry.model.kinds import KINDS, OBJECTS


@pytest.fixture
def samples(world):
    world.apply(acme="".join(f"{key}: {json.dumps(value)}\n" for key, value in manifest_of_samples().items()))
    return world


def name_of(world: World, kind: str) -> str:
    (name,) = [name for name, created in world.state.items() if created.kind == kind]
    return name


def test_a_tenant_made_of_all_samples_has_no_finding(samples):
    assert samples.list_findings() == []
    assert {created.kind for created in samples.state.values()} >= set(OBJECTS)


@pytest.mark.parametrize("kind", OBJECTS)
def test_a_name_that_was_changed_in_the_console_is_a_finding(samples, kind):
    name = name_of(samples, kind)
    field = "friendly_name" if "friendly_name" in KINDS[kind].spec.model_fields else "description"
    samples.set(name, **{field: "by hand"})
    assert [(found.kind, found.name, found.differences[0].field) for found in samples.findings()] == [
        ("changed", name, field)
    ]


@pytest.mark.parametrize("kind", OBJECTS)
def test_what_was_deleted_in_the_console_is_a_finding(samples, kind):
    name = name_of(samples, kind)
    samples.delete(name)
    assert ("missing", name) in [(found.kind, found.name) for found in samples.findings()]


@pytest.mark.parametrize("kind", OBJECTS)
def test_what_was_made_in_the_console_is_a_finding(samples, kind):
    created = samples.put(kind, samples.sid("acme"))
    assert ("unmanaged", created) in [(found.kind, found.sid) for found in samples.findings()]
