"""Which tenants a change of files concerns: those whose effective manifests differ, or all where code changed.

Manifests and layers are compared by their result, so a tenant that moved between plans, or whose profile is gone,
is found like any other, and a new comment in a plan concerns nobody.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from tenantry.manifest.files import CUSTOMERS, DEFAULTS, PLANS, PROFILES, PROJECT, WAIVERS
from tenantry.manifest.git import base_of, list_changed_files, write_manifests
from tenantry.manifest.load import Loaded, load
from tenantry.text.printable import printable
from tenantry.text.some import and_more

INERT = (
    "*.md",
    "docs/*",
    "schemas/*",
    "tests/*",
    ".github/*",
    ".vscode/*",
    ".idea/*",
    ".gitignore",
    ".gitattributes",
    ".editorconfig",
    "CODEOWNERS",
    "LICENSE*",
)
"""Files that no run reads. Any other file that is no manifest counts as code: a missed tenant is the worse mistake."""
STACK_SETTINGS = "Pulumi.*.yaml"


@dataclass(frozen=True)
class Changed:
    """The tenants that a change concerns; `slugs` is None for all of them, including those without a manifest now."""

    slugs: frozenset[str] | None
    because: str
    """Why it concerns all of them, else empty."""


def changed_since(root: Path, now: Loaded, ref: str) -> Changed:
    """Compare a project with its state when HEAD branched off `ref`, including uncommitted and untracked files.

    `now` is the project as it was loaded, without errors. Raises GitError.
    """
    base = base_of(root, ref)
    with TemporaryDirectory(prefix="tenantry-base-") as folder:
        write_manifests(root, base, Path(folder))
        before = load(Path(folder), now.stack.name)
    files = list_changed_files(root, base)
    if code := [file for file in files if is_code(file, before, now)]:
        return Changed(None, f"{printable(code[0])}{and_more(len(code) - 1)} changed, which may matter to every tenant")
    found = find_changed_tenants(before, now)
    return found if found.slugs is None else Changed(found.slugs | _find_waived(files) & now.tenants.keys(), "")


def find_changed_tenants(before: Loaded, now: Loaded) -> Changed:
    """Compare two states of a project; if the first had errors, all tenants count as changed."""
    if before.errors:
        return Changed(None, f"{before.errors[0].file} had an error, so nothing can be compared")
    if gone := sorted(before.tenants.keys() - now.tenants.keys()):
        return Changed(None, f"the manifest of {gone[0]} is gone or renamed")
    if _gather_shared(before) != _gather_shared(now):
        return Changed(None, f"{PROJECT} changed for every tenant")
    return Changed(frozenset(slug for slug, tenant in now.tenants.items() if before.tenants.get(slug) != tenant), "")


def is_code(file: str, *projects: Loaded) -> bool:
    """Return whether a changed file may change what any tenant gets, other than through its effective manifest."""
    tenants = {name for project in projects for name in _find_tenant_folders(project)}
    folders = {PLANS, PROFILES, CUSTOMERS, WAIVERS, *tenants}
    if file in (PROJECT, DEFAULTS) or any(file.startswith(f"{folder}/") for folder in folders):
        return False
    if fnmatchcase(file, STACK_SETTINGS):
        return file in {f"Pulumi.{project.stack.name}.yaml" for project in projects}
    return not any(fnmatchcase(file, pattern) for pattern in INERT)


def _find_waived(files: Iterable[str]) -> frozenset[str]:
    """Return the tenants whose waivers changed: policies must check them again."""
    return frozenset(PurePosixPath(file).stem for file in files if file.startswith(f"{WAIVERS}/"))


def _find_tenant_folders(loaded: Loaded) -> set[str]:
    named = {loaded.project.tenants, *(entry.tenants for entry in loaded.project.stacks.values() if entry.tenants)}
    return {PurePosixPath(name).as_posix() for name in named}


def _gather_shared(loaded: Loaded) -> tuple[object, ...]:
    """Return the settings of tenantry.yaml for the program itself; the others reach tenants through their manifests."""
    known = {"tenants", "webhooks", "permission_sets", "stacks", "statements", "ledger"}
    return loaded.stack.parent, loaded.project.model_dump(exclude=known)
