"""Which tenants changed, in words."""

from tenantry.manifest.changed import Changed
from tenantry.text.some import first_of

NAMED = 10


def changed_text(ref: str, changed: Changed, focus: frozenset[str] | None, every: int) -> str:
    """Return which tenants a run is for that was asked for those that changed: `Changed since main: 2 of 6 tenants`."""
    return f"Changed since {ref}: {_focus_text(changed, focus, every)}"


def _focus_text(changed: Changed, focus: frozenset[str] | None, every: int) -> str:
    if focus is None:
        because = changed.because or (f"{len(changed.slugs)} of them changed" if changed.slugs else "")
        return f"all tenants ({every}), because {because}."
    if not focus:
        return "no tenant."
    return f"{len(focus)} of {every} tenants: {first_of(sorted(focus), NAMED)}."
