"""The URLs that Twilio calls for a tenant."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from tenantry.manifest.node import Path
from tenantry.rules.subject import Subject


@dataclass(frozen=True)
class Callback:
    """A whole URL, and where the manifest has it."""

    path: Path
    url: str
    base: str | None = None
    """`webhooks` of tenantry.yaml."""

    @property
    def parts(self) -> SplitResult:
        return urlsplit(self.url)

    @property
    def host(self) -> str:
        """The host, in lower case and without the last dot."""
        return (self.parts.hostname or "").rstrip(".")

    @property
    def is_of_base(self) -> bool:
        """Whether it has its scheme and host from `webhooks`, unless somebody wrote it out."""
        return self.base is not None and self.url.startswith(self.base)

    @property
    def shown(self) -> str:
        """The URL as it may be told: what may hold a secret (user, password, query) is left out."""
        parts = self.parts
        where = parts.netloc.rpartition("@")[2]
        return f"{parts.scheme}://{where}{parts.path}"


def callbacks_of(subject: Subject) -> Iterator[Callback]:
    """Yield the callbacks of a tenant's usage triggers, then its debugger webhook."""
    tenant, base = subject.tenant, subject.stack.webhooks
    for key, trigger in sorted(tenant.usage_triggers.items()):
        yield Callback(("usage_triggers", key, "callback_url"), trigger.callback_url, base)
    if tenant.debugger_webhook is not None:
        yield Callback(("debugger_webhook", "url"), tenant.debugger_webhook.url, base)
