"""`tenantry export`: who the tenants are in Twilio, for scripts, spreadsheets and applications."""

import os
from collections.abc import Iterator
from pathlib import Path

import click

from tenantry.cli.options import only_option, project_option, stack_option
from tenantry.cli.stack import Opened, fail, open_stack
from tenantry.cli.terminal import tell_lines
from tenantry.engine.run.command import CommandError, Project
from tenantry.engine.state.deployment import StateResource, load_state
from tenantry.operations.export.gather import ExportError, Key, gather, not_applied
from tenantry.operations.export.gather import only as only_these
from tenantry.operations.export.secret_files import KeySecret, key_secrets, write_secrets
from tenantry.operations.export.values import Export
from tenantry.operations.export.work_tree import refuse_seen
from tenantry.reports.export.as_csv import as_csv
from tenantry.reports.export.as_env import ChosenKey, as_env, chosen_key, the_tenant
from tenantry.reports.export.as_json import as_json
from tenantry.text.some import first_of
from tenantry.text.wrapping import sentence

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
    try:
        exported, state = _gathered(open_stack(root, stack), only, folder)
        if folder is not None and not even_in_git:
            refuse_seen(folder, _names(exported, state), os.environ)
        click.echo(_answer(exported, state, form, key, folder), nl=False)
    except ExportError as error:
        fail(str(error))


def _gathered(opened: Opened, only: tuple[str, ...], folder: Path | None) -> tuple[Export, tuple[StateResource, ...]]:
    state = _state(opened.project, with_secrets=folder is not None)
    exported = gather(opened.project.stack, opened.loaded.tenants, state)
    exported = only_these(exported, only) if only else exported
    if lacking := not_applied(exported):
        _warn(f"{first_of(lacking, NAMED)}: without an account until `tenantry up` has made it")
    return exported, state


def _state(project: Project, *, with_secrets: bool) -> tuple[StateResource, ...]:
    try:
        return load_state(project, show_secrets=with_secrets)
    except CommandError as error:
        raise ExportError(
            f"Reading the state of the stack '{project.stack}' failed: {str(error).rstrip('.')}; nothing was exported. "
            "`pulumi stack ls` names the stacks, `tenantry doctor` says what is missing"
        ) from error


def _answer(
    exported: Export, state: tuple[StateResource, ...], form: str, name: str | None, folder: Path | None
) -> str:
    if form == "env":
        return _env(exported, state, name, folder)
    if folder is not None:
        _secrets_written(exported, state, folder)
    return as_csv(exported) if form == "csv" else as_json(exported)


def _env(exported: Export, state: tuple[StateResource, ...], name: str | None, folder: Path | None) -> str:
    tenant = the_tenant(exported)
    key = chosen_key(tenant, name)
    if key is None:
        _warn(f"{tenant.tenant} has no API key; its application needs one, see api_keys in docs/manifest.md")
    files = _secrets_written(exported, state, folder) if folder is not None else {}
    return as_env(tenant, key, _file_of(key, tenant.tenant, files))


def _file_of(key: ChosenKey | None, slug: str, files: dict[tuple[str, Key], Path]) -> Path | None:
    return files.get((slug, Key(key.name, key.generation))) if key else None


def _names(exported: Export, state: tuple[StateResource, ...]) -> Iterator[str]:
    """Yield the names that are written, also while a file is not finished."""
    for key in key_secrets(state, {tenant.tenant for tenant in exported.tenants}):
        if key.secret:
            yield from (key.file_name, f"{key.unfinished_name}x")


def _secrets_written(exported: Export, state: tuple[StateResource, ...], folder: Path) -> dict[tuple[str, Key], Path]:
    keys = key_secrets(state, {tenant.tenant for tenant in exported.tenants})
    files = write_secrets(folder, keys)
    if unknown := [_called(key) for key in keys if not key.secret]:
        _warn(
            f"{first_of(unknown, NAMED)}: no file, because the secret is unknown: Twilio tells it only to who makes a "
            "key, and this one was adopted or taken over. Add a generation to get a key with a secret"
        )
    return dict(files)


def _called(key: KeySecret) -> str:
    return f"{key.tenant} {key.key.name}#{key.key.generation} ({key.sid})"


def _warn(text: str) -> None:
    tell_lines([sentence(f"warning: {text}")], err=True)
