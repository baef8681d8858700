"""tools/twilio_facts turns a package of OpenAPI files into facts whose differences can be read."""

import gzip
import json
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from shape_facts import FILE, facts

TOOL = Path(__file__).parents[2] / "tools" / "twilio_facts"
FILES = ("accounts_v1", "api_v2010", "events_v1", "iam_v1", "monitor_v1")
ALERT = {
    "type": "object",
    "properties": {
        "sid": {"type": "string", "pattern": "^NO", "nullable": True},
        "price": {"nullable": True, "description": "Empty if it was free."},
        "links": {"type": "object", "format": "uri-map"},
    },
}
EXAMPLES = {
    "create": {"value": {"sid": 5, "price": "1", "links": {"call": "/a", "media": "/b"}}},
    "free": {"value": {"sid": "", "price": "0", "links": {"call": "/a"}}},
}
PATHS = {
    "/v1/Alerts": {
        "servers": [{"url": "https://monitor.twilio.com"}],
        "get": {
            "parameters": [{"name": "LogLevel", "in": "query", "schema": {"type": "string", "description": "words"}}],
            "responses": {
                "200": {
                    "content": {
                        "application/json": {
                            "schema": {
                                "properties": {
                                    "alerts": {"type": "array", "items": {"$ref": "#/components/schemas/alert"}},
                                    "meta": {"type": "object", "properties": {"key": {"type": "string"}}},
                                }
                            }
                        }
                    }
                },
                "408": {},
            },
        },
        "post": {
            "requestBody": {
                "content": {
                    "application/x-www-form-urlencoded": {
                        "schema": {
                            "properties": {"Level": {"$ref": "#/components/schemas/level"}},
                            "required": ["Level"],
                        }
                    }
                }
            },
            "responses": {
                "201": {
                    "content": {
                        "application/json": {
                            "schema": {"$ref": "#/components/schemas/alert"},
                            "examples": EXAMPLES,
                        }
                    }
                }
            },
        },
    },
    "/v1/Elsewhere": {"servers": [{"url": "https://monitor.twilio.com"}], "get": {"responses": {"204": {}}}},
}


def run(source, target):
    return subprocess.run([sys.executable, TOOL, source, target], capture_output=True, text=True, timeout=60)


@pytest.fixture
def package(tmp_path):
    """A small package with one resource that counts and one that doesn't."""
    folder = tmp_path / "package"
    (folder / "src").mkdir(parents=True)
    (folder / "package.json").write_text(json.dumps({"name": "specs", "version": "1.2.3", "license": "MIT"}))
    schemas = {"alert": ALERT, "level": {"type": "string", "enum": ["error", "warning"]}}
    for file in FILES:
        specification = {
            "info": {"license": {"name": "Apache 2.0"}},
            "paths": PATHS if file == "monitor_v1" else {},
            "components": {"schemas": schemas},
        }
        (folder / "src" / f"twilio_{file}.json").write_text(json.dumps(specification))
    return folder


@pytest.fixture
def extract(package, tmp_path):
    done = run(package, tmp_path / "facts.json")
    assert done.returncode == 0, done.stderr
    return json.loads((tmp_path / "facts.json").read_text())


def test_the_facts_say_where_they_come_from(extract):
    source = extract["source"]
    assert (source["package"], source["version"], source["licence"]) == ("specs", "1.2.3", "MIT")
    assert {about["licence"] for about in source["files"].values()} == {"Apache 2.0"}


def test_only_resources_in_scope_are_taken(extract):
    assert {host: list(known) for host, known in extract["operations"].items()} == {
        "monitor.twilio.com": ["GET /v1/Alerts", "POST /v1/Alerts"]
    }


def test_a_list_is_its_key_its_kind_and_its_objects(extract):
    listed = extract["operations"]["monitor.twilio.com"]["GET /v1/Alerts"]
    assert listed["parameters"] == {"LogLevel": {"in": "query", "type": "string"}}
    assert listed["answers"] == {"200": {"key": "alerts", "of": "alert", "list": "meta"}}
    assert extract["lists"] == {"meta": {"meta": {"type": "object", "properties": {"key": {"type": "string"}}}}}


def test_a_parameter_carries_its_choices_and_whether_it_is_required(extract):
    created = extract["operations"]["monitor.twilio.com"]["POST /v1/Alerts"]
    assert created["parameters"]["Level"] == {
        "in": "form",
        "type": "string",
        "enum": ["error", "warning"],
        "required": True,
    }


def test_an_example_that_contradicts_its_field_is_told(extract):
    sid = extract["objects"]["alert"]["sid"]
    assert (sid["type"], sid["examples_have"], sid["empty_shown"]) == ("string", ["integer"], True)


def test_a_null_is_shown_by_an_example_or_told_in_words(extract):
    fields = extract["objects"]["alert"]
    assert (fields["sid"]["null_shown"], fields["price"]["null_shown"]) == (False, True)


def test_links_that_only_some_examples_have_are_told_apart(extract):
    links = extract["objects"]["alert"]["links"]
    assert (links["links"], links["optional_links"]) == (["call", "media"], ["media"])


def test_a_tarball_gives_the_same_as_its_folder(package, extract, tmp_path):
    with tarfile.open(tmp_path / "specs.tgz", "w:gz") as archive:
        archive.add(package, "package")
    assert run(tmp_path / "specs.tgz", tmp_path / "again.json").returncode == 0
    assert json.loads((tmp_path / "again.json").read_text()) == extract


def test_a_folder_that_is_no_such_package_is_refused(tmp_path):
    done = run(tmp_path, tmp_path / "facts.json")

    assert "is it the package @twilio/cli-core?" in done.stderr
    assert not (tmp_path / "facts.json").exists()


@pytest.mark.parametrize("content", [b"<html>", gzip.compress(b"x" * 9_999, mtime=0)[:20]], ids=["page", "cut off"])
def test_a_tarball_that_is_none_is_refused(tmp_path, content):
    (tmp_path / "specs.tgz").write_bytes(content)
    done = run(tmp_path / "specs.tgz", tmp_path / "facts.json")
    assert done.returncode == 1
    assert done.stderr.startswith(f"No facts were written from {tmp_path / 'specs.tgz'}: ")
    assert "npm pack" in done.stderr


def test_a_field_of_the_committed_facts_is_one_line():
    lines = FILE.read_text(encoding="utf-8").splitlines()
    fields = [name for fields in facts()["objects"].values() for name in fields]
    assert len([line for line in lines[lines.index(' "objects": {') :] if line.startswith('   "')]) == len(fields)
