"""Which tenants a run is for: those that were named, those that changed, or all."""

from tenantry.cli.options import Wanted
from tenantry.cli.stack import Opened, fail
from tenantry.cli.terminal import tell_lines
from tenantry.engine.run.focus import fits
from tenantry.manifest.changed import Changed, changed_since
from tenantry.manifest.git import GitError
from tenantry.manifest.load import Loaded
from tenantry.text.some import first_of
from tenantry.text.spelling import closest
from tenantry.text.wrapping import sentence

Focus = frozenset[str] | None
"""The tenants of a run; None is all of them, and what belongs to none or has no manifest any more."""

NAMED = 10
FEW = 50
"""So many tenants are always worth a focus. Above, a focus on more than half takes longer than none (400 tenants: 399
in focus 49 s, all 37 s; seen with CLI 3.259)."""


def focus_of(wanted: Wanted, opened: Opened, closing: tuple[str, ...] = ()) -> Focus:
    """Return the tenants of a run and say on stderr what git found; ends the command on a name that no tenant has.

    An empty focus means that there is nothing to run for.
    """
    refuse_unknown(opened.loaded, (*wanted.names, *closing))
    focus = _named(wanted) if wanted.changed_since is None else _changed(wanted.changed_since, opened)
    left_out = sorted(set(closing) - focus) if focus is not None else []
    if left_out:
        fail(f"--close {left_out[0]}: this run is not for {left_out[0]}. Choose it too, or all; nothing was changed.")
    return focus


def refuse_unknown(loaded: Loaded, names: tuple[str, ...]) -> None:
    """End the command if there is no tenant of one of these names."""
    for name in names:
        if name not in loaded.tenants:
            close = closest(name, loaded.tenants)
            hint = f"; did you mean '{close}'?" if close else ""
            fail(f"There is no tenant '{name}' in {loaded.stack.tenants}/{hint}")


def _named(wanted: Wanted) -> Focus:
    names = frozenset(wanted.names)
    if not fits(names):
        fail(f"{len(names)} tenants are more than one run can name. Name fewer, or none, which means all.")
    return names or None


def _changed(ref: str, opened: Opened) -> Focus:
    try:
        found = changed_since(opened.project.folder, opened.loaded, ref)
    except GitError as error:
        fail(str(error))
    every = len(opened.loaded.tenants)
    focus = found.slugs if _is_worth_it(found, every) else None
    tell_lines([sentence(f"Changed since {ref}: {_told(found, focus, every)}")], err=True)
    return focus


def _is_worth_it(found: Changed, every: int) -> bool:
    """Return whether to run for those that changed alone: the engine compares every resource with every target."""
    if found.slugs is None or len(found.slugs) == every:
        return False
    return len(found.slugs) <= max(FEW, every // 2) and fits(found.slugs)


def _told(found: Changed, focus: Focus, every: int) -> str:
    if focus is None:
        because = found.because or (f"{len(found.slugs)} of them changed" if found.slugs else "")
        return f"all tenants ({every}), because {because}."
    if not focus:
        return "no tenant."
    return f"{len(focus)} of {every} tenants: {first_of(sorted(focus), NAMED)}."
