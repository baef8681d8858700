"""What a report is about: which stack of whom, which of its tenants, and what its policies said."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from pydantic import Field

from tenantry.engine.events.event import PolicyViolation
from tenantry.manifest.load import Loaded
from tenantry.operations.up.changes import Reported
from tenantry.reports.changes.lines import many
from tenantry.text.markdown import code, text
from tenantry.text.plain import plain
from tenantry.twilio.credentials import SID, URL

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Scope(Reported):
    """Which tenants a run was for."""

    tenants: int = Field(description="how many")
    every: int = Field(description="how many the stack has")
    changed_since: str | None = Field(description="the commit or branch since which they changed; null if not asked")


class PoliciesResult(Reported):
    """What came of a project's policies."""

    asked: bool = Field(description="false where --no-policies left them out")
    mandatory: int = Field(description="violations that stop a run")
    advisory: int = Field(description="violations that are only told")


@dataclass(frozen=True)
class About:
    """What a report is about besides its stack; None where there is nothing to say."""

    parent: str | None = None
    address: str | None = None
    """Where requests go instead of to Twilio, without user and password."""
    scope: Scope | None = None
    commit: str | None = None
    policies_asked: bool | None = None

    @property
    def whose(self) -> str:
        """Whose Twilio it is: `parent AC…, fake at http://127.0.0.1:8000`."""
        parent = f"parent {self.parent}" if self.parent else "parent not named"
        return plain(", ".join([parent, *([_instead(self.address)] if self.address else [])]))

    def place(self, stack: str) -> str:
        """Return which stack it is, and whose Twilio."""
        return f"stack {plain(stack)}, {self.whose}"

    def line(self, stack: str | None) -> str:
        """Return the first line of a command: `Stack dev, parent AC….`."""
        place = self.place(stack) if stack else f"no stack named, {self.whose}"
        return f"{place[0].upper()}{place[1:]}."

    def policies(self, violations: Iterable[PolicyViolation]) -> PoliciesResult | None:
        """Return what came of the policies, from what a run told; None in a project without any."""
        if self.policies_asked is None:
            return None
        levels = [violation.level for violation in violations]
        return PoliciesResult(
            asked=self.policies_asked, mandatory=levels.count("mandatory"), advisory=levels.count("advisory")
        )


def about(
    loaded: Loaded,
    environ: Mapping[str, str],
    *,
    scope: Scope | None = None,
    commit: str | None = None,
    policies_asked: bool | None = None,
) -> About:
    """Return what a run is about; the environment says where Twilio is, and whose where tenantry.yaml does not."""
    parent = loaded.stack.parent or environ.get(SID, "").strip() or None
    return About(parent, _address(environ.get(URL, "").strip()), scope, commit, policies_asked)


def whose_markdown(told: About) -> str:
    """Return whose Twilio it is for Markdown; the address of a fake as code, so that people can copy it."""
    if told.address is None:
        return text(told.whose)
    before, address, after = told.whose.rpartition(plain(told.address))
    return f"{text(before)} {code(address)}{text(after)}"


def scope_text(scope: Scope) -> str:
    """Return which tenants: `3 of 6 tenants, changed since main`, `all 6 tenants`."""
    since = f", changed since {plain(scope.changed_since)}" if scope.changed_since else ""
    if scope.tenants == scope.every:
        return f"all {many(scope.every, 'tenant')}"
    return f"{scope.tenants:,} of {many(scope.every, 'tenant')}{since}"


def policies_text(result: PoliciesResult) -> str:
    """Return what came of the policies in one line."""
    if not result.asked:
        return "Policies: not asked, for --no-policies was given."
    if not (result.mandatory or result.advisory):
        return "Policies: asked; nothing is against them."
    return f"Policies: asked; {result.mandatory:,} mandatory and {result.advisory:,} advisory violations."


def _address(url: str) -> str | None:
    """Return an address without what may be secret in it."""
    if not url:
        return None
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def _instead(address: str) -> str:
    is_here = urlsplit(address).hostname in _LOOPBACK
    return f"fake at {address}" if is_here else f"not Twilio itself but {address}"
