"""What a report is about in words: whose Twilio, which tenants, and what the policies said."""

from urllib.parse import urlsplit

from tenantry.manifest.changed import Changed
from tenantry.operations.stack.about import About, PoliciesResult, Scope
from tenantry.reports.changes.lines import many
from tenantry.text.markdown import code, text
from tenantry.text.plain import plain
from tenantry.text.some import first_of

NAMED = 10
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def describe_owner(about: About) -> str:
    """Return whose Twilio it is: `parent AC…, fake at http://127.0.0.1:8000`."""
    parent = f"parent {about.parent}" if about.parent else "parent not named"
    return plain(", ".join([parent, *([_describe_stand_in(about.address)] if about.address else [])]))


def whose_markdown(about: About) -> str:
    """Return whose Twilio it is for Markdown; the address of a fake as code, so that people can copy it."""
    words = describe_owner(about)
    if about.address is None:
        return text(words)
    before, address, after = words.rpartition(plain(about.address))
    return f"{text(before)} {code(address)}{text(after)}"


def place_text(about: About, stack: str) -> str:
    """Return which stack it is, and whose Twilio."""
    return f"stack {plain(stack)}, {describe_owner(about)}"


def first_line(about: About, stack: str | None) -> str:
    """Return the first line of a command: `Stack dev, parent AC….`."""
    place = place_text(about, stack) if stack else f"no stack named, {describe_owner(about)}"
    return f"{place[0].upper()}{place[1:]}."


def describe_scope(scope: Scope) -> str:
    """Return which tenants: `3 of 6 tenants, changed since main`, `all 6 tenants`."""
    since = f", changed since {plain(scope.changed_since)}" if scope.changed_since else ""
    if scope.tenants == scope.every:
        return f"all {many(scope.every, 'tenant')}"
    return f"{scope.tenants:,} of {many(scope.every, 'tenant')}{since}"


def changed_text(ref: str, changed: Changed, focus: frozenset[str] | None, every: int) -> str:
    """Return which tenants a run is for that was asked for those that changed: `Changed since main: 2 of 6 tenants`."""
    return f"Changed since {ref}: {_describe_focus(changed, focus, every)}"


def policies_text(result: PoliciesResult) -> str:
    """Return what came of the policies in one line."""
    if not result.asked:
        return "Policies: not asked, for --no-policies was given."
    if not (result.mandatory or result.advisory):
        return "Policies: asked; nothing violates them."
    violations = "violation" if result.advisory == 1 else "violations"
    return f"Policies: asked; {result.mandatory:,} mandatory and {result.advisory:,} advisory {violations}."


def _describe_stand_in(address: str) -> str:
    is_loopback = urlsplit(address).hostname in _LOOPBACK
    return f"fake at {address}" if is_loopback else f"not Twilio itself but {address}"


def _describe_focus(changed: Changed, focus: frozenset[str] | None, every: int) -> str:
    if focus is None:
        because = changed.because or (f"{len(changed.slugs)} of them changed" if changed.slugs else "")
        return f"all tenants ({every}), because {because}."
    if not focus:
        return "no tenant."
    return f"{len(focus)} of {every} tenants: {first_of(sorted(focus), NAMED)}."
