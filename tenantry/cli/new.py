"""`tenantry new`: the file of a new tenant."""

from pathlib import Path

import click

from tenantry.cli.options import project_option, stack_option
from tenantry.manifest.draft import draft
from tenantry.manifest.load import load


@click.command()
@click.argument("slug")
@click.option("--name", required=True, help="Name of the customer, for people.")
@click.option("--plan", help="A file in plans, without .yaml.")
@project_option
@stack_option
def new(slug: str, name: str, plan: str | None, root: Path, stack: str | None) -> None:
    """Write tenants/SLUG.yaml. Nothing is overwritten, and nothing is sent to Twilio."""
    loaded = load(root, stack)
    if any(problem.file == "tenantry.yaml" and problem.path != "tenants" for problem in loaded.errors):
        raise click.ClickException(
            "\n".join(str(problem) for problem in loaded.errors if problem.file == "tenantry.yaml")
        )
    file = draft(root, loaded, slug, name, plan)
    if file.problems:
        raise click.ClickException("\n".join(["nothing was written:", *map(str, file.problems)]))
    try:
        file.path.parent.mkdir(parents=True, exist_ok=True)
        with file.path.open("x", encoding="utf-8") as stream:
            stream.write(file.text)
    except OSError as error:
        raise click.ClickException(f"can't write {file.path}: {error.strerror}; correct the folder") from error
    click.echo(f"wrote {file.path}\nnext: tenantry validate, then tenantry show {slug}")
