"""`tenantry export`: who the tenants are in Twilio, for scripts, spreadsheets and applications."""

import os
from collections.abc import Mapping
from pathlib import Path

import click

from tenantry.cli.options import only_option, project_option, stack_option
from tenantry.cli.stack import end_on_errors, fail, warn
from tenantry.operations.export.choose import choose_key, find_only_tenant
from tenantry.operations.export.story import StackExport, read_export, refuse_seen_secrets, write_secret_files
from tenantry.operations.key_secrets import Key
from tenantry.operations.stack.open import open_stack
from tenantry.reports.export.as_csv import as_csv
from tenantry.reports.export.as_env import as_env
from tenantry.reports.export.as_json import as_json
from tenantry.text.some import first_of

NAMED = 10


@click.command()
@project_option
@stack_option
@only_option
@click.option(
    "--format", "form", type=click.Choice(["json", "csv", "env"]), default="json", show_default=True, help="How."
)
@click.option("--key", metavar="NAME", help="With --format env: the API key to use, if the tenant has several.")
@click.option(
    "--secrets-to",
    "folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write the secret of each API key to a file in DIR, readable by you alone.",
)
@click.option("--even-in-git", is_flag=True, help="Write secrets into a git work tree, though git would see them.")
def export(
    root: Path,
    stack: str | None,
    only: tuple[str, ...],
    form: str,
    key: str | None,
    folder: Path | None,
    *,
    even_in_git: bool,
) -> None:
    """Export accounts, keys and settings of the tenants, from the stack's state and the manifests.

    Nothing is asked of Twilio, and no secret is printed: those go to files, with --secrets-to.
    """
    if key is not None and form != "env":
        fail(f"--key is for --format env; --format {form} has every key")
    with end_on_errors():
        exported = read_export(open_stack(root, stack, os.environ), only, with_secrets=folder is not None)
        if exported.problem is not None:
            warn(exported.problem)
        if exported.without_account:
            warn(f"{first_of(exported.without_account, NAMED)}: without an account until `tenantry up` has made it")
        if folder is not None and not even_in_git:
            refuse_seen_secrets(exported, folder, os.environ)
        click.echo(_render(exported, form, key, folder), nl=False)


def _render(exported: StackExport, form: str, name: str | None, folder: Path | None) -> str:
    """Return the export in a format, and write the secrets where they are to go."""
    if form == "env":
        return _render_env(exported, name, folder)
    if folder is not None:
        _write_secrets(exported, folder)
    return as_csv(exported.export) if form == "csv" else as_json(exported.export)


def _render_env(exported: StackExport, name: str | None, folder: Path | None) -> str:
    tenant = find_only_tenant(exported.export)
    key = choose_key(tenant, name)
    if key is None:
        warn(f"{tenant.tenant} has no API key; its application needs one, see api_keys in docs/manifest.md")
    files = _write_secrets(exported, folder) if folder is not None else {}
    file = files.get((tenant.tenant, Key(key.name, key.generation))) if key else None
    return as_env(tenant, key, file)


def _write_secrets(exported: StackExport, folder: Path) -> Mapping[tuple[str, Key], Path]:
    written = write_secret_files(exported, folder)
    if written.unknown:
        names = [f"{key.tenant} {key.key.name}#{key.key.generation} ({key.sid})" for key in written.unknown]
        warn(
            f"{first_of(names, NAMED)}: no file, because the secret is unknown: Twilio shows it only to who makes a "
            "key, and this one was adopted or taken over. Add a generation to get a key with a secret"
        )
    return written.files
