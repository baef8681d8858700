"""The trial of an import, before a file of it is written: the whole project beside the real one, read as any other.

Every new tenant, merged over its layers by our own reader, must come to exactly what is live.
"""

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from tenantry.manifest.base import effective, read_layers
from tenantry.manifest.files import CUSTOMERS, DEFAULTS, PLANS, POLICIES, PROFILES, PROJECT, WAIVERS
from tenantry.manifest.load import Loaded, load
from tenantry.manifest.problem import Problem
from tenantry.manifest.yaml.reader import parse
from tenantry.manifest.yaml.tree import plain
from tenantry.model.comparison import find_changes
from tenantry.model.kinds import KINDS
from tenantry.model.resources import Resource, resources_of
from tenantry.operations.errors import StoppedError
from tenantry.operations.importing.drafts import TenantDraft
from tenantry.operations.importing.express import Bases
from tenantry.operations.importing.read import SeenAccount
from tenantry.text.some import first_of
from tenantry.twilio.live import Live

NAMED = 5
CHANGED = (
    "The files that would be written change tenants that are here already: {}. Nothing was written. This is a mistake "
    "of ours: please report it with the layers of this project."
)
UNPROVEN = (
    "What would be written does not come to what Twilio has, for {}. Nothing was written. This is a mistake of ours: "
    "please report it with the layers of this project."
)


@contextmanager
def open_trial(root: Path, tenants: str) -> Iterator[Path]:
    """Yield a folder with a copy of a project's files, which is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="tenantry-import-") as folder:
        for name in (PROJECT, DEFAULTS, PLANS, PROFILES, CUSTOMERS, WAIVERS, POLICIES, tenants):
            if (root / name).is_dir():
                shutil.copytree(root / name, Path(folder, name), ignore=shutil.ignore_patterns("__pycache__", ".venv"))
            elif (root / name).is_file():
                shutil.copy2(root / name, Path(folder, name))
        yield Path(folder)


def put_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a trial."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def read_bases(folder: Path, plans: Sequence[str]) -> Bases:
    """Return what a tenant inherits without a plan, and with each of these."""
    problems: list[Problem] = []
    layers = read_layers(folder, None, problems.append)
    if problems:
        raise StoppedError("\n".join([*map(str, problems), "Nothing was written."]))

    def merge(plan: str | None) -> Mapping[str, Any]:
        node = parse("tenant: x\nname: x\n" + (f"plan: {plan}\n" if plan else ""), "x.yaml").node
        merged = effective(layers, node, problems.append) if node is not None else None
        return plain(merged) if merged is not None else {}

    return {None: merge(None), **{plan: merge(plan) for plan in plans}}


def load_trial(folder: Path, stack: str | None) -> Loaded:
    """Return the project of a trial; raises StoppedError with its mistakes, which are none of what people wrote."""
    loaded = load(folder, stack)
    if loaded.errors:
        raise StoppedError("\n".join([*map(str, loaded.errors), "Nothing was written."]))
    return loaded


def prove(loaded: Loaded, drafts: Sequence[TenantDraft], seen: Mapping[str, SeenAccount], today: date) -> None:
    """Raise StoppedError unless each new tenant, merged, takes over exactly what is live and would change nothing."""
    wrong = [draft.slug for draft in drafts if not _is_proven(loaded, draft, seen[draft.account.sid], today)]
    if wrong:
        raise StoppedError(UNPROVEN.format(first_of(wrong, NAMED)))


def prove_unchanged(loaded: Loaded, before: Loaded | None) -> None:
    """Raise StoppedError where a tenant that a project has already comes to something else with the new files."""
    known = before.tenants if before is not None else {}
    changed = [slug for slug, tenant in sorted(known.items()) if loaded.tenants.get(slug) != tenant]
    if changed:
        raise StoppedError(CHANGED.format(first_of(changed, NAMED)))


def _is_proven(loaded: Loaded, draft: TenantDraft, seen: SeenAccount, today: date) -> bool:
    tenant = loaded.tenants.get(draft.slug)
    if tenant is None or tenant.account is None or tenant.account.adopt != draft.account.sid:
        return False
    live = {item.sid: item for kind in seen.objects for item in seen.objects[kind]}
    resources = [item for item in resources_of(tenant, today, observing=True) if KINDS[item.kind].gateway is not None]
    if not draft.is_readable:
        return True  # nothing is said of what is in it
    taken = [getattr(resource.spec, "adopt", None) for resource in resources]
    if sorted(map(str, taken)) != sorted(draft.objects):
        return False
    return all(_is_as_wanted(resource, live[str(sid)]) for resource, sid in zip(resources, taken, strict=True))


def _is_as_wanted(resource: Resource, live: Live[Any]) -> bool:
    kind, wanted = KINDS[resource.kind], resource.spec.props()
    extras = {name: [item for item in live.spec.props().get(name, ()) if item in wanted[name]] for name in kind.extras}
    has = {**live.spec.props(), **extras}
    links = {name: has.get(name) for name in ("account_sid", *kind.links)}
    return not find_changes(type(resource.spec), has, {**wanted, **links})
