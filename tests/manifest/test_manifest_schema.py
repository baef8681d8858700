import json
from functools import cache
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator
from test_manifest_urls import TAKEN

from tenantry.cli.schema import generate
from tenantry.manifest.schema import REWRITE, SCHEMAS
from tenantry.manifest.yaml.reader import read
from tenantry.manifest.yaml.tree import plain
from tenantry.model.tenant import TENANT_ONLY

ROOT = Path(__file__).parents[2]
STARTER = ROOT / "tenantry" / "template" / "project"
LAYERS = ("defaults.yaml", "plans/*.yaml", "profiles/*.yaml")


def files(*patterns: str) -> list[Path]:
    return [path for root in (ROOT, STARTER) for pattern in patterns for path in sorted(root.glob(pattern))]


@cache
def validator(kind: str) -> Draft202012Validator:
    return Draft202012Validator(SCHEMAS[kind]())


def errors(kind: str, value: object) -> list[str]:
    return [error.json_path for error in validator(kind).iter_errors(value)]


def data_of(path: Path):
    return json.loads(json.dumps(plain(read(path.parent, path).node), default=float))


@pytest.mark.parametrize("kind", SCHEMAS)
def test_a_schema_is_a_json_schema(kind):
    Draft202012Validator.check_schema(SCHEMAS[kind]())


def test_committed_files_are_what_the_model_says():
    stale = [name for name, text in generate(ROOT).items() if (ROOT / name).read_text(encoding="utf-8") != text]
    assert stale == [], f"run: {REWRITE}"


@pytest.mark.parametrize("path", files("tenants/**/*.yaml"), ids=lambda path: path.stem)
def test_every_sample_tenant_fits_the_schema(path):
    assert errors("tenant", data_of(path)) == []


@pytest.mark.parametrize("path", files(*LAYERS), ids=lambda path: path.stem)
def test_every_sample_layer_fits_the_schema(path):
    assert errors("layer", data_of(path)) == []


@pytest.mark.parametrize("path", files("tenantry.yaml"), ids=lambda path: path.parent.name)
def test_every_sample_project_fits_the_schema(path):
    assert errors("project", data_of(path)) == []


@pytest.mark.parametrize(("pattern", "kind"), [("tenants/**/*.yaml", "tenant"), ("tenantry.yaml", "project")])
def test_every_sample_file_names_its_schema(pattern, kind):
    for path in files(pattern):
        assert schema_named_by(path) == f"{kind}.schema.json"


def test_every_sample_layer_names_its_schema():
    assert {schema_named_by(path) for path in files(*LAYERS)} == {"layer.schema.json"}


def schema_named_by(path: Path) -> str:
    head, _, name = path.read_text(encoding="utf-8").splitlines()[0].partition("$schema=")
    assert head == "# yaml-language-server: "
    root = STARTER if path.is_relative_to(STARTER) else ROOT
    assert (path.parent / name).resolve().parent == root / "schemas"
    return Path(name).name


@pytest.mark.parametrize(
    ("kind", "text", "where"),
    [
        ("tenant", "{tenant: acme}", ["$"]),
        ("tenant", "{tenant: Acme, name: A}", ["$.tenant"]),
        ("tenant", "{tenant: acme, name: A, zzz: 1}", ["$"]),
        ("tenant", "{tenant: acme, name: A, usage_triggers: {Sms: {}}}", ["$.usage_triggers"]),
        ("tenant", "{tenant: acme, name: A, state: null}", ["$.state"]),
        ("tenant", "{tenant: acme, name: A, account: {adopt: null}}", ["$.account.adopt"]),
        ("layer", "{state: active}", ["$"]),
        ("layer", "{api_keys: {web: {adopt: SK}}}", ["$.api_keys"]),
        ("project", "{format: 1, webhooks: null}", ["$.webhooks"]),
        ("project", "{format: 1, webhooks: 'https://a.example?b'}", ["$.webhooks"]),
        ("project", "{format: 1, webhooks: 'https://a_b.example'}", ["$.webhooks"]),
        ("project", "{format: 1, webhooks: 'https://@a.example'}", ["$.webhooks"]),
        ("tenant", "{tenant: acme, name: ' '}", ["$.name"]),
        ("tenant", "{tenant: acme, name: ' A'}", ["$.name"]),
        ("tenant", "{tenant: acme, name: 'A '}", ["$.name"]),
        ("tenant", '{tenant: acme, name: "A\\nB"}', ["$.name"]),
        ("layer", "{usage_triggers: {sms: {trigger_value: -1}}}", ["$.usage_triggers"]),
        ("layer", "{usage_triggers: {sms: {trigger_value: 1000000000000000}}}", ["$.usage_triggers"]),
        ("layer", "{usage_triggers: {sms: {usage_category: 'a b'}}}", ["$.usage_triggers"]),
        ("layer", "{debugger_webhook: {url: //a.example}}", ["$.debugger_webhook"]),
        ("layer", "{debugger_webhook: {url: '/a b'}}", ["$.debugger_webhook"]),
        ("layer", "{debugger_webhook: {url: 'https://a.example/b '}}", ["$.debugger_webhook"]),
    ],
)
def test_what_the_loader_refuses_the_schema_refuses(kind, text, where):
    assert sorted(set(errors(kind, yaml.safe_load(text)))) == where


@pytest.mark.parametrize("url", [*TAKEN, "/", "/e/{tenant}?a=b#c", "/a//b"])
def test_a_url_that_the_loader_takes_the_schema_takes(url):
    assert errors("layer", {"debugger_webhook": {"url": url}}) == []


@pytest.mark.parametrize("text", ["{usage_triggers: {sms: null}}", "{retention: {calls: null}}", "{plan: null}"])
def test_null_may_remove_what_is_inherited(text):
    assert errors("layer", yaml.safe_load(text)) == []


def test_a_layer_has_no_key_that_belongs_to_tenants():
    assert not set(SCHEMAS["layer"]()["properties"]) & set(TENANT_ONLY)
    assert '"adopt"' not in json.dumps(SCHEMAS["layer"]())


def test_every_key_is_described():
    for kind, make in SCHEMAS.items():
        schema = make()
        for properties in (schema["properties"], *(part["properties"] for part in schema["$defs"].values())):
            assert [name for name, part in properties.items() if not part.get("description")] == [], kind
