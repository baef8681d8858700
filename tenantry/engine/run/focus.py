"""A run for chosen tenants only: the engine and the program read the same variable, so they can't differ."""

from __future__ import annotations

from collections.abc import Iterable

# Pulumi takes any flag from the environment since 3.208; this one is `--target`.
TARGET_VARIABLE = "PULUMI_OPTION_TARGET"

CLOSING_VARIABLE = "TENANTRY_CLOSE"
"""Names the tenants, separated by commas, that a run may close; the program reads it."""

VETTED_VARIABLE = "TENANTRY_CLOSE_VETTED"
"""Names those of them that our own commands answer for: `up` has asked the ledger, and a preview closes nothing."""

FLEET = "fleet"
"""The resource that each run registers, whichever tenants it is for."""
# Linux takes 128 KiB for one variable, its name included.
_MOST_CHARACTERS = 128 * 1024 - 1024


def targets_of(slugs: Iterable[str]) -> str:
    """Return the value of PULUMI_OPTION_TARGET for these tenants.

    Whole names only: `**::acme**` would match acme-2 as well, and delete its children (seen with CLI 3.259).
    """
    patterns = [pattern for slug in sorted(set(slugs)) for pattern in (f"**::{slug}", f"**::{slug}/**")]
    return ",".join([*patterns, f"**::{FLEET}"])


def closing_in(named: str) -> frozenset[str]:
    """Return the tenants that a run may close, from the value of CLOSING_VARIABLE; people write it, with blanks too."""
    return frozenset(slug for part in named.split(",") if (slug := part.strip()))


def fits(slugs: Iterable[str]) -> bool:
    """Return whether so many tenants can be targeted: an environment variable has a limit, at some 1,700 long slugs."""
    return len(targets_of(slugs)) < _MOST_CHARACTERS


def slugs_in(targets: str | None) -> frozenset[str] | None:
    """Return the tenants that `targets_of` was given; None when there is no focus, or when the targets are not ours.

    With targets that a user wrote, the program registers everything and the engine touches only what they name.
    """
    if not targets:
        return None
    slugs = frozenset(
        pattern.removeprefix("**::").removesuffix("/**") for pattern in targets.split(",") if pattern.endswith("/**")
    )
    return slugs if set(targets.split(",")) == set(targets_of(slugs).split(",")) else None
