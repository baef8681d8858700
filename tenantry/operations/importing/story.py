"""The story of an import: the parent account is read, grouped, tried, written. Twilio and the state stay as they are.

A tenant that has a manifest is not touched again, and neither is a layer; new accounts are added.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from tenantry.engine.state.deployment import StateResource
from tenantry.manifest.files import DEFAULTS, PLANS, PROJECT
from tenantry.manifest.load import Loaded, load
from tenantry.model.project import Project
from tenantry.operations.errors import InterruptedOperationError, OperationError, StoppedError
from tenantry.operations.importing.compose import Composed, Composing, compose
from tenantry.operations.importing.drafts import TenantDraft, draft_tenants
from tenantry.operations.importing.journal import drop_unfinished, finish_writing, is_unfinished, write_files
from tenantry.operations.importing.known import KnownAccounts, find_known
from tenantry.operations.importing.layers import Layers, derive_layers
from tenantry.operations.importing.mapping import read_mapping
from tenantry.operations.importing.read import SeenAccount, read_accounts
from tenantry.operations.importing.rows import report_accounts, report_drafts, sort_rows
from tenantry.operations.importing.rules import Waive
from tenantry.operations.importing.slugs import assign_slugs
from tenantry.operations.importing.values import ImportedTenant, ImportReport, Row
from tenantry.operations.stack.open import open_stack, read_state_of
from tenantry.twilio.account_directory import LiveAccount
from tenantry.twilio.errors import TwilioError
from tenantry.twilio.http.traffic import Traffic
from tenantry.twilio.session import Session

NEW_STACK = "production"
NOT_EMPTY = (
    "{} holds {} and no tenantry.yaml, so it is neither a project nor an empty folder. Nothing was written. Name the "
    "folder of a project, or an empty one, with -C."
)
READING_ENDED = (
    "Interrupted. Nothing was written, and nothing was changed at Twilio. The same command begins anew; with `--only` "
    "it reads some accounts alone."
)
WRITING_ENDED = (
    "Interrupted while files were put in their places: all of them are kept. The same command finishes that first, and "
    "goes on."
)
_ALLOWED = frozenset({".git", ".venv", ".gitignore", ".gitattributes", "import.yaml", "README.md", "LICENSE"})


@dataclass(frozen=True)
class ImportRequest:
    """What an import was asked for, and what a front door lends it."""

    root: Path
    stack: str | None
    environ: Mapping[str, str]
    today: date
    starter: Mapping[str, bytes]
    """The files of a new project, for an empty folder."""
    executable: frozenset[str] = frozenset()
    """Those of them that are programs."""
    only: tuple[str, ...] = ()
    observe: bool = False
    plans: Literal["auto", "none"] = "auto"
    dry_run: bool = False
    waive: Waive | None = None


@dataclass(frozen=True)
class Imported:
    """The report, what was asked of Twilio, and why the layers are as they are."""

    report: ImportReport
    traffic: Traffic
    layers: Layers
    finished: tuple[str, ...] = ()
    """Files of an earlier import that was killed, which this one put into their places."""
    texts: Mapping[str, str] = field(default_factory=dict)
    """The files that were written, or would be, by their names."""
    is_new: bool = False
    """Whether the folder was empty, so that it is a project since then."""


def import_accounts(request: ImportRequest, on_account: Callable[[int], None] = lambda _: None) -> Imported:
    """Bring in what exists; raises StoppedError, and then nothing was written."""
    finished: tuple[str, ...] = ()
    if is_unfinished(request.root) and not request.dry_run:
        finished = finish_writing(request.root)
    is_new = _is_new(request.root)
    stack = request.stack or (NEW_STACK if is_new else None)
    loaded = load(request.root, stack) if not is_new else None
    _refuse_mistakes(loaded)
    try:
        session = Session.from_env(request.environ)
        session.check_parent(loaded.stack.parent if loaded else None)
        accounts = session.subaccounts.all()
        given = read_mapping(request.root)
        known = find_known(loaded, accounts, _read_state(request, loaded), given) if loaded else _nothing()
        chosen, slugs = _choose(request, accounts, known, given)
        seen = read_accounts(session, chosen, on_account)
    except TwilioError as error:
        raise StoppedError(f"{error} Nothing was written.") from error
    except KeyboardInterrupt:
        raise InterruptedOperationError(READING_ENDED) from None
    drafts = draft_tenants([item for item in seen if not item.unreadable], slugs, observe=request.observe)
    layers = _derive(request, loaded, [draft for draft in drafts if draft.is_readable])
    composing = Composing(request.root, stack, session.parent_sid, loaded, request.starter if is_new else {})
    composed = compose(composing, drafts, layers, given, _by_sid(seen), request.waive, request.today)
    if not request.dry_run and composed.files:
        _write(request, composed)
    rows = [*known.rows, *report_accounts(accounts, seen), *report_drafts(drafts), *composed.rows]
    report = _report(request, session.parent_sid, stack, accounts, known, drafts, composed, rows)
    texts = {name: content.decode() for name, content in composed.files.items() if name not in request.starter}
    return Imported(report, session.traffic, layers, finished, texts, is_new)


def _is_new(root: Path) -> bool:
    """Return whether a folder is empty, or nearly; raises StoppedError for one that is something else."""
    if (root / PROJECT).exists():
        return False
    held = sorted({item.name for item in root.iterdir()} - _ALLOWED) if root.exists() else []
    held = [name for name in held if not name.startswith(".tenantry-import-")]
    if held:
        raise StoppedError(NOT_EMPTY.format(root, ", ".join(held[:3])))
    return True


def _refuse_mistakes(loaded: Loaded | None) -> None:
    """Raise StoppedError for a project with errors, other than that it has no tenant yet."""
    errors = [item for item in loaded.errors if (item.file, item.path) != (PROJECT, "tenants")] if loaded else []
    if errors:
        raise StoppedError("\n".join([*map(str, errors), "Nothing was written. Put that right, and import again."]))


def _read_state(request: ImportRequest, loaded: Loaded | None) -> Sequence[StateResource]:
    """Return the state, where a tenant's account can be known from nothing else; none where it can't be read."""
    adopting = [tenant for tenant in loaded.tenants.values() if tenant.account is not None] if loaded else []
    if loaded is None or len(adopting) == len(loaded.tenants):
        return ()
    try:
        opened = open_stack(request.root, request.stack, request.environ)
        return read_state_of(opened, "", "")
    except OperationError:
        return ()  # then the accounts are found by their names, and doubt is reported


def _nothing() -> KnownAccounts:
    return KnownAccounts({}, frozenset(), ())


def _choose(
    request: ImportRequest, accounts: Sequence[LiveAccount], known: KnownAccounts, given: Mapping[str, str]
) -> tuple[tuple[LiveAccount, ...], Mapping[str, str]]:
    """Return the accounts to bring in, and a slug for each; the slugs don't depend on which are asked for."""
    new = [account for account in accounts if account.status != "closed" and account.sid not in known.skipped]
    slugs = assign_slugs(new, given, known.slugs.values())
    if not request.only:
        return tuple(new), slugs
    wanted = set(request.only)
    chosen = tuple(account for account in new if wanted & {account.sid, account.friendly_name, slugs[account.sid]})
    found = {name for account in chosen for name in (account.sid, account.friendly_name, slugs[account.sid])}
    already = {*known.skipped, *known.slugs.values()}
    missing = sorted(wanted - found - already)
    if missing:
        raise StoppedError(
            f"--only {missing[0]}: no subaccount has this SID, name or slug, or it is closed. Nothing was written."
        )
    return chosen, slugs


