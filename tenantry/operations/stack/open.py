"""Opening a stack before Pulumi runs: its manifests are read first, so that nothing starts on an error."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from tenantry.engine.install.find import Engine, NoEngineError, find_engine
from tenantry.engine.run.command import CommandError, Project
from tenantry.engine.run.kept_keys import RETIRE_VARIABLE
from tenantry.engine.state.deployment import StateResource, load_state, selected_stack
from tenantry.manifest.load import Loaded, load_or_refuse
from tenantry.manifest.problem import ManifestError
from tenantry.manifest.sentence import did_you_mean
from tenantry.operations.errors import StoppedError
from tenantry.operations.stack.run import find_way_out
from tenantry.operations.stack.variables import STACK, list_variables

WITHOUT_STATE = "With --without-state, Tenantry finds everything in Twilio by `adopt`, otherwise by name."
"""What to do where a state can't be read, for commands that have the option."""


@dataclass(frozen=True)
class Opened:
    """A stack that is ready to run: its project, and its manifests, which have no error."""

    project: Project
    loaded: Loaded


def open_stack(
    root: Path,
    stack: str | None,
    environ: Mapping[str, str],
    *,
    closing: Collection[str] = (),
    recover: bool = False,
    retire: Collection[str] = (),
) -> Opened:
    """Return a stack that is ready to run; raises StoppedError with what is wrong, before it starts anything.

    `closing` are the tenants that its runs may close; `recover` says that its state was lost; `retire` are the keys,
    `acme/web`, of which its runs may delete generations whose successor is not proven.
    """
    try:
        project = find_project(root, stack, environ)
        loaded = load_or_refuse(root, project.stack)
    except (NoEngineError, CommandError, ManifestError) as error:
        raise StoppedError(str(error)) from error
    variables = list_variables(project.stack, environ, closing=closing, recover=recover)
    if retire:
        refuse_unknown_keys(loaded, retire, "--retire-unproven")
        variables[RETIRE_VARIABLE] = ",".join(sorted(retire))
    return Opened(replace(project, environ={**project.environ, **variables}), loaded)


def refuse_unknown_keys(loaded: Loaded, names: Iterable[str], option: str) -> None:
    """Raise StoppedError for a name, `acme/web`, that no manifest has."""
    known = {f"{slug}/{key}" for slug, tenant in loaded.tenants.items() for key in tenant.api_keys}
    for name in names:
        if name not in known:
            hint = did_you_mean(name, sorted(known)) or "; write TENANT/KEY, such as acme/web"
            raise StoppedError(f"{option} {name}: no manifest has such an API key{hint}. Nothing was changed.")


def find_project(root: Path, stack: str | None, environ: Mapping[str, str]) -> Project:
    """Return the project with the named stack, or the one that is selected.

    Raises NoEngineError, CommandError, and ManifestError where the folder holds no project.
    """
    engine = find_engine(environ)
    name = stack or environ.get(STACK) or _find_selected(root, engine, environ)
    return Project(root.resolve(), name, engine, environ)


def name_stack(root: Path, stack: str | None, environ: Mapping[str, str]) -> str | None:
    """Return the stack whose rows of the ledger are meant, also where its state is not read; raises StoppedError.

    It is the one of which a run reads the state, or a month would be closed twice, under two names. Only a folder
    that is no project of Pulumi has none.
    """
    named = stack or environ.get(STACK)
    if named or not (root / "Pulumi.yaml").is_file():
        return named or None
    try:
        return _find_selected(root, find_engine(environ, install=None), environ)
    except NoEngineError as error:
        raise StoppedError(f"{error}\nOr name the stack with --stack.") from error
    except (CommandError, ManifestError) as error:
        raise StoppedError(str(error)) from error


def load_manifests(root: Path, stack: str | None) -> Loaded:
    """Return the manifests of a stack that no engine is needed for; raises StoppedError with all their errors."""
    try:
        return load_or_refuse(root, stack)
    except ManifestError as error:
        raise StoppedError(str(error)) from error


def read_state_of(
    opened: Opened, consequence: str, otherwise: str, *, show_secrets: bool = False
) -> tuple[StateResource, ...]:
    """Return our resources in the state of a stack; raises StoppedError, which says what that comes to.

    `otherwise` is what to do where we don't know a way out of Pulumi's own words.
    """
    try:
        return load_state(opened.project, show_secrets=show_secrets)
    except CommandError as error:
        way = find_way_out(opened.project, str(error)) or f"\n{otherwise}"
        raise StoppedError(f"{error}\n{consequence}{way}") from error


def _find_selected(root: Path, engine: Engine, environ: Mapping[str, str]) -> str:
    """Return the stack that Pulumi has selected; in a folder without a project, that is the error."""
    if not root.is_dir():  # where Pulumi could not even be started
        load_or_refuse(root, None)
    try:
        return selected_stack(root.resolve(), engine, environ)
    except CommandError as error:
        load_or_refuse(root, None)
        raise CommandError(f"{error}\nName a stack with --stack, or choose one with `pulumi stack select`.") from None
