"""`tenantry schema`: the JSON Schemas of the files that people write, and their reference."""

from pathlib import Path

import click

from tenantry.manifest.reference import reference
from tenantry.manifest.schema import SCHEMAS, written
from tenantry.reports.export.as_json import schema_text


@click.command()
@click.argument("file", type=click.Choice(list(SCHEMAS)), default="tenant")
@click.option(
    "--write",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write DIR/schemas and DIR/docs/manifest.md instead.",
)
def schema(file: str, folder: Path | None) -> None:
    """Print the JSON Schema of a file: of a tenant, of a layer (defaults, a plan, a profile), or of the project."""
    if folder is None:
        click.echo(written(SCHEMAS[file]()), nl=False)
        return
    for name, text in generated().items():
        target = folder / name
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        except OSError as error:
            raise click.ClickException(f"can't write {target}: {error.strerror}; name another folder") from error
        click.echo(f"wrote {target}")


def generated() -> dict[str, str]:
    """Return every generated file with its text, by its name below the project."""
    schemas = {f"schemas/{name}.schema.json": written(make()) for name, make in SCHEMAS.items()}
    return {**schemas, "schemas/export.schema.json": schema_text(), "docs/manifest.md": reference()}
