"""`tenantry init`: a new project, complete enough for a first `up`."""

from pathlib import Path
from shlex import quote

import click

from tenantry.template import NotEmptyError, write_project


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
def init(folder: Path) -> None:
    """Write a new project into DIR, a new or empty folder. Nothing is overwritten."""
    try:
        files = write_project(folder)
    except NotEmptyError as error:
        raise click.ClickException(f"{error}; nothing was written, name a new or empty folder") from error
    except OSError as error:
        raise click.ClickException(f"can't write the project to {folder}: {error}; name another folder") from error
    click.echo(f"wrote {len(files)} files to {folder}")
    click.echo(_describe_next(folder))


def _describe_next(folder: Path) -> str:
    steps = {
        f"cd {quote(str(folder))}": "",
        "uv sync": "Tenantry and Pulumi's SDK into .venv",
        "uv run tenantry validate": "every manifest, without credentials",
        "uv run tenantry show acme": "what one of them comes to",
        "uv run tenantry doctor": "what is still missing",
        "pulumi stack init dev": "a stack; each is one Twilio parent account",
        "uv run tenantry preview": "what a first `up` would make",
    }
    widest = max(map(len, steps))
    return "\n".join(["next:", *(f"  {step:{widest}}  # {why}" if why else f"  {step}" for step, why in steps.items())])
