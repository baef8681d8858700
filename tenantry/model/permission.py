"""Permissions of restricted API keys: paths such as /twilio/messaging/messages/create, and named sets of them."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Annotated

from pydantic import Field

from tenantry.model.written import SLUG, Pattern, refusal
from tenantry.text.spelling import closest

# Twilio publishes its permissions as PDFs only: the shape is checked here, and Twilio has the last word (error 70002).
# The known ones are in permissions.txt, good for a warning, never for a refusal.
PATH = r"^/twilio/[a-z0-9-]+/[a-z0-9.-]+/(\*|create|read|list|update|delete)$"
PATH_OR_SET = rf"{PATH}|^@{SLUG[1:]}"
ROOT = "/twilio/"
VERBS = ("create", "read", "list", "update", "delete")
MOST = 100

_SHAPE = "must be a permission such as /twilio/messaging/messages/create"
Permission = Annotated[str, Pattern(PATH, _SHAPE)]
PermissionOrSet = Annotated[str, Pattern(PATH_OR_SET, f"{_SHAPE}, or @ and the name of a permission set")]
PermissionList = Annotated[tuple[Permission, ...], Field(strict=False, min_length=1, max_length=MOST)]


def expand(access: tuple[str, ...], sets: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the permissions, sorted and without repeats, with each `@set` replaced by its permissions."""
    expanded: set[str] = set()
    for item in access:
        expanded.update(_set(item[1:], sets) if item.startswith("@") else [item])
    if len(expanded) > MOST:
        raise refusal(f"comes to {len(expanded)} permissions; Twilio allows {MOST} in a restricted key")
    return tuple(sorted(expanded))


def _set(name: str, sets: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    if name not in sets:
        known = ", ".join(f"@{known}" for known in sorted(sets)) or "none is defined"
        raise refusal(f"names the permission set @{name}, which tenantry.yaml does not define ({known})")
    return sets[name]


@cache
def list_known_permissions() -> frozenset[str]:
    """Return the known permissions, each written out and with its wildcard where it has one."""
    lines = (files("tenantry.model") / "permissions.txt").read_text(encoding="utf-8").splitlines()
    resources = {name: verbs for name, *verbs in map(str.split, lines)}
    return frozenset(
        f"{ROOT}{name}/{verb}"
        for name, verbs in resources.items()
        for verb in (("*", *VERBS) if verbs == ["*"] else verbs)
    )


@cache  # a layer may have it for a thousand tenants
def doubt(permission: str) -> str | None:
    """Return a warning about an unknown permission, or None."""
    if permission in list_known_permissions():
        return None
    known = sorted(path.removeprefix(ROOT) for path in list_known_permissions())
    close = closest(permission.removeprefix(ROOT), known)
    hint = f"; did you mean '{ROOT}{close}'?" if close else "; look it up on Twilio's page of restricted API keys"
    return (
        f"'{permission}' is not a permission that we know, and Twilio refuses a key with one that does not exist{hint}"
    )
