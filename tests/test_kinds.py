"""A kind is one definition, and is on every floor: what is missing is named with its file."""

import ast
import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import get_args

import pytest
import test_contract as contract
from provider_samples import CHILDREN, RECORDS, manifest_of_samples
from pydantic import TypeAdapter

from faketwilio.control.kinds import KINDS as IN_THE_CONSOLE
from faketwilio.hosts.registry import RESOURCES as FAKE_RESOURCES
from tenantry.model.kinds import BY_TOKEN, DANGERS, KINDS, OBJECTS, KindName
from tenantry.model.project import Stack
from tenantry.model.recorded import TOKENS
from tenantry.model.tenant import Tenant
from tenantry.model.url import CallbackUrl
from tenantry.policies.catalogue.https_urls import HTTPS_URLS
from tenantry.policies.subject import Subject
from tenantry.providers import RESOURCES

ROOT = Path(__file__).parent.parent
PAGE = "docs/contributing/adding-a-kind.md says what goes there"
ACCOUNT: KindName = "subaccount"
NAMES = sorted(path.stem for path in (ROOT / "tenantry/model").glob("*.py") if "\nKIND = " in path.read_text("utf-8"))
"""The kinds that a file of the model defines, those that somebody forgot to register too."""
MADE = {name.split("/")[1] for name in contract.SUSPENDED if "/" in name}
SAMPLES = {kind for kind, _ in CHILDREN.values()}


def _is_there(file: str) -> bool:
    return any(ROOT.glob(file))


def _is_in_the_manifest(name: str) -> bool:
    written = KINDS[name].written
    return written is None or written in Tenant.model_fields


def _is_on_the_session(name: str) -> bool:
    gateway = KINDS[name].gateway
    tree = ast.parse((ROOT / "tenantry/twilio/session.py").read_text("utf-8"))
    return any(isinstance(node, ast.Attribute) and node.attr == gateway for node in ast.walk(tree))


def _is_served(name: str) -> bool:
    return any(module.__name__.endswith(f".{name}") for modules in FAKE_RESOURCES.values() for module in modules)


EVERY_KIND: dict[str, Callable[[str], bool]] = {
    "tenantry/model/kinds.py: KINDS": lambda name: name in KINDS,
    "tenantry/model/kinds.py: KindName": lambda name: name in get_args(KindName),
    "tenantry/model/tenant.py: the key of the manifest": _is_in_the_manifest,
    "tenantry/providers/{}.py": lambda name: _is_there(f"tenantry/providers/{name}.py"),
    "tenantry/providers/__init__.py: RESOURCES": lambda name: name in RESOURCES,
    "tests/test_contract.py: TYPES": lambda name: name in contract.TYPES,
    "tests/test_contract.py: PROVIDERS": lambda name: name in contract.PROVIDERS,
    "tests/test_contract.py: SUSPENDED": lambda name: name in MADE or name in ("fleet", ACCOUNT),
    "tests/providers/provider_samples.py: CHILDREN": lambda name: name in SAMPLES or name in RECORDS,
}
"""Each place that every kind has, and whether a kind is there."""

AT_TWILIO: dict[str, Callable[[str], bool]] = {
    "tenantry/twilio/{}.py": lambda name: _is_there(f"tenantry/twilio/{name}.py"),
    "faketwilio/hosts/<host>/{}.py": lambda name: _is_there(f"faketwilio/hosts/**/{name}.py"),
    "faketwilio/hosts/registry.py: RESOURCES": _is_served,
    "faketwilio/control/kinds.py: KINDS": lambda name: name in IN_THE_CONSOLE,
    "tests/twilio/test_twilio_{}.py": lambda name: _is_there(f"tests/twilio/test_twilio_{name}.py"),
    "tests/fake/test_fake_{}.py": lambda name: _is_there(f"tests/fake/test_fake_{name}.py"),
}
"""And those of a kind that is an object at Twilio."""

IN_AN_ACCOUNT: dict[str, Callable[[str], bool]] = {
    "tenantry/twilio/session.py: the gateway's attribute": _is_on_the_session,
}
"""And those of an object in a subaccount."""


def places() -> Iterator[tuple[str, str]]:
    for name in NAMES:
        kind = KINDS.get(name)
        is_object = kind is None or kind.sid is not None
        in_account = kind is None or kind.gateway is not None
        for place in (*EVERY_KIND, *(AT_TWILIO if is_object else ()), *(IN_AN_ACCOUNT if in_account else ())):
            yield name, place


