"""The story of an export: the state and the manifests are read, and secrets go to files; Twilio is not asked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tenantry.engine.run.command import CommandError, Project
from tenantry.engine.state.deployment import StateResource, load_state
from tenantry.operations.export.gather import ExportError, find_not_applied, gather, select_tenants
from tenantry.operations.export.secret_files import file_name, name_unfinished, write_secrets
from tenantry.operations.export.values import Export
from tenantry.operations.export.work_tree import refuse_seen
from tenantry.operations.key_secrets import Key, StoredKey, read_stored_keys
from tenantry.operations.ledger.held import read_held
from tenantry.operations.ledger.opening import Place
from tenantry.operations.stack.open import Opened


@dataclass(frozen=True)
class StackExport:
    """What is exported of a stack, and the state that it comes from."""

    export: Export
    state: tuple[StateResource, ...]
    problem: str | None = None
    """Why reasons of suspensions are not known."""

    @property
    def without_account(self) -> tuple[str, ...]:
        """The tenants whose account is not made yet."""
        return find_not_applied(self.export)

    @property
    def keys(self) -> tuple[StoredKey, ...]:
        """The keys of its tenants; with their secrets, if the state was read with them."""
        return read_stored_keys(self.state, {tenant.tenant for tenant in self.export.tenants})


@dataclass(frozen=True)
class SecretFiles:
    """The files that were written, and the keys whose secret is unknown."""

    files: Mapping[tuple[str, Key], Path]
    unknown: tuple[StoredKey, ...]


def read_export(opened: Opened, slugs: tuple[str, ...], *, with_secrets: bool) -> StackExport:
    """Return the export of a stack, or of these tenants alone; raises ExportError."""
    state = _read_state(opened.project, with_secrets=with_secrets)
    held = read_held(Place(opened.project.folder, opened.loaded.stack, opened.project.environ))
    export = gather(opened.project.stack, opened.loaded.tenants, state, held)
    return StackExport(select_tenants(export, slugs) if slugs else export, state, held.problem)


def refuse_seen_secrets(exported: StackExport, folder: Path, environ: Mapping[str, str]) -> None:
    """Raise ExportError if git would see a secret in a folder."""
    refuse_seen(folder, _list_file_names(exported), environ)


def write_secret_files(exported: StackExport, folder: Path) -> SecretFiles:
    """Write the secret of each key to a file of a folder; raises ExportError."""
    keys = exported.keys
    return SecretFiles(write_secrets(folder, keys), tuple(key for key in keys if not key.secret))


def _read_state(project: Project, *, with_secrets: bool) -> tuple[StateResource, ...]:
    try:
        return load_state(project, show_secrets=with_secrets)
    except CommandError as error:
        raise ExportError(
            f"Reading the state of the stack '{project.stack}' failed: {str(error).rstrip('.')}; nothing was exported. "
            "`pulumi stack ls` names the stacks, `tenantry doctor` says what is missing"
        ) from error


def _list_file_names(exported: StackExport) -> Iterator[str]:
    """Yield the names that are written, also while a file is not finished."""
    for key in exported.keys:
        if key.secret:
            yield from (file_name(key), f"{name_unfinished(key)}x")
