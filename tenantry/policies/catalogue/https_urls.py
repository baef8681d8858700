"""Twilio sends usage and errors of customers only over TLS, and to URLs that hold no secret."""

from collections.abc import Iterator

from tenantry.policies.rule import Example, Finding, Parameters, TenantRule
from tenantry.policies.subject import Subject


def _find_unsafe(subject: Subject, _parameters: Parameters) -> Iterator[Finding]:
    for callback in subject.callbacks:
        if callback.scheme != "https":
            yield Finding(callback.path, f"sends to {callback.shown}, unencrypted", callback.is_of_base)
        if callback.has_userinfo:
            yield Finding(
                callback.path, f"sends to {callback.shown} with a user or a password in the URL", callback.is_of_base
            )


HTTPS_URLS = TenantRule(
    id="https-urls",
    title="Callbacks are https, without credentials in the URL.",
    level="mandatory",
    why=(
        "Anybody on the network path can read and change unencrypted data. Manifests are in git, and URLs are in the "
        "state, in Twilio and in its logs as they are written."
    ),
    mend="write an https:// URL without user and password, and check Twilio's signature instead",
    source=(
        "https://www.twilio.com/docs/usage/webhooks/webhooks-security",
        "https://www.twilio.com/en-us/blog/best-practices-for-securing-your-twilio-app-html",
    ),
    example=Example(
        breaks="debugger_webhook: {url: 'http://hooks.owl.example/errors/acme'}\n",
        keeps="debugger_webhook: {url: 'https://hooks.owl.example/errors/acme'}\n",
    ),
    parameters=Parameters,
    check=_find_unsafe,
)