@pytest.mark.parametrize(("name", "place"), list(places()))
def test_every_kind_is_on_every_floor(name, place):
    is_there = {**EVERY_KIND, **AT_TWILIO, **IN_AN_ACCOUNT}[place]
    assert name in KINDS or place.startswith("tenantry/model/kinds.py"), f"{name} is not in tenantry/model/kinds.py"
    assert is_there(name), f"{name} is missing: {place.format(name)}; {PAGE}"


@pytest.mark.parametrize("folder", ["tenantry", "faketwilio", "tests"])
def test_no_skeleton_of_a_kind_is_left(folder):
    own_files = {Path(__file__), ROOT / "tests/test_new_kind.py"}
    lines = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in sorted((ROOT / folder).rglob("*.py"))
        if path not in own_files
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if "FILL IN" in line
    ]
    assert not lines, "\n" + "\n".join(lines)


def test_the_registry_and_the_literal_agree():
    assert tuple(KINDS) == get_args(KindName)
    assert [kind.name for kind in KINDS.values()] == list(KINDS)


@pytest.mark.parametrize("name", KINDS)
def test_providers_are_of_the_kinds_definition(name):
    kind, resource = KINDS[name], RESOURCES[name]
    assert resource.token == kind.token
    assert resource.token.startswith(TOKENS)
    assert resource.provider.spec is kind.spec
    assert getattr(resource.provider, "kind", name) == name


def test_tokens_and_attributes_are_of_one_kind_each():
    assert len(BY_TOKEN) == len(KINDS)
    assert len({KINDS[name].gateway for name in OBJECTS}) == len(OBJECTS)


@pytest.mark.parametrize("name", OBJECTS)
def test_sids_begin_in_the_model_as_in_the_fake(name):
    assert KINDS[name].sid == IN_THE_CONSOLE[name].prefix


@pytest.mark.parametrize("name", OBJECTS)
def test_the_fake_serves_a_kind_at_each_of_its_hosts(name):
    served = {host for host, modules in FAKE_RESOURCES.items() if any(m.__name__.endswith(f".{name}") for m in modules)}
    assert served == set(KINDS[name].hosts)


@pytest.mark.parametrize("name", KINDS)
def test_a_link_leads_to_a_kind_that_comes_before(name):
    order = list(KINDS)
    assert all(order.index(other) < order.index(name) for other in KINDS[name].links.values())


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if kind.entry is not None and not kind.links])
def test_every_callback_url_of_an_entry_is_named(name):
    pattern = json.dumps(TypeAdapter(CallbackUrl).json_schema()["pattern"])
    properties = KINDS[name].entry.model_json_schema()["properties"]
    urls = {field for field, schema in properties.items() if pattern in json.dumps(schema)}
    assert urls == set(KINDS[name].callbacks), "name them in callbacks, so that the rules about URLs see them"


@pytest.mark.parametrize("name", KINDS)
def test_every_renamed_field_is_one_of_the_entry(name):
    kind = KINDS[name]
    assert all(field.partition(".")[0] in {*kind.spec.model_fields, "status"} for field in kind.fields)
    if kind.entry is not None:
        assert set(kind.fields.values()) <= kind.entry.model_fields.keys()


def test_a_name_of_a_danger_has_one_sentence():
    dangers = [danger for kind in KINDS.values() for danger in kind.dangers]
    assert all(DANGERS[danger.name].sentence == danger.sentence for danger in dangers)


CALLBACKS = [(name, field) for name, kind in KINDS.items() for field in kind.callbacks]


@pytest.mark.parametrize(("name", "field"), CALLBACKS)
def test_rules_refuse_an_http_url_in_every_callback(name, field):
    kind = KINDS[name]
    written = manifest_of_samples()
    entries = written[kind.written] if kind.only_key is None else {"": written[kind.written]}
    for entry in entries.values():
        entry[field] = "http://hooks.owl.example/clear"
    tenant = Tenant.model_validate({"tenant": "acme", "name": "Acme", **written})
    subject = Subject(tenant, Stack("dev", None, "tenants", None), date(2026, 11, 22))
    paths = [found.path for found in HTTPS_URLS.check(subject, HTTPS_URLS.parameters())]
    assert paths == [kind.path(key, field) for key in entries]
