"""Which tenants a run is for: those that were named, those that changed, or all."""

from dataclasses import dataclass

from tenantry.engine.run.focus import fits
from tenantry.manifest.changed import Changed, changed_since
from tenantry.manifest.git import GitError
from tenantry.manifest.load import Loaded
from tenantry.operations.errors import StoppedError
from tenantry.operations.stack.open import Opened
from tenantry.operations.stack.wanted import Wanted
from tenantry.text.spelling import closest

Focus = frozenset[str] | None
"""The tenants of a run; None is all of them, and what belongs to none or has no manifest any more."""

FEW = 50
"""So many tenants are always worth a focus. Above, a focus on more than half takes longer than none (400 tenants: 399
in focus 49 s, all 37 s; seen with CLI 3.259)."""


@dataclass(frozen=True)
class Chosen:
    """The tenants of a run, and what git found where it was asked."""

    focus: Focus
    changed: Changed | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to run for."""
        return self.focus is not None and not self.focus


def choose_tenants(wanted: Wanted, opened: Opened, closing: tuple[str, ...] = ()) -> Chosen:
    """Return the tenants of a run; raises StoppedError on a name that no tenant has, and where git can't be asked."""
    refuse_unknown(opened.loaded, (*wanted.names, *closing))
    chosen = _choose_named(wanted) if wanted.changed_since is None else _choose_changed(wanted.changed_since, opened)
    passed_over = sorted(set(closing) - chosen.focus) if chosen.focus is not None else []
    if passed_over:
        slug = passed_over[0]
        raise StoppedError(f"--close {slug}: this run is not for {slug}. Choose it too, or all; nothing was changed.")
    return chosen


def refuse_unknown(loaded: Loaded, names: tuple[str, ...]) -> None:
    """Raise StoppedError if there is no tenant of one of these names."""
    for name in names:
        if name not in loaded.tenants:
            close = closest(name, loaded.tenants)
            hint = f"; did you mean '{close}'?" if close else ""
            raise StoppedError(f"There is no tenant '{name}' in {loaded.stack.tenants}/{hint}")


def _choose_named(wanted: Wanted) -> Chosen:
    names = frozenset(wanted.names)
    if not fits(names):
        raise StoppedError(
            f"{len(names)} tenants are more than one run can name. Name fewer, or none, which means all."
        )
    return Chosen(names or None)


def _choose_changed(ref: str, opened: Opened) -> Chosen:
    try:
        changed = changed_since(opened.project.folder, opened.loaded, ref)
    except GitError as error:
        raise StoppedError(str(error)) from error
    return Chosen(changed.slugs if _is_worth_it(changed, len(opened.loaded.tenants)) else None, changed)


def _is_worth_it(changed: Changed, every: int) -> bool:
    """Return whether to run for those that changed alone: the engine compares every resource with every target."""
    if changed.slugs is None or len(changed.slugs) == every:
        return False
    return len(changed.slugs) <= max(FEW, every // 2) and fits(changed.slugs)
