"""What a report is about: which stack of whom, which of its tenants, and what its policies said."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from pydantic import Field

from tenantry.engine.events.event import PolicyViolation
from tenantry.engine.state.deployment import StateResource
from tenantry.manifest.load import Loaded
from tenantry.operations.reported import Reported
from tenantry.text.plain import plain
from tenantry.twilio.credentials import SID
from tenantry.twilio.http.shown_address import address_from, of_a_fake


class Scope(Reported):
    """Which tenants a run was for."""

    tenants: int = Field(description="how many")
    every: int = Field(description="how many the stack has")
    changed_since: str | None = Field(description="the commit or branch since which they changed; null if not asked")


class PoliciesResult(Reported):
    """What came of a project's policies."""

    asked: bool = Field(description="false where --no-policies left them out")
    mandatory: int = Field(description="violations that stop a run")
    advisory: int = Field(description="advisory violations, which stop nothing")


@dataclass(frozen=True)
class About:
    """What a report is about besides its stack; None where there is nothing to say."""

    parent: str | None = None
    address: str | None = None
    """Where requests go instead of to Twilio, without user and password."""
    scope: Scope | None = None
    commit: str | None = None
    policies_asked: bool | None = None

    def policies(self, violations: Iterable[PolicyViolation]) -> PoliciesResult | None:
        """Return what came of the policies, from the violations of a run; None in a project without any."""
        if self.policies_asked is None:
            return None
        levels = [violation.level for violation in violations]
        return PoliciesResult(
            asked=self.policies_asked, mandatory=levels.count("mandatory"), advisory=levels.count("advisory")
        )


def describe_run(
    loaded: Loaded,
    environ: Mapping[str, str],
    *,
    scope: Scope | None = None,
    commit: str | None = None,
    policies_asked: bool | None = None,
) -> About:
    """Return what a run is about; the environment says where Twilio is, and whose where tenantry.yaml does not."""
    parent = loaded.stack.parent or environ.get(SID, "").strip() or None
    return About(parent, address_from(environ), scope, commit, policies_asked)


def make_scope(loaded: Loaded, slugs: Collection[str] | None, changed_since: str | None) -> Scope:
    """Return which tenants of a stack a run is for; None is all."""
    every = len(loaded.tenants)
    return Scope(tenants=every if slugs is None else len(slugs), every=every, changed_since=changed_since)


def hint_at_fake(state: Iterable[StateResource] | None, environ: Mapping[str, str]) -> str:
    """Return what to do, on a line of its own, where the last run of a stack went to a fake; empty where it did not."""
    fleet = next((resource for resource in state or () if resource.kind == "fleet"), None)
    address = fleet.inputs.get("address") if fleet else None
    if not fleet or not address:
        return ""
    now = address_from(environ) or "Twilio itself"
    asked = "" if now == address else f" Now {now} was asked."
    return f"\n{plain(of_a_fake(str(fleet.outputs.get('account_sid')), address))}.{asked}"
