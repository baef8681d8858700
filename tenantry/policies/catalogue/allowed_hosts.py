"""Customer data from Twilio goes only to known hosts."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from tenantry.model.url import host_of
from tenantry.model.written import Pattern
from tenantry.policies.rule import Example, Finding, Parameters, TenantRule
from tenantry.policies.subject import Subject

Host = Annotated[
    str,
    Pattern(
        r"^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*$",
        "must be a host such as hooks.owl.example, or *.owl.example for all hosts below it, in lower case",
    ),
]


class Hosts(Parameters):
    """Which hosts may be called."""

    hosts: Annotated[tuple[Host, ...], Field(strict=False)] = Field(
        default=(), description="hosts beside that of webhooks in tenantry.yaml; *.owl.example is all hosts below it"
    )


def _find_foreign(subject: Subject, parameters: Hosts) -> Iterator[Finding]:
    ours = host_of(subject.stack.webhooks or "")
    allowed = (*parameters.hosts, *([ours] if ours else []))
    for callback in subject.callbacks:
        host = callback.dialled
        if host is None or not any(_fits(host, pattern) for pattern in allowed):
            yield Finding(callback.path, f"sends to {callback.host}, which is not an allowed host")


def _fits(host: str, pattern: str) -> bool:
    return host.endswith(pattern[1:]) if pattern.startswith("*.") else host == pattern


ALLOWED_HOSTS = TenantRule(
    id="allowed-hosts",
    title="Callbacks lead to the host of `webhooks` in tenantry.yaml, or to one that the configuration allows.",
    level="mandatory",
    why=(
        "Errors contain phone numbers and texts of people. A URL with a typing error, or with an abandoned host, "
        "sends them to strangers."
    ),
    mend="write a path below webhooks, add the host to hosts in policies/config.yaml, or waive it for this tenant",
    source=(
        "https://www.twilio.com/docs/usage/webhooks/webhooks-security",
        "https://www.twilio.com/docs/events/webhook-quickstart",
    ),
    example=Example(
        breaks="debugger_webhook: {url: 'https://errors.stranger.example/acme'}\n",
        keeps="debugger_webhook: {url: '/errors/{tenant}'}\n",
    ),
    parameters=Hosts,
    check=_find_foreign,
)
