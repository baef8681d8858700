import json

import pytest
from click.testing import CliRunner

from tenantry.cli.schema import schema


@pytest.mark.parametrize("kind", ["tenant", "layer", "project", "policies", "waivers"])
def test_a_schema_is_printed_as_json(kind):
    result = CliRunner().invoke(schema, [kind])
    assert (result.exit_code, json.loads(result.stdout)["$schema"]) == (
        0,
        "https://json-schema.org/draft/2020-12/schema",
    )


def test_all_files_are_written(tmp_path):
    CliRunner().invoke(schema, ["--write", str(tmp_path)])
    assert sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*")) == [
        "docs/manifest.md",
        "docs/policies.md",
        "schemas/access-report.schema.json",
        "schemas/access.schema.json",
        "schemas/bill.schema.json",
        "schemas/credits-liability.schema.json",
        "schemas/credits.schema.json",
        "schemas/customer-health.schema.json",
        "schemas/customer-usage.schema.json",
        "schemas/customer.schema.json",
        "schemas/drift.schema.json",
        "schemas/export.schema.json",
        "schemas/health.schema.json",
        "schemas/internal-statement.schema.json",
        "schemas/layer.schema.json",
        "schemas/ledger.schema.json",
        "schemas/plan.schema.json",
        "schemas/policies.schema.json",
        "schemas/project.schema.json",
        "schemas/secrets.schema.json",
        "schemas/statement.schema.json",
        "schemas/statements.schema.json",
        "schemas/status.schema.json",
        "schemas/suspension.schema.json",
        "schemas/tenant.schema.json",
        "schemas/up.schema.json",
        "schemas/usage-explanation.schema.json",
        "schemas/usage.schema.json",
        "schemas/validate.schema.json",
        "schemas/waivers.schema.json",
    ]


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "schemas").write_text("a file")
    result = CliRunner().invoke(schema, ["--write", str(tmp_path)])
    assert (result.exit_code, result.stderr) == (
        1,
        f"Error: can't write {tmp_path}/schemas/tenant.schema.json: File exists; name another folder\n",
    )
