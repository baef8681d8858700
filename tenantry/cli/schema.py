"""`tenantry schema`: the JSON Schemas of the files that people write, and their reference."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from tenantry.manifest.reference import reference
from tenantry.manifest.schema import SCHEMAS, format_schema
from tenantry.policies.own import RulesError, rules_of
from tenantry.policies.reference import reference as policies_reference
from tenantry.policies.schema import policies_schema, waivers_schema
from tenantry.reports.access.as_json import access_report_schema
from tenantry.reports.bill.as_json import (
    bill_schema,
    internal_statement_schema,
    statement_schema,
    statements_schema,
)
from tenantry.reports.bill.customer_usage import customer_usage_schema
from tenantry.reports.caps.as_json import cap_act_schema, caps_schema, sweep_schema, sync_schema
from tenantry.reports.credits.documents import liabilities_schema, purchases_schema
from tenantry.reports.drift.accepted import accepted_schema
from tenantry.reports.drift.as_json import drift_schema
from tenantry.reports.erasure.as_json import erasure_schema
from tenantry.reports.error_events.as_json import errors_schema
from tenantry.reports.export.as_json import schema_text
from tenantry.reports.health.as_json import customer_health_schema, health_schema
from tenantry.reports.importing.as_json import import_schema
from tenantry.reports.ledger.as_json import ledger_schema
from tenantry.reports.notices.as_json import notice_schema, notices_schema
from tenantry.reports.offboarding.as_json import offboarding_schema
from tenantry.reports.overview.as_json import customer_caps_schema
from tenantry.reports.preview.as_json import plan_schema
from tenantry.reports.retention.as_json import audit_schema, retention_schema
from tenantry.reports.rotate.as_json import rotate_schema
from tenantry.reports.secrets.as_json import secrets_schema
from tenantry.reports.status.as_json import status_schema
from tenantry.reports.suspensions.as_json import suspension_schema
from tenantry.reports.up.as_json import up_schema
from tenantry.reports.usage.as_json import explanation_schema, usage_schema
from tenantry.reports.validate.as_json import validate_schema

OUTPUTS: dict[str, Callable[[], dict[str, Any]]] = {
    "validate": validate_schema,
    "plan": plan_schema,
    "up": up_schema,
    "drift": drift_schema,
    "usage": usage_schema,
    "usage-explanation": explanation_schema,
    "ledger": ledger_schema,
    "bill": bill_schema,
    "statement": statement_schema,
    "statements": statements_schema,
    "internal-statement": internal_statement_schema,
    "customer-usage": customer_usage_schema,
    "credits": purchases_schema,
    "credits-liability": liabilities_schema,
    "suspension": suspension_schema,
    "secrets": secrets_schema,
    "rotate": rotate_schema,
    "import": import_schema,
    "caps": caps_schema,
    "cap-act": cap_act_schema,
    "sweep": sweep_schema,
    "sync": sync_schema,
    "notices": notices_schema,
    "notice": notice_schema,
    "errors": errors_schema,
    "customer-caps": customer_caps_schema,
    "retention": retention_schema,
    "retention-audit": audit_schema,
    "drift-accept": accepted_schema,
    "erasure": erasure_schema,
    "offboarding": offboarding_schema,
    "status": status_schema,
    "access-report": access_report_schema,
    "health": health_schema,
    "customer-health": customer_health_schema,
}
"""What commands print with `--format json`, by the name of its schema; a command's own name where it prints one shape.

The exceptions: plan is of `preview`, usage-explanation of `usage --explain`, statement and statements of
`bill --for customer`, internal-statement a part of bill, customer-usage of `bill --format usage`, customer-caps of
the receiver's usage.json, credits-liability of `credits --liability`, suspension of `suspend` and `resume`.
"""


@click.command()
@click.argument("file", type=click.Choice([*SCHEMAS, "policies", "waivers", "export", *OUTPUTS]), default="tenant")
@click.option(
    "--write",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write DIR/schemas, DIR/docs/manifest.md and DIR/docs/policies.md instead.",
)
def schema(file: str, folder: Path | None) -> None:
    """Print the JSON Schema of a file.

    Of one that people write: a tenant, a layer (defaults, a plan, a profile), the project, the settings of its rules,
    waivers. Or of what a command prints with --format json, by the command's name; plan is of preview.
    """
    try:
        texts = generate(folder or Path())
    except RulesError as error:
        raise click.ClickException(str(error)) from error
    if folder is None:
        click.echo(texts[f"schemas/{file}.schema.json"], nl=False)
        return
    for name, text in texts.items():
        target = folder / name
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        except OSError as error:
            raise click.ClickException(f"can't write {target}: {error.strerror}; name another folder") from error
        click.echo(f"wrote {target}")


def generate(root: Path = Path()) -> dict[str, str]:
    """Return every generated file with its text, by its name below the project; it may have rules of its own."""
    rules = rules_of(root)
    schemas = {
        **{name: make() for name, make in SCHEMAS.items()},
        "policies": policies_schema(rules),
        "waivers": waivers_schema(rules),
        **{name: make() for name, make in OUTPUTS.items()},
    }
    return {
        **{f"schemas/{name}.schema.json": format_schema(schema) for name, schema in schemas.items()},
        "schemas/export.schema.json": schema_text(),
        "docs/manifest.md": reference(),
        "docs/policies.md": policies_reference(rules),
    }
