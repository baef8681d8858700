import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tenantry.cli.schema import schema

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("kind", ["tenant", "layer", "project", "policies", "waivers"])
def test_a_schema_is_printed_as_json(kind):
    result = CliRunner().invoke(schema, [kind])
    assert (result.exit_code, json.loads(result.stdout)["$schema"]) == (
        0,
        "https://json-schema.org/draft/2020-12/schema",
    )


def test_all_files_are_written(tmp_path):
    CliRunner().invoke(schema, ["--write", str(tmp_path)])
    committed = {f"schemas/{path.name}" for path in (ROOT / "schemas").iterdir()}
    assert {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*")} == {
        "docs/manifest.md",
        "docs/policies.md",
        *committed,
    }


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "schemas").write_text("a file")
    result = CliRunner().invoke(schema, ["--write", str(tmp_path)])
    assert (result.exit_code, result.stderr) == (
        1,
        f"Error: can't write {tmp_path}/schemas/tenant.schema.json: File exists; name another folder\n",
    )
