"""The URLs that Twilio calls for a tenant."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote, urlsplit

from tenantry.manifest.yaml.tree import Path
from tenantry.model.kinds import CALLING
from tenantry.model.tenant import Tenant
from tenantry.model.url import has_userinfo, host_of

DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Callback:
    """A whole URL, and its path in the manifest. A stack may hold a URL that no manifest could have."""

    path: Path
    url: str
    base: str | None = None
    """`webhooks` of tenantry.yaml."""

    @property
    def scheme(self) -> str:
        return self.url.partition(":")[0].lower()

    @cached_property
    def dialled(self) -> str | None:
        """The host that every client calls, in ASCII and lower case; None where clients don't agree on one."""
        return host_of(self.url)

    @property
    def has_userinfo(self) -> bool:
        """Whether it has a user or a password, even an empty one."""
        return has_userinfo(self.url)

    @property
    def host(self) -> str:
        """The host as it was written, for sentences: in lower case, without port, brackets and last dot."""
        written = self._authority.rpartition("@")[2].lower()
        return re.sub(r"^\[(.*)\](:\d*)?$|:\d*$", r"\1", written).rstrip(".")

    @property
    def meaning(self) -> str:
        """The URL in canonical spelling, without fragment: a receiver can distinguish two URLs only by this."""
        host = self.dialled
        if host is None:
            return self.url
        parts = urlsplit(self.url)
        port = parts.port or DEFAULT_PORTS.get(parts.scheme)
        return f"{host}:{port}{unquote(parts.path).rstrip('/')}?{parts.query}"

    @property
    def is_of_base(self) -> bool:
        """Whether it has its scheme and host from `webhooks`, unless somebody wrote it out."""
        return self.base is not None and self.url.startswith(self.base)

    @property
    def shown(self) -> str:
        """The URL for reports: parts that may hold a secret (user, password, query) are left out."""
        path = re.split(r"[?#]", self.url.partition("//")[2].removeprefix(self._authority))[0]
        return f"{self.scheme}://{self._authority.rpartition('@')[2]}{path}"

    @property
    def _authority(self) -> str:
        return re.split(r"[/?#]", self.url.partition("//")[2])[0]


def callbacks_of(tenant: Tenant, base: str | None) -> Iterator[Callback]:
    """Yield the callbacks of a tenant, kind by kind; `base` is `webhooks` of its stack."""
    for kind in CALLING:
        for key, entry in kind.entries(tenant):
            urls = ((field, getattr(entry, field)) for field in kind.callbacks)
            yield from (Callback(kind.path(key, field), url, base) for field, url in urls if url)