def _derive(request: ImportRequest, loaded: Loaded | None, drafts: Sequence[TenantDraft]) -> Layers:
    """Return the layers of new tenants. A `defaults.yaml` would change tenants that are here already, so then there
    is none, nor where only some accounts are looked at: what these share says nothing of the others.
    """
    if request.plans == "none" or _has_layers(request.root):
        return Layers()
    return derive_layers(drafts, plans_only=bool(request.only) or _has_tenants(request.root, loaded))


def _has_tenants(root: Path, loaded: Loaded | None) -> bool:
    """Return whether a project has a manifest already, of this stack or of another, which has the same layers."""
    project = loaded.project if loaded else Project(format=1)
    folders = {project.tenants, *(stack.tenants for stack in project.stacks.values() if stack.tenants)}
    return any(True for folder in folders for _ in (root / folder).rglob("*.yaml"))


def _has_layers(root: Path) -> bool:
    """Return whether people have layers: these are never touched."""
    return (root / DEFAULTS).exists() or any((root / PLANS).glob("*.yaml"))


def _by_sid(seen: Iterable[SeenAccount]) -> Mapping[str, SeenAccount]:
    return {item.account.sid: item for item in seen}


def _write(request: ImportRequest, composed: Composed) -> None:
    try:
        write_files(request.root, composed.files, request.executable)
    except KeyboardInterrupt:
        is_kept = is_unfinished(request.root)
        drop_unfinished(request.root)
        raise InterruptedOperationError(WRITING_ENDED if is_kept else READING_ENDED) from None
    except OSError as error:
        raise StoppedError(
            f"The files can't be written to {request.root}: {error}. Make room, or correct the folder, and import "
            "again: it goes on where it stopped."
        ) from error


def _report(
    request: ImportRequest,
    parent: str,
    stack: str | None,
    accounts: Sequence[LiveAccount],
    known: KnownAccounts,
    drafts: Sequence[TenantDraft],
    composed: Composed,
    rows: Sequence[Row],
) -> ImportReport:
    sids = {account.sid for account in accounts}
    return ImportReport(
        format=1,
        stack=stack,
        parent=parent,
        dry_run=request.dry_run,
        accounts=len(accounts),
        already=len(known.skipped & sids),
        imported=tuple(_describe_tenant(draft, composed) for draft in drafts),
        layers=composed.layers,
        rows=sort_rows(rows),
        files=tuple(sorted(composed.files)),
    )


def _describe_tenant(draft: TenantDraft, composed: Composed) -> ImportedTenant:
    file = composed.manifests[draft.slug]
    return ImportedTenant(
        tenant=draft.slug,
        account_sid=draft.account.sid,
        name=draft.account.friendly_name,
        plan=composed.plans[draft.slug],
        observed=draft.observed,
        objects=len(draft.objects),
        lines=sum(not line.startswith(b"#") for line in composed.files[file].splitlines()),
        file=file,
    )
