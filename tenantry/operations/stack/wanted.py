"""Which tenants a person asked for."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Wanted:
    """The tenants that a run was asked for: by their names, or by what changed since a commit; all if neither."""

    names: tuple[str, ...] = ()
    changed_since: str | None = None
