"""Twilio sends usage and errors of customers only over TLS."""

from collections.abc import Iterator

from tenant_rules.rule import Resource, ResourceRule


def _not_https(resource: Resource) -> Iterator[str]:
    for field, url in _urls(resource):
        if not url.lower().startswith("https://"):
            yield f"{resource.name} sends to {url}, in clear; write {field} as an https:// URL"


def _urls(resource: Resource) -> Iterator[tuple[str, str]]:
    """Yield the URLs of a resource, with what each is called in a manifest."""
    if resource.kind == "UsageTrigger":
        yield "callback_url", resource.props["callback_url"]
    if resource.kind == "EventSink":
        yield "debugger_webhook.url", resource.props["sink_configuration"]["destination"]


HTTPS_URLS = ResourceRule(
    id="https-urls",
    description="Callbacks of usage triggers and debugger webhooks are https.",
    level="mandatory",
    check=_not_https,
)
