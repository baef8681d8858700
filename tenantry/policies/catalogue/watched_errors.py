"""Somebody is notified of a tenant's errors before its customers notice them."""

from collections.abc import Iterator

from tenantry.policies.rule import Example, Finding, Parameters, TenantRule
from tenantry.policies.subject import Subject


def _find_unwatched(subject: Subject, _parameters: Parameters) -> Iterator[Finding]:
    if subject.tenant.debugger_webhook is None:
        yield Finding(("debugger_webhook",), "nobody is notified of errors")


WATCHED_ERRORS = TenantRule(
    id="watched-errors",
    title="Every tenant has a debugger webhook.",
    level="advisory",
    why="Twilio sends errors of a subaccount nowhere by itself: sinks and subscriptions belong to each account.",
    mend="have a debugger_webhook in the manifest, its plan or defaults.yaml",
    source=("https://www.twilio.com/docs/messaging/compliance/a2p-10dlc/event-streams-setup",),
    example=Example(breaks="debugger_webhook: null\n", keeps="debugger_webhook: {url: '/errors/{tenant}'}\n"),
    parameters=Parameters,
    check=_find_unwatched,
)
